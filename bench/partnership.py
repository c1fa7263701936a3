"""Five years of a large partnership, the same each time: 900 events, 20,000 people, 60,000 bookings, all in bulk."""

import random
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from charges.charge.models import Charge
from charges.charge.rules import ChargeState
from charges.claims.rules import ChargeReason
from courses.booking.bookings.models import Booking
from courses.booking.bookings.rules import BookingSource, BookingState, Outcome
from courses.programme.courses.models import Course, CourseVersion
from courses.programme.courses.rules import CourseStatus, EventType
from courses.programme.events.models import Event, EventDay, Venue
from courses.programme.events.rules import EventState
from lms.agencies.models import Agency, Sector
from lms.people.affiliations.models import Affiliation
from lms.people.models import Person
from lms.policies.models import PolicyVersion

EVENTS, PEOPLE, BOOKINGS = 900, 20_000, 60_000
FIRST_DAY, YEARS = date(2021, 4, 1), 5
SECTORS_IN_ALL, AGENCIES_IN_ALL, COURSES_IN_ALL, VENUES_IN_ALL = 9, 120, 60, 25
CAPACITY = 80
ENDINGS = ("attended",) * 78 + ("part",) * 4 + ("absent",) * 7 + ("late",) * 4 + ("in_time",) * 5 + ("walk_in",) * 2
AT_A_TIME = 5000


def fill_partnership(session: Session, *, events: int = EVENTS, people: int = PEOPLE, bookings: int = BOOKINGS) -> None:
    """Write the records. `found_partnership` and the first policy have to be there."""
    chance = random.Random(20260401)
    policy_id = session.scalars(sa.select(PolicyVersion.id)).first()
    _agencies(session)
    _write(session, Person, [_person(n) for n in range(1, people + 1)])
    _write(session, Affiliation, [_affiliation(n) for n in range(1, people + 1)])
    _courses(session)
    starts = [_start(n, events) for n in range(1, events + 1)]
    _write(session, Event, [_event(n, at) for n, at in enumerate(starts, start=1)])
    _write(session, EventDay, [_day(n, at) for n, at in enumerate(starts, start=1)])
    rows = list(_bookings(chance, starts, people, bookings, policy_id))
    _write(session, Booking, rows)
    _write(session, Charge, [_charge(n, row) for n, row in enumerate(rows, start=1) if _is_charged(row)])
    session.commit()


def _write(session: Session, model: Any, rows: list[dict[str, Any]]) -> None:
    for start in range(0, len(rows), AT_A_TIME):
        session.execute(sa.insert(model), rows[start : start + AT_A_TIME])


def _agencies(session: Session) -> None:
    _write(session, Sector, [{"id": 100 + n, "name": f"Sector {n}"} for n in range(SECTORS_IN_ALL)])
    _write(
        session,
        Agency,
        [
            {"id": n, "code": f"A{n}", "name": f"Agency {n}", "sector_id": 100 + n % SECTORS_IN_ALL}
            for n in range(1, AGENCIES_IN_ALL + 1)
        ],
    )


def _person(n: int) -> dict[str, Any]:
    at = datetime(2021, 1, 1, tzinfo=UTC)
    return {"id": n, "ref": f"P{n}", "name": f"Person {n}", "agency_id": n % AGENCIES_IN_ALL + 1, "created_at": at}


def _affiliation(n: int) -> dict[str, Any]:
    return {"person_id": n, "agency_id": n % AGENCIES_IN_ALL + 1, "from_on": date(2021, 1, 1)}


def _courses(session: Session) -> None:
    at, types = datetime(2021, 1, 1, tzinfo=UTC), list(EventType)
    numbers = range(1, COURSES_IN_ALL + 1)
    courses = [
        {"id": n, "code": f"C{n}", "status": CourseStatus.LIVE, "event_type": types[n % 8], "created_at": at}
        for n in numbers
    ]
    versions = [
        {
            "id": n,
            "course_id": n,
            "number": 1,
            "title": f"Course {n}",
            "level": str(n % 4),
            "outcomes": [],
            "created_at": at,
        }
        for n in numbers
    ]
    _write(session, Course, courses)
    _write(session, CourseVersion, versions)
    _write(session, Venue, [{"id": n, "name": f"Venue {n}"} for n in range(1, VENUES_IN_ALL + 1)])


