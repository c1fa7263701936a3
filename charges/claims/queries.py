"""Bookings as the charging rules see them, many at once: days, marks, terms and exemptions in a few queries."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload

from charges.claims.models import ChargeExemption
from charges.claims.rules import EXEMPTION_WORDS, Assessment, ChargeableClaim, MarkedDay, assess, covered
from courses.attendance.register.models import Mark
from courses.attendance.register.rules import MarkKind
from courses.booking.bookings.models import Booking
from courses.booking.bookings.rules import THERE, BookingSource, BookingState, is_in_grace
from courses.programme.events.models import Event
from courses.programme.events.rules import EventState
from lms.agencies.models import RoleGroup
from lms.frame.access import Role
from lms.people.models import RoleGrant
from lms.policies.queries import terms_of
from lms.policies.rules import Policy

PRESENT_IN_HISTORY = {True: MarkKind.PRESENT, False: MarkKind.ABSENT}


@dataclass(frozen=True)
class ClaimOnItsTerms:
    """A booking with its claim, its own terms, and what those charge."""

    booking: Booking
    claim: ChargeableClaim
    policy: Policy

    @property
    def assessment(self) -> Assessment:
        return assess(self.claim, self.policy, self.booking.policy_version.number)


def told(session: Session, *where: sa.ColumnElement[bool]) -> list[ClaimOnItsTerms]:
    """Every booking that fits as a claim, in the order of their events, in a fixed number of queries."""
    bookings = session.scalars(
        sa.select(Booking)
        .join(Booking.event)
        .where(*where)
        .options(
            joinedload(Booking.agency),
            joinedload(Booking.person),
            joinedload(Booking.policy_version),
            joinedload(Booking.event).selectinload(Event.days),
        )
        .order_by(Event.starts_at, Event.id, Booking.id)
    ).all()
    about = _About(session, where)
    return [_told(booking, about) for booking in bookings]


def told_of(session: Session, booking_ids: Iterable[int]) -> list[ClaimOnItsTerms]:
    """These bookings as claims."""
    return told(session, Booking.id.in_(list(booking_ids)))


class _About:
    """What is looked up once for all bookings: marks, role groups, trainers, and who holds another place."""

    def __init__(self, session: Session, where: tuple[sa.ColumnElement[bool], ...]) -> None:
        ids = sa.select(Booking.id).join(Event, Event.id == Booking.event_id).where(*where)
        marks = session.execute(
            sa.select(Mark.booking_id, Mark.event_day_id, Mark.kind).where(Mark.booking_id.in_(ids))
        )
        self.marks = {(booking_id, day_id): kind for booking_id, day_id, kind in marks}
        groups = session.execute(sa.select(RoleGroup.id, RoleGroup.name).order_by(RoleGroup.id))
        self.role_groups: dict[int, str] = {row.id: row.name for row in groups}
        trainers = sa.select(RoleGrant.person_id).where(RoleGrant.role == Role.TRAINER)
        self.trainers = set(session.scalars(trainers))
        recorded = sa.select(ChargeExemption).where(ChargeExemption.booking_id.in_(ids))
        self.exempt = {row.booking_id: EXEMPTION_WORDS[row.kind] for row in session.scalars(recorded)}
        self.places = set(_places_held(session, ids))
        self.places_taken = set(_places_taken(session, ids))
        self.policies: dict[int, Policy] = {}

    def policy(self, booking: Booking) -> Policy:
        """The terms of the booking, read once a version."""
        version = booking.policy_version
        if version.id not in self.policies:
            self.policies[version.id] = terms_of(version)
        return self.policies[version.id]


def _places_held(session: Session, ids: sa.Select[int]) -> Iterator[tuple[int, int]]:
    """The event and person of every place that is held, or was used, in these bookings' events."""
    events = sa.select(Booking.event_id).where(Booking.id.in_(ids))
    rows = session.execute(
        sa.select(Booking.event_id, Booking.person_id, Booking.outcome).where(
            Booking.event_id.in_(events), Booking.state == BookingState.CONFIRMED
        )
    )
    return ((event_id, person_id) for event_id, person_id, outcome in rows if outcome is None or outcome in THERE)


def _places_taken(session: Session, ids: sa.Select[int]) -> Iterator[int]:
    """Bookings that were moved away, whose place somebody who waited has taken since."""
    is_moved = Booking.moved_to_id.is_not(None), Booking.is_moved_free.is_(False)
    late = *is_moved, Booking.cancelled_at > Booking.free_until
    events = sa.select(Booking.event_id).where(Booking.id.in_(ids), *late)
    away = sa.select(Booking).where(Booking.event_id.in_(events), *late).order_by(Booking.id)
    moved: dict[int, list[tuple[int, datetime]]] = {}
    for each in session.scalars(away):
        moved.setdefault(each.event_id, []).append((each.id, each.cancelled_at or each.booked_at))
    if not moved:
        return
    taken: dict[int, list[datetime]] = {}
    has_waited = Booking.queued_at.is_not(None), Booking.confirmed_at > Booking.queued_at
    promoted = sa.select(Booking).where(Booking.event_id.in_(list(moved)), *has_waited).order_by(Booking.id)
    for each in session.scalars(promoted):
        taken.setdefault(each.event_id, []).append(each.confirmed_at or each.booked_at)
    for event_id, those in moved.items():
        yield from covered(those, taken.get(event_id, []))


def _told(booking: Booking, about: _About) -> ClaimOnItsTerms:
    policy = about.policy(booking)
    event = booking.event
    return ClaimOnItsTerms(
        booking=booking,
        policy=policy,
        claim=ChargeableClaim(
            days=tuple(_days(booking, about)),
            free_until=booking.free_until,
            confirmed_at=booking.confirmed_at,
            queued_at=booking.queued_at,
            accepted_at=booking.accepted_at,
            cancelled_at=booking.told_us_at or booking.cancelled_at,
            state=booking.state,
            outcome=booking.outcome,
            exempt=_exempt(booking, about),
            role_group=about.role_groups.get(booking.role_group_id or 0, ""),
            is_running=event.state not in (EventState.CANCELLED, EventState.POSTPONED),
            is_walk_in=booking.source is BookingSource.WALK_IN,
            is_grace=_is_grace(booking),
            is_moved_by_delegate=booking.moved_to_id is not None and not booking.is_moved_free,
            is_place_taken=booking.id in about.places_taken,
            has_other_place=(event.id, booking.person_id) in about.places,
        ),
    )


def _is_grace(booking: Booking) -> bool:
    told_at = booking.told_us_at or booking.cancelled_at
    return told_at is not None and is_in_grace(booking.booked_at, told_at)


def _days(booking: Booking, about: _About) -> Iterator[MarkedDay]:
    """The event's days with their marks; history says which days somebody attended."""
    attended = booking.days_attended.split(";") if booking.days_attended else []
    for day in booking.event.days:
        mark = about.marks.get((booking.id, day.id))
        if mark is None and attended:
            mark = PRESENT_IN_HISTORY[str(day.number) in attended]
        yield MarkedDay(day.number, day.starts_at, day.ends_at, mark)


def _exempt(booking: Booking, about: _About) -> str:
    """Why nobody is charged for this person or agency, whatever the terms; "" when somebody is."""
    if booking.id in about.exempt:
        return about.exempt[booking.id]
    if booking.agency is None:
        return "A volunteer without an employer"
    if booking.agency.is_exempt:
        return f"{booking.agency.name} is exempt"
    return "A trainer of the partnership" if booking.person_id in about.trainers else ""
