"""An event is moved onto something else that somebody has: they, trainers and the office read it, with a way out."""

from collections.abc import Callable
from datetime import timedelta

import sqlalchemy as sa
from flask.testing import FlaskClient

from courses.booking.bookings.clashing.queries import own_clashes
from courses.booking.bookings.rules import BookingRequest
from courses.booking.bookings.services import book_place, cancel_booking
from courses.programme.events.models import Event
from courses.programme.events.rules import EventDetails, PlannedDay
from courses.programme.events.services import change_event, move_event, postpone_event
from lms.frame.access import Actor, Role
from lms.frame.work import Work
from lms.mail.models import OutboxLetter
from lms.mail.rules import LetterState
from lms.people.models import Person
from tests.make import Make
from tests.moments import NOW

PLAIN = BookingRequest(manager_name="Bo Ashgrove", manager_email="bo@ashgrove.example")
THREE_WEEKS = timedelta(days=21)


def moved(event: Event, ahead: timedelta, link: str = "") -> list[PlannedDay]:
    return [PlannedDay(day.starts_at + ahead, day.ends_at + ahead, 0, day.venue_id, link) for day in event.days]


def have_left(work: Work) -> None:
    gone = {"state": LetterState.SENT, "sent_at": work.now}
    work.session.execute(sa.update(OutboxLetter).where(OutboxLetter.state == LetterState.WAITING).values(gone))


def clash_in(work: Work, kind: str, person: Person) -> str:
    """What the letter that still waits for somebody says that they have besides."""
    waiting = sa.select(OutboxLetter).where(
        OutboxLetter.kind == f"courses.{kind}",
        OutboxLetter.person_id == person.id,
        OutboxLetter.state == LetterState.WAITING,
    )
    return str(work.session.scalars(waiting).one().context.get("clash", ""))


def test_whoever_is_moved_onto_another_booking_reads_it_wherever_they_look_and_can_leave_free_of_charge(
    sign_in: Callable[[Person], FlaskClient], office: Work, make: Make
) -> None:
    event, other = (
        make.event(starts=NOW + timedelta(days=4)),
        make.event(make.course("Neglect"), starts=NOW + THREE_WEEKS),
    )
    person, free = make.person(), make.person("Tobiah Wren")
    booking, theirs = (book_place(office, each.id, person, PLAIN) for each in (event, other))
    book_place(office, event.id, free, PLAIN)
    have_left(office)
    move_event(office, event.id, moved(event, THREE_WEEKS - timedelta(days=4)), despite_clashes=True)
    assert clash_in(office, "event_moved", person).startswith("Neglect, ")
    assert clash_in(office, "event_moved", free) == ""
    make.commit()
    browser = sign_in(person)
    learning = browser.get("/my").text
    assert learning.count("At the same time:") == 2, "at both"
    assert "This one is free of charge until" in learning
    assert "At the same time:" in browser.get(f"/bookings/{booking.id}").text
    assert "At the same time:" in browser.get(f"/bookings/{theirs.id}").text
    assert "At the same time:" not in sign_in(free).get("/my").text
    desk = sign_in(make.coordinator()).get(f"/events/{event.id}/bookings").text
    assert desk.count("At the same time:") == 1
    cancel_booking(Work(office.session, Actor(person.name, person.id), NOW + timedelta(hours=2), office.site), booking)
    assert "is_late" not in {name for name, value in _cancelled(office).items() if value}
    assert own_clashes(office.session, person.id, NOW) == {}


def _cancelled(work: Work) -> dict[str, object]:
    return (
        work.session.scalars(sa.select(OutboxLetter).where(OutboxLetter.kind == "courses.booking_cancelled"))
        .one()
        .context
    )


def test_a_clash_is_said_too_where_the_letter_was_not_about_the_time_alone(office: Work, make: Make) -> None:
    """Moved, and before that letter left the link changed: the one letter that goes still says it. And who had not
    heard that they had a place reads it with that."""
    event, other = make.event(), make.event(make.course("Neglect"), starts=NOW + THREE_WEEKS)
    person, late = make.person(), make.person("Tobiah Wren")
    for each in (event, other):
        book_place(office, each.id, person, PLAIN)
    have_left(office)
    for each in (event, other):
        book_place(office, each.id, late, PLAIN)
    move_event(office, event.id, moved(event, other.starts_at - event.starts_at), despite_clashes=True)
    move_event(office, event.id, moved(event, timedelta(0), "https://meet.example/new"), despite_clashes=True)
    assert clash_in(office, "event_moved", person).startswith("Neglect, ")
    firsts = sa.select(OutboxLetter).where(
        OutboxLetter.kind == "courses.booking_confirmed",
        OutboxLetter.event_id == event.id,
        OutboxLetter.state == LetterState.WAITING,
    )
    assert office.session.scalars(firsts).one().context["clash"].startswith("Neglect, ")


def test_a_trainer_reads_what_else_they_have_in_the_letter_and_on_their_pages(
    sign_in: Callable[[Person], FlaskClient], office: Work, make: Make
) -> None:
    trainer = make.person("Denzil Marrowby", roles=(Role.TRAINER,))
    event, other = make.event(trainers=[trainer]), make.event(make.course("Neglect"), starts=NOW + THREE_WEEKS)
    change_event(office, other.id, EventDetails(trainer_ids=(trainer.id,)))
    have_left(office)
    move_event(office, event.id, moved(event, other.starts_at - event.starts_at), despite_clashes=True)
    assert clash_in(office, "event_for_trainer", trainer).endswith("(as a trainer)")
    make.commit()
    browser = sign_in(trainer)
    assert browser.get("/my-events").text.count("At the same time:") == 2
    assert "At the same time:" in browser.get(f"/my-events/{event.id}").text
    office_page = sign_in(make.coordinator()).get(f"/events/{event.id}/manage").text
    assert "and Denzil Marrowby are taken on" in office_page, "and the room"
    postpone_event(office, other.id)
    assert own_clashes(office.session, trainer.id, NOW) == {}


def test_whoever_comes_to_one_and_trains_at_the_other_has_a_clash(office: Work, make: Make) -> None:
    person = make.person("Denzil Marrowby")
    event, other = make.event(), make.event(make.course("Neglect"), trainers=[person])
    office.session.flush()
    book_place(office, event.id, person, PLAIN)
    clashes = own_clashes(office.session, person.id, NOW)
    assert clashes[event.id].endswith("(as a trainer)")
    assert not clashes[other.id].endswith("(as a trainer)")


def test_a_room_that_is_taken_twice_stands_on_the_page_of_both(
    sign_in: Callable[[Person], FlaskClient], office: Work, make: Make
) -> None:
    room = make.venue("Thornmere Library, Larkham")
    event, other = make.event(), make.event(make.course("Neglect"))
    for each in (event, other):
        each.days[0].venue = room
    make.commit()
    desk = sign_in(make.coordinator())
    for each in (event, other):
        assert "Thornmere Library, Larkham is taken on" in desk.get(f"/events/{each.id}/manage").text
