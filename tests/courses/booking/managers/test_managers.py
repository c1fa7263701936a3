"""Line managers without an account: one letter a day, and by its links what they can do, in their own name."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from courses.booking.bookings.asking.letters import approval_token
from courses.booking.bookings.letters import manager_token
from courses.booking.bookings.models import Booking
from courses.booking.bookings.rules import BookingRequest, BookingSource, BookingState
from courses.booking.bookings.services import book_place, cancel_booking
from courses.programme.events.models import Event
from courses.programme.events.rules import PlannedDay
from courses.programme.events.services import move_event
from lms.frame.access import Actor
from lms.frame.work import Work
from lms.mail.delivery import deliver_due
from lms.mail.models import OutboxLetter
from lms.mail.rules import LetterState
from tests.make import Make
from tests.moments import NOW
from tests.queries import counted_queries

S = BookingState
BO = "bo@rvch.example"
MANAGED = BookingRequest(manager_name="Bo Ashgrove", manager_email=BO, clash_reason="Needed")
MORNING = datetime(2026, 3, 17, 8, tzinfo=UTC)


def read_by_bo(app: Flask, work: Work, at: datetime) -> list[tuple[str, str]]:
    """What they read, as (subject, about), once all that is due then has been delivered."""
    work.session.commit()
    deliver_due(app, lambda: at)
    work.session.rollback()
    sent = sa.select(OutboxLetter).where(OutboxLetter.sent_to == BO).order_by(OutboxLetter.id)
    return [(each.subject, each.context.get("about", "")) for each in work.session.scalars(sent)]


def last_letters(work: Work, kind: str) -> list[OutboxLetter]:
    query = sa.select(OutboxLetter).where(OutboxLetter.kind == f"courses.{kind}").order_by(OutboxLetter.id)
    return list(work.session.scalars(query))


def test_what_happens_in_a_day_is_one_letter_in_the_morning_and_true_then(app: Flask, office: Work, make: Make) -> None:
    event = make.event()
    first, second, third = (book_place(office, event.id, make.person(name), MANAGED) for name in ("A", "B", "C"))
    cancel_booking(replace(office, now=NOW + timedelta(hours=2)), third)
    assert read_by_bo(app, office, NOW + timedelta(hours=3)) == []
    told = read_by_bo(app, office, MORNING)
    assert {subject for subject, _ in told} == {"3 of your staff: training booked or changed"}
    assert [about for _, about in told] == ["booking_confirmed", "booking_confirmed", "booking_cancelled"]
    assert {first.state, second.state} == {S.CONFIRMED}


def test_that_an_event_moved_reaches_them_on_the_morning_after(app: Flask, office: Work, make: Make) -> None:
    event = make.event()
    book_place(office, event.id, make.person("A"), MANAGED)
    assert read_by_bo(app, office, MORNING)[-1][1] == "booking_confirmed"
    moved = replace(office, now=MORNING + timedelta(hours=2))
    ahead = timedelta(days=7)
    days = [PlannedDay(day.starts_at + ahead, day.ends_at + ahead, 0, day.venue_id) for day in event.days]
    move_event(moved, event.id, days)
    assert read_by_bo(app, office, MORNING + timedelta(days=1))[-1][1] == "event_moved"


def test_what_concerns_the_next_48_hours_goes_at_once(app: Flask, office: Work, make: Make) -> None:
    near = book_place(office, make.event(starts=NOW + timedelta(hours=40)).id, make.person("B"), MANAGED)
    own = book_place(office, make.event().id, make.person("C"), MANAGED)
    assert [about for _, about in read_by_bo(app, office, NOW)] == ["booking_confirmed"]
    (copy,) = [each for each in last_letters(office, "managers_copy") if each.state is LetterState.SENT]
    assert (copy.booking_id, own.id != near.id) == (near.id, True)


def test_who_agrees_by_the_link_hears_at_once_what_came_of_it(
    app: Flask, office: Work, make: Make, client: FlaskClient
) -> None:
    person = make.person("Amara")
    event = make.event(make.course(needs_approval=True))
    themselves = replace(office, actor=Actor(person.name, person.id))
    booking = book_place(themselves, event.id, person, MANAGED)
    token, approval = manager_token(office, booking), approval_token(office, booking)
    make.commit()
    assert "You are asked to agree." in client.get(f"/managers/{token}").text
    assert client.post(f"/approvals/{approval}", data={"answer": "agree"}).status_code == 303
    office.session.rollback()
    (copy,) = last_letters(office, "managers_copy")
    assert (copy.due_at, copy.gathers) == (copy.created_at, "")


def test_looking_changes_nothing_and_shows_only_who_named_them(client: FlaskClient, office: Work, make: Make) -> None:
    event, other = make.event(), replace(MANAGED, manager_email="else@rvch.example")
    mine = book_place(office, event.id, make.person("Amara Fenwick-Osei"), MANAGED)
    book_place(office, event.id, make.person("Tobiah Hanley-Roe"), MANAGED)
    book_place(office, event.id, make.person("Kezia Lanercoste"), other)
    token, count = manager_token(office, mine), len(last_letters(office, "booking_cancelled"))
    make.commit()
    for path in ("", "/cannot-come", "/colleague"):
        page = client.get(f"/managers/{token}{path}")
        assert page.status_code == 200
        assert "Kezia Lanercoste" not in page.text
    assert "Tobiah Hanley-Roe" in client.get(f"/managers/{token}").text
    office.session.rollback()
    assert (mine.state, len(last_letters(office, "booking_cancelled"))) == (S.CONFIRMED, count)
    mine.manager_email = "another@rvch.example"
    make.commit()
    assert client.get(f"/managers/{token}").status_code == 404, "someone else is their line manager now"


def test_the_page_asks_the_database_the_same_however_many_name_them(
    app: Flask, client: FlaskClient, office: Work, make: Make
) -> None:
    mine = book_place(office, make.event().id, make.person("Amara"), MANAGED)
    approved, agency = make.course(needs_approval=True), make.agency("Elsewhere")
    venues = [make.venue(f"Hall {number}") for number in range(6)]

    def others(number: int) -> None:
        for place in range(number):
            event = make.event(approved if place % 2 else None, venue=venues[place])
            person = make.person(f"Person {place}", agency=agency)
            book_place(replace(office, actor=Actor(person.name, person.id)), event.id, person, MANAGED)
        make.commit()

    token = manager_token(office, mine)
    others(2)
    with app.app_context():
        engine = app.extensions["sqlalchemy"].engine
    client.get(f"/managers/{token}")
    with counted_queries(engine) as few:
        client.get(f"/managers/{token}")
    others(6)
    with counted_queries(engine) as many:
        assert client.get(f"/managers/{token}").text.count("You are asked to agree.") == 4
    assert len(many) == len(few) > 0


def test_somebody_who_left_while_they_wait_does_not_close_the_page_for_the_others(
    client: FlaskClient, office: Work, make: Make
) -> None:
    mine, gone = book_place(office, make.event().id, make.person("Amara"), MANAGED), make.person("Long Gone")
    event = make.event(make.course(needs_approval=True))
    waits = book_place(replace(office, actor=Actor(gone.name, gone.id)), event.id, gone, MANAGED)
    gone.left_on = NOW.date()
    token = manager_token(office, mine)
    make.commit()
    assert waits.state is S.AWAITING_MANAGER
    assert client.get(f"/managers/{token}").status_code == 200


def test_they_say_that_somebody_cannot_come_and_the_link_says_so_afterwards(
    client: FlaskClient, office: Work, make: Make
) -> None:
    booking = book_place(office, make.event().id, make.person("Amara"), MANAGED)
    booking.booked_at = NOW - timedelta(days=3)
    token = manager_token(office, booking)
    make.commit()
    assert client.post(f"/managers/{token}/cannot-come", data={"reason": "Court"}).status_code == 303
    office.session.rollback()
    assert (booking.state, booking.cancel_reason) == (S.CANCELLED, "Court")
    (letter,) = last_letters(office, "booking_cancelled")
    assert (letter.context["ended_by"], letter.context["is_late"]) == ("Bo Ashgrove", False)
    copy = last_letters(office, "managers_copy")[-1]
    assert (copy.context["about"], copy.due_at, copy.gathers) == ("booking_cancelled", copy.created_at, "")
    page = client.get(f"/managers/{token}").text
    assert "Bo Ashgrove cancelled this booking." in page
    assert "nothing more you can do here" in page
    assert client.post(f"/managers/{token}/cannot-come", data={}).status_code == 409


def test_they_name_a_colleague_whom_they_see_before(client: FlaskClient, office: Work, make: Make) -> None:
    agency = make.agency(domains=["rvch.example"])
    booking = book_place(office, make.event().id, make.person("Amara", agency=agency), MANAGED)
    token, stranger = manager_token(office, booking), make.person("Tobiah", agency=make.agency("Elsewhere"))
    make.commit()
    address = f"/managers/{token}/colleague"
    for typed in (stranger.email, stranger.ref):
        assert client.post(address, data={"address": typed}).status_code == 422
    seen = client.post(address, data={"address": "kezia@rvch.example", "name": "Kezia Lanercoste"})
    assert (seen.status_code, "Kezia Lanercoste" in seen.text) == (200, True)
    office.session.rollback()
    assert booking.state is S.CONFIRMED
    given = {"address": "kezia@rvch.example", "name": "Kezia Lanercoste", "step": "give"}
    assert client.post(address, data=given).status_code == 303
    office.session.rollback()
    taken = office.session.scalars(sa.select(Booking).where(Booking.state == S.CONFIRMED)).one()
    assert (booking.state, taken.person.name) == (S.SUBSTITUTED, "Kezia Lanercoste")
    told = last_letters(office, "place_taken")[0].context
    assert (told["given_by"], told["booked_by"], taken.source) == ("Bo Ashgrove",) * 2 + (BookingSource.LINE_MANAGER,)
    assert client.post(address, data=given).status_code == 409


def test_after_the_start_nothing_can_be_done(client: FlaskClient, office: Work, make: Make) -> None:
    event: Event = make.event()
    booking = book_place(office, event.id, make.person("Amara"), MANAGED)
    token = manager_token(office, booking)
    event.starts_at = NOW - timedelta(minutes=1)
    make.commit()
    assert "nothing more you can do here" in client.get(f"/managers/{token}").text
    assert client.post(f"/managers/{token}/cannot-come", data={}).status_code == 409
    assert client.get(f"/managers/{token}/colleague").status_code == 303
