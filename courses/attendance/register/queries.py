"""The register of one event day: everybody who holds a place and every walk-in, with their marks, in one query."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload, selectinload

from courses.attendance.register.models import Mark
from courses.attendance.register.rules import MarkKind, Seen, TaughtDay
from courses.booking.bookings.models import AccessNeeds, Booking
from courses.booking.bookings.rules import BookingSource, BookingState
from courses.booking.delegates.queries import check_sees_delegates
from courses.programme.events.models import Event, EventDay
from lms.agencies.models import Agency
from lms.frame.access import Actor
from lms.kit.errors import NotFound
from lms.people.models import Person


@dataclass(frozen=True)
class RegisterRow:
    """A person on the register. `seen` is None until somebody marked them."""

    booking_id: int
    name: str
    agency: str
    is_walk_in: bool
    needs: str
    food: str
    seen: Seen | None


@dataclass(frozen=True)
class MarkTally:
    """How many were seen how. Late is apart from present; absent are all who were not let in or did not come."""

    present: int = 0
    late: int = 0
    absent: int = 0
    to_mark: int = 0


@dataclass(frozen=True)
class Register:
    """One event day and who belongs to it, by name."""

    event: Event
    day: EventDay
    rows: list[RegisterRow]

    @property
    def tally(self) -> MarkTally:
        return tally_of(row.seen for row in self.rows)

    @property
    def block(self) -> TaughtDay:
        return block_of(self.day)

    @property
    def booked(self) -> int:
        return sum(not row.is_walk_in for row in self.rows)


def register_of(session: Session, event_id: int, number: int, actor: Actor) -> Register:
    """The register of a day, for the event's trainers and coordinators. Raises NotFound, NotAllowed."""
    event, day = event_and_day(session, event_id, number)
    check_sees_delegates(event, actor)
    return Register(event, day, _rows(session, event.id, day.id))


def event_and_day(session: Session, event_id: int, number: int) -> tuple[Event, EventDay]:
    """An event with all that its pages show, and one of its days. Raises NotFound."""
    event = session.scalar(
        sa.select(Event)
        .where(Event.id == event_id)
        .options(
            joinedload(Event.version),
            selectinload(Event.days).joinedload(EventDay.venue),
            selectinload(Event.trainers),
        )
    )
    if event is None:
        raise NotFound("We cannot find that event. My events has those that you train at.")
    return event, day_of(event, number)


def day_of(event: Event, number: int) -> EventDay:
    """A day of an event by its number. Raises NotFound."""
    day = next((each for each in event.days if each.number == number), None)
    if day is None:
        raise NotFound(f"This event has no day {number}. Open its register from My events.")
    return day


def block_of(day: EventDay) -> TaughtDay:
    """The day as minutes are reckoned in it."""
    return TaughtDay(day.starts_at, day.ends_at, day.break_minutes)


def seen_of(mark: Mark | None) -> Seen | None:
    """What a mark says."""
    return Seen(mark.kind, mark.late_minutes, mark.left_early_minutes, mark.note) if mark else None


def tally_of(seen: Iterable[Seen | None]) -> MarkTally:
    """Count what was seen."""
    every = list(seen)
    late = sum(each is not None and each.is_late for each in every)
    present = sum(each is not None and each.kind is MarkKind.PRESENT for each in every) - late
    to_mark = sum(each is None for each in every)
    return MarkTally(present, late, len(every) - present - late - to_mark, to_mark)


def tally_of_day(session: Session, event_id: int, day_id: int) -> MarkTally:
    """The same, counted by the database."""
    found = session.execute(
        sa.select(Mark.kind, Mark.late_minutes, sa.func.count(Booking.id))
        .select_from(Booking)
        .outerjoin(Mark, sa.and_(Mark.booking_id == Booking.id, Mark.event_day_id == day_id))
        .where(Booking.event_id == event_id, Booking.state == BookingState.CONFIRMED)
        .group_by(Mark.kind, Mark.late_minutes)
    )
    return tally_of(Seen(kind, late) if kind else None for kind, late, number in found for _ in range(number))


def mark_of(session: Session, booking_id: int, day_id: int) -> Mark | None:
    """The mark of a booking on a day."""
    return session.scalar(sa.select(Mark).where(Mark.booking_id == booking_id, Mark.event_day_id == day_id))


def _rows(session: Session, event_id: int, day_id: int) -> list[RegisterRow]:
    found: Iterable[Any] = session.execute(
        sa.select(
            Booking.id,
            Person.name,
            sa.func.coalesce(Agency.name, ""),
            Booking.source == BookingSource.WALK_IN,
            sa.func.coalesce(AccessNeeds.needs, ""),
            sa.func.coalesce(AccessNeeds.food, ""),
            Mark.kind,
            Mark.late_minutes,
            Mark.left_early_minutes,
            Mark.note,
        )
        .join(Person, Person.id == Booking.person_id)
        .outerjoin(Agency, Agency.id == Booking.agency_id)
        .outerjoin(AccessNeeds, AccessNeeds.booking_id == Booking.id)
        .outerjoin(Mark, sa.and_(Mark.booking_id == Booking.id, Mark.event_day_id == day_id))
        .where(Booking.event_id == event_id, Booking.state == BookingState.CONFIRMED)
        .order_by(Person.name, Booking.id)
    )
    return [_row(*values) for values in found]


def _row(
    booking_id: int,
    name: str,
    agency: str,
    is_walk_in: bool,
    needs: str,
    food: str,
    kind: MarkKind | None,
    late: int,
    early: int,
    note: str,
) -> RegisterRow:
    seen = Seen(kind, late, early, note) if kind else None
    return RegisterRow(booking_id, name, agency, is_walk_in, needs, food, seen)


def was_there(session: Session, booking_id: int) -> bool:
    """Whether somebody was seen on any day."""
    there = sa.select(Mark.id).where(Mark.booking_id == booking_id, Mark.kind == MarkKind.PRESENT)
    return session.scalar(there.limit(1)) is not None
