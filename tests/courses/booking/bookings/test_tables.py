"""Bookings in and out as CSV rows."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from courses.booking.bookings.models import Booking
from courses.booking.bookings.rules import BookingSource, BookingState, Outcome
from courses.booking.bookings.tables import export_bookings, read_bookings
from courses.programme.events.models import Event
from courses.programme.events.rules import EventState
from lms.frame.work import Work
from lms.kit.errors import Invalid
from lms.mail.models import OutboxLetter
from tests.make import Make
from tests.moments import NOW

Row = dict[str, str]


def row(event: Event, person_ref: str, **values: str) -> Row:
    usual = {
        "booked_at": "2026-01-05T10:00",
        "status": "confirmed",
        "cancelled_at": "",
        "outcome": "",
        "days_attended": "",
    }
    return {"event_ref": event.ref, "person_ref": person_ref, **usual, **values}


def read_all(work: Work, rows: list[Row]) -> list[str]:
    read = read_bookings(work, list(rows))
    changes = [read(each).what for each in rows]
    work.session.flush()
    return changes


@pytest.fixture
def delivered(make: Make) -> Event:
    return make.event(
        starts=NOW - timedelta(days=20),
        days=2,
        capacity=2,
        state=EventState.DELIVERED,
        finalised_at=NOW - timedelta(days=18),
        is_history=True,
    )


def test_history_comes_in_as_it_was_and_sends_nothing(work: Work, make: Make, delivered: Event) -> None:
    people = [make.person(f"Person {n}") for n in range(5)]
    rows = [
        row(delivered, people[0].ref, outcome="attended", days_attended="1; 2"),
        row(delivered, people[1].ref, outcome="did_not_attend"),
        row(delivered, people[2].ref, outcome="part_attended"),
        row(delivered, people[3].ref, status="cancelled", cancelled_at="2026-02-01T09:00"),
        row(delivered, people[4].ref, status="walk_in", outcome="attended"),
    ]
    assert read_all(work, rows) == ["added"] * 5
    found = work.session.scalars(sa.select(Booking).order_by(Booking.person_id)).all()
    assert [booking.place_number for booking in found] == [1, 2, 3, None, None], "three came to two places"
    assert found[0].outcome is Outcome.ATTENDED
    assert found[0].days_attended == "1;2"
    assert found[3].confirmed_at is not None, "it held a place before it was cancelled"
    assert found[4].source is BookingSource.WALK_IN
    assert work.session.scalar(sa.select(sa.func.count()).select_from(OutboxLetter)) == 0


def test_repeating_an_import_and_reading_back_an_export_change_nothing(
    work: Work, make: Make, delivered: Event
) -> None:
    coming = make.event(capacity=1)
    rows = [
        row(delivered, make.person("Amara").ref, outcome="attended"),
        row(coming, make.person("Tobiah").ref),
        row(coming, make.person("Nerys").ref, status="waiting"),
    ]
    read_all(work, rows)
    assert read_all(work, rows) == ["unchanged"] * 3
    exported = [dict(each) for each in export_bookings(work)]
    assert sorted(exported, key=lambda each: each["person_ref"]) == sorted(rows, key=lambda each: each["person_ref"])
    assert read_all(work, exported) == ["unchanged"] * 3


def test_a_coming_event_is_never_oversold_by_an_import(work: Work, make: Make) -> None:
    event = make.event(capacity=1)
    first, second = make.person("Amara"), make.person("Tobiah")
    with pytest.raises(Invalid, match="No place is left") as refusal:
        read_all(work, [row(event, first.ref), row(event, second.ref)])
    assert refusal.value.field == "status"


def test_a_file_can_cancel_a_booking(work: Work, make: Make) -> None:
    event, person = make.event(), make.person()
    read_all(work, [row(event, person.ref)])
    cancelled = row(event, person.ref, status="cancelled", cancelled_at="2026-02-01T09:00")
    assert read_all(work, [cancelled]) == ["changed"]
    booking = work.session.scalars(sa.select(Booking)).one()
    assert (booking.state, booking.place_number) == (BookingState.CANCELLED, None)


@pytest.mark.parametrize(
    ("values", "column"),
    [
        ({"status": "booked"}, "status"),
        ({"status": "cancelled"}, "cancelled_at"),
        ({"cancelled_at": "2026-02-01T09:00"}, "cancelled_at"),
        ({"booked_at": "yesterday"}, "booked_at"),
        ({"outcome": "late"}, "outcome"),
        ({"status": "waiting", "outcome": "attended"}, "outcome"),
        ({"status": "walk_in"}, "outcome"),
        ({"days_attended": "3"}, "days_attended"),
    ],
)
def test_a_bad_row_is_refused_at_its_column(work: Work, make: Make, delivered: Event, values: Row, column: str) -> None:
    with pytest.raises(Invalid) as refusal:
        read_all(work, [row(delivered, make.person().ref, **values)])
    assert refusal.value.field == column


def test_unknown_events_and_people_are_refused(work: Work, make: Make, delivered: Event) -> None:
    with pytest.raises(Invalid, match="no person P404"):
        read_all(work, [row(delivered, "P404")])


def test_an_outcome_before_the_event_is_refused(work: Work, make: Make) -> None:
    with pytest.raises(Invalid, match="not delivered"):
        read_all(work, [row(make.event(), make.person().ref, outcome="attended")])