def _start(n: int, events: int) -> datetime:
    day = FIRST_DAY + timedelta(days=n * (365 * YEARS - 20) // events)
    return datetime.combine(day, time(9, 30), UTC)


def _event(n: int, starts_at: datetime) -> dict[str, Any]:
    course = n % COURSES_IN_ALL + 1
    return {
        "id": n,
        "ref": f"E{n}",
        "course_id": course,
        "course_version_id": course,
        "event_type": list(EventType)[course % 8],
        "state": EventState.DELIVERED,
        "capacity": CAPACITY,
        "largest_capacity": CAPACITY,
        "places_offered": CAPACITY,
        "starts_at": starts_at,
        "ends_at": starts_at + timedelta(hours=6),
        "booking_closes_at": starts_at,
        "free_until": starts_at - timedelta(days=7),
        "created_at": starts_at - timedelta(days=90),
        "finalised_at": starts_at + timedelta(days=1),
    }


def _day(n: int, starts_at: datetime) -> dict[str, Any]:
    return {
        "id": n,
        "event_id": n,
        "number": 1,
        "starts_at": starts_at,
        "ends_at": starts_at + timedelta(hours=6),
        "venue_id": n % VENUES_IN_ALL + 1,
    }


def _bookings(chance: random.Random, starts: list[datetime], people: int, bookings: int, policy_id: Any) -> Any:
    number = 0
    for at, starts_at in enumerate(starts):
        some = bookings // len(starts) + (at < bookings % len(starts))
        for place, person in enumerate(chance.sample(range(1, people + 1), some), start=1):
            number += 1
            yield _booking(number, at + 1, person, place, starts_at, chance.choice(ENDINGS), policy_id)


def _booking(
    n: int, event: int, person: int, place: int, starts_at: datetime, ending: str, policy_id: Any
) -> dict[str, Any]:
    is_cancelled, is_walk_in = ending in ("late", "in_time"), ending == "walk_in"
    outcomes = {"part": Outcome.PART_ATTENDED, "absent": Outcome.DID_NOT_ATTEND}
    cancelled_at = starts_at - timedelta(days=1 if ending == "late" else 20)
    return {
        "id": n,
        "event_id": event,
        "person_id": person,
        "agency_id": person % AGENCIES_IN_ALL + 1,
        "sector_id": 100 + (person % AGENCIES_IN_ALL + 1) % SECTORS_IN_ALL,
        "policy_version_id": policy_id,
        "state": BookingState.CANCELLED if is_cancelled else BookingState.CONFIRMED,
        "source": BookingSource.WALK_IN if is_walk_in else BookingSource.DELEGATE,
        "place_number": None if is_cancelled or is_walk_in else place,
        "booked_at": starts_at - timedelta(days=40),
        "confirmed_at": starts_at - timedelta(days=40),
        "cancelled_at": cancelled_at if is_cancelled else None,
        "free_until": starts_at - timedelta(days=7),
        "outcome": None if is_cancelled else outcomes.get(ending, Outcome.ATTENDED),
    }


def _is_charged(row: dict[str, Any]) -> bool:
    is_late = row["cancelled_at"] is not None and row["cancelled_at"] > row["free_until"]
    return is_late or row["outcome"] is Outcome.DID_NOT_ATTEND


def _charge(n: int, row: dict[str, Any]) -> dict[str, Any]:
    on = row["free_until"] + timedelta(days=9)
    is_late = row["cancelled_at"] is not None
    return {
        "id": n,
        "booking_id": row["id"],
        "agency_id": row["agency_id"],
        "policy_version_id": row["policy_version_id"],
        "day_number": 1,
        "day_starts_at": on,
        "day_ends_at": on + timedelta(hours=6),
        "reason": ChargeReason.LATE_CANCELLATION if is_late else ChargeReason.DID_NOT_ATTEND,
        "pence": 5000,
        "explanation": "Invented.",
        "state": ChargeState.PAID,
        "is_history": True,
        "raised_on": on.date(),
        "proposed_at": on,
        "invoiced_on": on.date(),
        "paid_on": on.date(),
    }
