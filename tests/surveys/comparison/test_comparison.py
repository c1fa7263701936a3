"""Those who wait are asked twice, with consent; who says no, or gets a place, leaves, and nothing of theirs stays."""

from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from courses.booking.bookings.models import Booking
from courses.booking.bookings.rules import BookingState
from courses.facts import BookingConfirmed
from courses.programme.events.models import Event
from lms.jobs.services import carry_out
from lms.kit.errors import Conflict
from lms.mail.models import OutboxLetter
from lms.mail.rules import LetterState
from lms.people.models import Person
from lms.policies.queries import policy_in_force
from surveys.answers.models import Draft
from surveys.comparison.checks import compared_wrongly
from surveys.comparison.queries import GOT_A_PLACE, SAID_NO, SoFar, asked_of_waiting, so_far
from surveys.comparison.services import compare_course, compare_no_more, forget_consents, say_consent
from surveys.invitations.consent.models import Consent
from surveys.invitations.models import Answered, Invitation
from surveys.letting_out.services import let_out
from surveys.pairs.models import PracticeAnswer, PracticeSheet, SealedPractice
from surveys.pairs.rules import Side
from surveys.personal_data import erase, export
from surveys.sending.jobs import ask_people
from surveys.stages.rules import FIRST_WAITING, LAST_WAITING, Stage
from tests.conftest import Clock
from tests.moments import NOW
from tests.surveys.conftest import Asking
from tests.surveys.test_anonymity import CODE, after, asked, everything


def waits(asking: Asking, event: Event, person: Person | None = None) -> Booking:
    person = person or asking.make.person()
    booking = Booking(
        event_id=event.id,
        person_id=person.id,
        agency_id=person.agency_id,
        policy_version_id=policy_in_force(asking.work.session, NOW).id,
        state=BookingState.WAITING,
        booked_at=event.starts_at - timedelta(days=20),
        queued_at=event.starts_at - timedelta(days=20),
        free_until=event.free_until,
    )
    asking.work.session.add(booking)
    asking.work.session.flush()
    return booking


def compared(asking: Asking, people: int) -> tuple[Event, list[Booking]]:
    """An event of a course whose waiting list is asked, and who waits for it; they have their letters."""
    event = asking.event(capacity=1)
    before = asking.at(event.starts_at - timedelta(days=19))
    compare_course(before, event.course_id)
    bookings = [waits(asking, event) for _ in range(people)]
    carry_out(before, ask_people)
    carry_out(asking.at(event.starts_at - timedelta(days=5)), ask_people)
    return event, bookings


def say(asking: Asking, event: Event, stage: Stage, numbers: list[int]) -> None:
    """0: they do not answer."""
    for invitation, number in zip(asked(asking.work.session, event, stage), numbers, strict=True):
        at = asking.at((invitation.sent_at or NOW) + timedelta(hours=1))
        if number and stage is FIRST_WAITING:
            say_consent(at, invitation, is_given=True)
        if number:
            asking.answer(invitation, {CODE: {"1": number, "2": number}})


def lapse(asking: Asking, event: Event, bookings: list[Booking]) -> None:
    """The register is finalised: nobody waits for the event any more."""
    for each in bookings:
        if each.state is BookingState.WAITING:
            each.state, each.cancelled_at = BookingState.LAPSED, event.ends_at
    asking.finalise(event)
    carry_out(asking.at(event.ends_at), ask_people)


def gets_a_place(asking: Asking, person: Person, course: Any, days: int) -> Booking:
    """At another event of the course, so many days after."""
    other = asking.event(course=course)
    other.starts_at, other.ends_at = other.starts_at + timedelta(days=days), other.ends_at + timedelta(days=days)
    return asking.booking(other, person, outcome=None)


def waited(session: Session) -> list[tuple[int | None, int | None, int | None]]:
    rows = session.execute(
        sa.select(PracticeAnswer.before, PracticeAnswer.on_the_day, PracticeAnswer.after)
        .join(PracticeSheet)
        .where(PracticeSheet.side == Side.WAITED, PracticeAnswer.item == 1)
    )
    return sorted((tuple(row) for row in rows), key=str)


def number(session: Session, model: Any) -> int:
    return session.scalar(sa.select(sa.func.count()).select_from(model)) or 0


