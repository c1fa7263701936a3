"""What is true when a letter arrives: its reason went away while it waited, so it does not go."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from courses.booking.approvals.services import agree_booking
from courses.booking.bookings.jobs import move_people_up, send_reminders
from courses.booking.bookings.models import Booking
from courses.booking.bookings.places.models import Offer
from courses.booking.bookings.rules import BookingRequest
from courses.booking.bookings.services import book_place, cancel_booking
from courses.booking.offers.services import accept_offer
from courses.booking.substitutions.services import give_place
from courses.programme.events.models import Event, Venue
from courses.programme.events.rules import PlannedDay
from courses.programme.events.services import cancel_event, move_event, postpone_event
from lms.frame.work import Work
from lms.jobs.services import carry_out
from lms.mail.delivery import deliver_due
from lms.mail.models import OutboxLetter
from lms.mail.rules import LetterState
from tests.make import Make
from tests.moments import NOW

MANAGER = BookingRequest(manager_name="Bo Ashgrove", manager_email="bo@ashgrove.example")
PLAIN = BookingRequest()
WITHDRAWN, SENT = LetterState.WITHDRAWN, LetterState.SENT


@pytest.fixture
def arrive(app: Flask, office: Work) -> Callable[..., dict[str, set[LetterState]]]:
    """Save, deliver all that is due then, and say what became of each kind of letter."""

    def delivered(at: Any = None, kinds: str = "courses.") -> dict[str, set[LetterState]]:
        office.session.commit()
        deliver_due(app, lambda: at or office.now)
        found: dict[str, set[LetterState]] = {}
        rows = office.session.execute(sa.select(OutboxLetter.kind, OutboxLetter.state).order_by(OutboxLetter.id))
        for kind, state in rows:
            if kind.startswith(kinds):
                found.setdefault(kind.partition(".")[2], set()).add(state)
        office.session.rollback()
        return found

    return delivered


def later(office: Work, **ahead: float) -> Work:
    return replace(office, now=NOW + timedelta(**ahead))


def other_place(office: Work, event: Event, venue: Venue) -> None:
    days = [PlannedDay(each.starts_at, each.ends_at, 0, venue.id) for each in event.days]
    move_event(office, event.id, days)


Arrive = Callable[..., dict[str, set[LetterState]]]


def test_a_place_given_up_before_its_letters_went_is_not_confirmed_any_more(
    office: Work, make: Make, arrive: Arrive
) -> None:
    """With two days, so that the second day's entry is a letter of its own; and a copy for the manager of each."""
    booking = book_place(office, make.event(days=2).id, make.person(), MANAGER)
    cancel_booking(later(office, minutes=65), booking)
    assert arrive(NOW + timedelta(days=1)) == {
        "booking_confirmed": {WITHDRAWN},
        "booking_cancelled": {SENT},
        "calendar_day": {WITHDRAWN, SENT},
        "managers_copy": {WITHDRAWN, SENT},
    }
    why = office.session.scalars(sa.select(OutboxLetter.last_error).where(OutboxLetter.state == WITHDRAWN)).all()
    assert set(why) == {"Not sent: the booking is cancelled now."}
    copies = sa.select(OutboxLetter.context).where(OutboxLetter.kind == "courses.managers_copy")
    assert {each["about"] for each in office.session.scalars(copies.where(OutboxLetter.state == SENT))} == {
        "booking_cancelled"
    }


def test_a_reminder_does_not_go_beside_the_cancellation(office: Work, make: Make, arrive: Arrive) -> None:
    booking = book_place(office, make.event(starts=NOW + timedelta(days=5)).id, make.person(), PLAIN)
    arrive()
    carry_out(office, send_reminders)
    cancel_booking(office, booking)
    assert arrive() == {
        "booking_confirmed": {SENT},
        "joining_instructions": {WITHDRAWN},
        "booking_cancelled": {SENT},
    }


def test_joining_instructions_to_a_place_that_changed_go_again_with_the_new_one(
    office: Work, make: Make, arrive: Arrive
) -> None:
    event = make.event(starts=NOW + timedelta(days=5))
    book_place(office, event.id, make.person(), PLAIN)
    arrive()
    carry_out(office, send_reminders)
    other_place(office, event, make.venue("Thornmere Library"))
    assert arrive()["joining_instructions"] == {WITHDRAWN}
    carry_out(office, send_reminders)
    assert arrive() == {
        "booking_confirmed": {SENT},
        "joining_instructions": {WITHDRAWN, SENT},
        "event_place": {SENT},
    }
    told = office.session.scalars(sa.select(OutboxLetter.context).where(OutboxLetter.state == SENT)).all()
    assert sum("Thornmere Library" in str(each["where"]) for each in told) == 2


def test_who_was_reminded_is_not_reminded_of_the_same_day_in_another_room_but_told_how_to_join(
    office: Work, make: Make, arrive: Arrive
) -> None:
    event = make.event(starts=NOW + timedelta(days=5))
    book_place(office, event.id, make.person(), PLAIN)
    carry_out(office, send_reminders)
    assert arrive()["joining_instructions"] == {SENT}
    other_place(later(office, hours=1), event, make.venue("Thornmere Library"))
    carry_out(later(office, hours=2), send_reminders)
    arrive(NOW + timedelta(hours=2))
    kinds = list(office.session.scalars(sa.select(OutboxLetter.kind).where(OutboxLetter.state == SENT)))
    assert kinds.count("courses.joining_instructions") == 2
    assert kinds.count("courses.reminder") == 0


