"""Finalising and correcting, what is told, and what `lms check` finds."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa

from courses.attendance.finalising.checks import outcomes_that_do_not_follow, unfinished_registers
from courses.attendance.finalising.services import correct_marks, finalise_register
from courses.attendance.register.rules import MarkKind, Seen
from courses.attendance.register.services import mark_people
from courses.booking.bookings.models import Booking
from courses.booking.bookings.rules import BookingRequest, BookingState, Outcome
from courses.booking.bookings.services import book_place
from courses.facts import MarksCorrected, OutcomeCorrected, RegisterFinalised
from courses.programme.events.models import Event
from courses.programme.events.rules import EventState
from courses.records.certificates.queries import credits_of
from lms.frame.work import Work
from lms.kit.errors import Conflict, Invalid
from tests.databases import NoSite
from tests.make import Make

NINE = datetime(2026, 4, 9, 8, 0, tzinfo=UTC)
AFTER = datetime(2026, 4, 10, 17, 0, tzinfo=UTC)


class Hearing(NoSite):
    """A site that keeps what it is told."""

    def __init__(self) -> None:
        self.told: list[object] = []

    def listeners_to(self, fact: object) -> tuple:  # type: ignore[type-arg, override]
        return (lambda _work, told: self.told.append(told),)


@pytest.fixture
def site() -> Hearing:
    return Hearing()


@pytest.fixture
def heard(work: Work, site: Hearing) -> Work:
    return replace(work, site=site, now=NINE)


@pytest.fixture
def event(work: Work, make: Make) -> Event:
    """Two days, two places, three people."""
    made = make.event(days=2, capacity=2)
    for name in ("Aled Brackenridge", "Bronagh Whitlowe", "Chidera Amblecote"):
        book_place(work, made.id, make.person(name), BookingRequest())
    return made


def bookings(work: Work) -> list[Booking]:
    return list(work.session.scalars(sa.select(Booking).order_by(Booking.id)))


def mark_all(work: Work, event: Event, *seen: Seen) -> None:
    """One mark for each person and day: Aled's two days, then Bronagh's."""
    first, second, _ = bookings(work)
    work.now = NINE + timedelta(days=1)
    mark_people(work, event.id, 1, {first.id: seen[0], second.id: seen[2]})
    mark_people(work, event.id, 2, {first.id: seen[1], second.id: seen[3]})
    work.now = AFTER


HERE = Seen(MarkKind.PRESENT)


def test_outcomes_follow_from_marks_and_the_event_is_delivered(heard: Work, site: Hearing, event: Event) -> None:
    mark_all(heard, event, HERE, HERE, Seen(MarkKind.ABSENT), Seen(MarkKind.PRESENT, 30))
    finalise_register(heard, event.id)
    first, second, third = bookings(heard)
    assert (first.outcome, first.days_attended) == (Outcome.ATTENDED, "1;2")
    assert (second.outcome, second.days_attended) == (Outcome.PART_ATTENDED, "2")
    assert (third.outcome, third.state) == (None, BookingState.LAPSED)
    assert (event.state, event.finalised_at, event.places_offered) == (EventState.DELIVERED, AFTER, 2)
    assert site.told == [RegisterFinalised(event.id)]
    credited = credits_of(heard.session, [first, second])
    assert (credited[first.id].cpd_minutes, credited[second.id].cpd_minutes) == (780, 360)


def test_missing_marks_stop_it_and_are_counted(heard: Work, site: Hearing, event: Event) -> None:
    first, _, _ = bookings(heard)
    mark_people(heard, event.id, 1, {first.id: HERE})
    heard.now = AFTER
    with pytest.raises(Conflict, match="There are 3 marks missing"):
        finalise_register(heard, event.id)
    assert site.told == []


def test_it_is_not_finalised_before_the_end_nor_twice(heard: Work, event: Event) -> None:
    mark_all(heard, event, HERE, HERE, HERE, HERE)
    heard.now = event.ends_at - timedelta(minutes=1)
    with pytest.raises(Conflict, match="has not ended"):
        finalise_register(heard, event.id)
    heard.now = AFTER
    finalise_register(heard, event.id)
    with pytest.raises(Conflict, match="finalised already"):
        finalise_register(heard, event.id)
    with pytest.raises(Conflict, match="finalised"):
        mark_people(heard, event.id, 1, {bookings(heard)[0].id: Seen(MarkKind.ABSENT)})


def test_a_correction_has_a_reason_and_tells_what_changed(heard: Work, site: Hearing, event: Event) -> None:
    mark_all(heard, event, Seen(MarkKind.ABSENT), Seen(MarkKind.ABSENT), HERE, HERE)
    finalise_register(heard, event.id)
    first = bookings(heard)[0]
    days = {day.id: HERE for day in event.days}
    with pytest.raises(Invalid, match="Enter why"):
        correct_marks(heard, first, days, " ")
    correct_marks(heard, first, days, "Signed the paper sheet")
    assert first.outcome is Outcome.ATTENDED
    assert site.told[-1] == OutcomeCorrected(
        first.id, event.id, first.person_id, "did_not_attend", "attended", "Signed the paper sheet"
    )


def test_a_correction_that_changes_no_outcome_tells_of_the_marks_alone(
    heard: Work, site: Hearing, event: Event
) -> None:
    mark_all(heard, event, HERE, HERE, HERE, HERE)
    finalise_register(heard, event.id)
    first, day = bookings(heard)[0], event.days[0].id
    correct_marks(heard, first, {day: HERE}, "As it was")
    assert len(site.told) == 1
    correct_marks(heard, first, {day: Seen(MarkKind.PRESENT, 5)}, "Came on the later bus")
    told = MarksCorrected(first.id, event.id, first.person_id, (1, 2), (1, 2), "Came on the later bus")
    assert site.told[1:] == [told]


def test_history_without_marks_is_corrected_when_every_day_is_marked(heard: Work, event: Event) -> None:
    first = bookings(heard)[0]
    first.outcome = Outcome.DID_NOT_ATTEND
    event.state, event.finalised_at, event.is_history = EventState.DELIVERED, AFTER, True
    heard.session.flush()
    assert list(unfinished_registers(heard)) == []
    with pytest.raises(Conflict, match="no mark on every day"):
        correct_marks(heard, first, {event.days[0].id: HERE}, "Found the sheet")
    correct_marks(heard, first, {day.id: HERE for day in event.days}, "Found the sheet")
    assert first.outcome is Outcome.ATTENDED


def test_the_check_finds_what_does_not_follow(heard: Work, event: Event) -> None:
    mark_all(heard, event, HERE, HERE, HERE, HERE)
    finalise_register(heard, event.id)
    assert [*unfinished_registers(heard), *outcomes_that_do_not_follow(heard)] == []
    first, second, _ = bookings(heard)
    first.outcome, second.outcome = Outcome.DID_NOT_ATTEND, None
    heard.session.flush()
    assert len(list(outcomes_that_do_not_follow(heard))) == 1
    assert len(list(unfinished_registers(heard))) == 1