def test_who_waits_and_agrees_is_asked_twice_and_comes_out_like_every_pair(session: Session, asking: Asking) -> None:
    """Of nine: six answer twice, one once, one gets a place in between, and one never answers the letter."""
    event, bookings = compared(asking, 9)
    letters = session.scalars(sa.select(OutboxLetter.kind).where(OutboxLetter.kind.like("surveys.wait%"))).all()
    assert letters == ["surveys.waiting"] * 9
    say(asking, event, FIRST_WAITING, [1, 2, 3, 4, 5, 6, 7, 8, 0])
    let_out(asking.at(after(event, 1)))
    assert (number(session, SealedPractice), number(session, Draft)) == (8, 0)
    lapse(asking, event, bookings)
    assert len(asked(session, event, LAST_WAITING)) == 8
    placed = gets_a_place(asking, bookings[7].person, event.course, 60)
    asking.at(after(event, 20)).tell(BookingConfirmed(placed.id, placed.event_id, placed.person_id, was_waiting=False))
    assert number(session, SealedPractice) == 7  # theirs is deleted at once
    carry_out(asking.at(after(event, 93)), ask_people)
    say(asking, event, LAST_WAITING, [2, 2, 3, 3, 5, 5, 0, 0])
    assert so_far(session, event.course_id) == SoFar(8, 7, 7, 7, 6)
    assert list(compared_wrongly(asking.at(after(event, 94)))) == []
    let_out(asking.at(after(event, 130)))
    assert number(session, SealedPractice) == 0
    assert waited(session) == []  # the half-year is open: as of those who came, these wait for more
    let_out(asking.at(after(event, 300)))
    assert waited(session) == sorted(
        [(1, None, 2), (2, None, 2), (3, None, 3), (4, None, 3), (5, None, 5), (6, None, 5)], key=str
    )
    tables = everything(session)
    assert {row["side"] for row in tables["survey_practice_sheet"]} == {"waited"}
    assert not any(set(row) & {"event_id", "agency_id", "sector_id"} for row in tables["survey_practice_sheet"])
    assert not tables["survey_answer_sheet"]  # nothing else was asked
    [told] = asked_of_waiting(session)
    assert (told.asked, told.left) == (9, 1)


def test_fewer_than_five_who_waited_never_come_out_alone(session: Session, asking: Asking) -> None:
    event, bookings = compared(asking, 4)
    say(asking, event, FIRST_WAITING, [1, 2, 3, 4])
    lapse(asking, event, bookings)
    let_out(asking.at(after(event, 15)))
    carry_out(asking.at(after(event, 93)), ask_people)
    say(asking, event, LAST_WAITING, [2, 3, 4, 5])
    for days in (130, 300, 600):
        let_out(asking.at(after(event, days)))
    assert waited(session) == []


def test_a_no_deletes_what_was_answered_and_asks_no_more(session: Session, asking: Asking) -> None:
    event, bookings = compared(asking, 3)
    say(asking, event, FIRST_WAITING, [5, 6, 7])
    first, second, third = asked(session, event, FIRST_WAITING)
    say_consent(asking.at(event.starts_at - timedelta(days=3)), first, is_given=False)
    assert number(session, Draft) == 2
    assert (first.withdrawn_reason, bookings[0].state) == (SAID_NO, BookingState.WAITING)
    with pytest.raises(Conflict, match="deleted"):
        say_consent(asking.at(event.starts_at - timedelta(days=2)), first, is_given=True)
    lapse(asking, event, bookings)
    let_out(asking.at(after(event, 1)))
    say_consent(asking.at(after(event, 2)), second, is_given=False)
    assert number(session, SealedPractice) == 1
    carry_out(asking.at(after(event, 93)), ask_people)
    assert [each.booking_id for each in asked(session, event, LAST_WAITING) if each.sent_at] == [third.booking_id]


def test_without_a_yes_nothing_can_be_answered(session: Session, asking: Asking) -> None:
    event, _ = compared(asking, 1)
    [invitation] = asked(session, event, FIRST_WAITING)
    with pytest.raises(Conflict, match="said yes"):
        asking.answer(invitation, {CODE: {"1": 5, "2": 5}})