def test_a_place_offered_and_taken_is_not_said_to_wait(office: Work, make: Make, arrive: Arrive) -> None:
    event = make.event(capacity=1)
    first = book_place(office, event.id, make.person("First"), PLAIN)
    book_place(office, event.id, make.person("Second"), PLAIN)
    cancel_booking(office, first)
    accept_offer(office, office.session.scalars(sa.select(Offer.id)).one())
    assert arrive() == {
        "booking_confirmed": {WITHDRAWN},
        "waiting": {WITHDRAWN},
        "booking_cancelled": {SENT},
        "place_offered": {WITHDRAWN},
        "place_found": {SENT},
    }


def test_an_offer_whose_time_is_over_is_not_sent(office: Work, make: Make, arrive: Arrive) -> None:
    event = make.event(capacity=1)
    first = book_place(office, event.id, make.person("First"), PLAIN)
    book_place(office, event.id, make.person("Second"), PLAIN)
    cancel_booking(office, first)
    after = NOW + timedelta(hours=25)
    assert arrive(after)["place_offered"] == {WITHDRAWN}
    words = office.session.scalars(sa.select(OutboxLetter.last_error).where(OutboxLetter.state == WITHDRAWN)).all()
    assert "Not sent: it was of use until Tue 17 Mar 2026 09:52." in words
    carry_out(replace(office, now=after), move_people_up)
    told = arrive(after)
    assert "offer_lapsed" not in told, "no one lets pass what they were not told"
    assert told["place_offered"] == {WITHDRAWN, SENT}


def test_a_manager_is_not_asked_about_what_was_given_up(office: Work, make: Make, arrive: Arrive) -> None:
    event = make.event(make.course(needs_approval=True))
    cancel_booking(office, book_place(office, event.id, make.person(), MANAGER))
    assert arrive() == {
        "awaiting_manager": {WITHDRAWN},
        "approval_asked": {WITHDRAWN},
        "booking_cancelled": {SENT},
    }


def test_nobody_is_told_that_we_ask_a_manager_who_has_agreed(office: Work, make: Make, arrive: Arrive) -> None:
    event = make.event(make.course(needs_approval=True))
    booking = book_place(office, event.id, make.person(), MANAGER)
    agree_booking(office, booking.id)
    found = arrive()
    assert (found["awaiting_manager"], found["approval_asked"]) == ({WITHDRAWN}, {WITHDRAWN})
    assert found["booking_confirmed"] == {SENT}


def test_who_gave_the_place_on_is_told_that_and_not_that_they_have_it(office: Work, make: Make, arrive: Arrive) -> None:
    event, giver = make.event(), make.person()
    colleague = make.person("Colleague", agency=giver.agency)
    booking = book_place(office, event.id, giver, PLAIN)
    give_place(office, booking, colleague.ref)
    assert arrive() == {"booking_confirmed": {WITHDRAWN}, "place_given": {SENT}, "place_taken": {SENT}}


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (lambda office, event: postpone_event(office, event.id), "event_postponed"),
        (lambda office, event: cancel_event(office, event.id, "The trainer is ill"), "event_cancelled"),
    ],
    ids=["postponed", "cancelled"],
)
def test_what_was_said_of_an_event_that_does_not_run_does_not_go(
    office: Work, make: Make, arrive: Arrive, change: Callable[[Work, Event], Any], told: str
) -> None:
    event = make.event()
    book_place(office, event.id, make.person(), PLAIN)
    change(office, event)
    assert arrive() == {"booking_confirmed": {WITHDRAWN}, told: {SENT}}


def test_an_event_that_was_moved_again_is_told_once(office: Work, make: Make, arrive: Arrive) -> None:
    event = make.event()
    book_place(office, event.id, make.person(), PLAIN)
    arrive()
    for place in ("Thornmere Library", "Ashbeck Annexe"):
        other_place(office, event, make.venue(place))
        office.now += timedelta(minutes=1)
    arrive()
    moved = sa.select(OutboxLetter).where(OutboxLetter.kind == "courses.event_place").order_by(OutboxLetter.id)
    assert [each.state for each in office.session.scalars(moved)] == [WITHDRAWN, SENT]


def test_every_letter_about_a_booking_says_which(office: Work, make: Make, arrive: Arrive) -> None:
    event = make.event(days=2)
    booking = book_place(office, event.id, make.person(), MANAGER)
    office.session.commit()
    rows = office.session.scalars(sa.select(OutboxLetter).where(OutboxLetter.kind.startswith("courses."))).all()
    assert len(rows) == 3
    about = {(row.booking_id, row.event_id, row.event_version, row.good_until is not None) for row in rows}
    assert about == {(booking.id, event.id, 1, True)}
    assert office.session.get_one(Booking, booking.id).event.told_version == 1