def test_asked_once_for_a_course_and_never_with_a_place_or_where_it_is_off(session: Session, asking: Asking) -> None:
    event, [booking, *_] = compared(asking, 2)
    again = asking.event(course=event.course, capacity=1)
    elsewhere = asking.event(title="Neglect", capacity=1)
    waits(asking, again, booking.person)
    waits(asking, elsewhere)
    holder = asking.booking(again, outcome=None).person
    waits(asking, event, holder)
    waits(asking, event, asking.make.person(email=""))
    carry_out(asking.at(event.starts_at - timedelta(days=4)), ask_people)
    assert len(asked(session, event, FIRST_WAITING)) == 2
    assert asked(session, again, FIRST_WAITING) + asked(session, elsewhere, FIRST_WAITING) == []
    compare_no_more(asking.at(event.starts_at - timedelta(days=4)), event.course_id)
    waits(asking, event)
    carry_out(asking.at(event.starts_at - timedelta(days=4)), ask_people)
    assert len(asked(session, event, FIRST_WAITING)) == 2


def test_the_check_finds_who_is_compared_and_must_not_be(session: Session, asking: Asking) -> None:
    event, bookings = compared(asking, 2)
    say(asking, event, FIRST_WAITING, [5, 6])
    lapse(asking, event, bookings)
    gets_a_place(asking, bookings[0].person, event.course, 40)  # as an import would: nobody is told
    session.execute(sa.update(Consent).where(Consent.booking_id == bookings[1].id).values(is_given=False))
    now = asking.at(after(event, 10))
    found = list(compared_wrongly(now))
    assert sum(" has got a place" in each for each in found) == 2
    assert sum(" said no" in each for each in found) == 2
    assert sum("without consent" in each for each in found) == 1
    carry_out(now, ask_people)
    assert list(compared_wrongly(now)) == []
    reasons = set(session.scalars(sa.select(Invitation.withdrawn_reason).where(Invitation.withdrawn_at.is_not(None))))
    assert reasons == {GOT_A_PLACE, SAID_NO}


def test_whose_data_are_erased_leaves_nothing_behind(session: Session, asking: Asking) -> None:
    event, bookings = compared(asking, 2)
    say(asking, event, FIRST_WAITING, [5, 6])
    let_out(asking.at(after(event, 1)))
    person = bookings[0].person
    told = export(asking.work, person.id)["asked while waiting, to compare"]
    assert [each.partition(",")[0] for each in told] == ["Yes"]
    erase(asking.at(after(event, 2)), person.id)
    assert (number(session, SealedPractice), number(session, Consent)) == (1, 1)
    assert forget_consents(asking.at(after(event, 360))) == 0
    assert forget_consents(asking.at(after(event, 366))) == 1
    assert number(session, Consent) == 0


def test_only_the_button_says_yes_or_no(client: FlaskClient, session: Session, asking: Asking, clock: Clock) -> None:
    """Mail scanners open every link of the letter."""
    event, bookings = compared(asking, 2)
    clock.now = event.starts_at - timedelta(days=4)
    first, second = asked(session, event, FIRST_WAITING)
    session.execute(sa.update(OutboxLetter).values(state=LetterState.SENT, sent_at=clock.now))
    asking.make.commit()
    link = asking.link(first)
    assert client.get(link).headers["Location"].endswith(f"{link}/waiting")
    for _ in range(2):
        html = client.get(f"{link}/waiting").text
        assert "your turn on the waiting list stays the same" in html
    assert number(session, Consent) == 0
    nothing = client.post(f"{link}/waiting", data={})
    assert (nothing.status_code, number(session, Consent)) == (422, 0)
    client.post(f"{link}/waiting", data={"answer": "yes"})
    questions = client.get(link).text
    assert "How confident are you to" in questions
    assert "In your own words" not in questions
    assert "has not changed" in client.post(f"{asking.link(second)}/waiting", data={"answer": "no"}).text
    session.expire_all()
    assert [each.state for each in bookings] == [BookingState.WAITING] * 2
    assert client.get(asking.link(second)).status_code == 404
    assert "May we ask you" in client.get(f"{asking.link(second)}/waiting").text  # a slip can be put right
    client.post(f"{asking.link(second)}/waiting", data={"answer": "yes"})
    assert client.get(asking.link(second)).status_code == 200
    assert number(session, Answered) == 0
