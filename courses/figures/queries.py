"""Delivered events and the claims on their places, as the measures count them: one query each."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from operator import itemgetter
from typing import Any, cast

import sqlalchemy as sa
from sqlalchemy.orm import Session

from courses.booking.bookings.models import Booking
from courses.booking.bookings.rules import BookingSource, BookingState, Outcome
from courses.figures.rules import Claim, Counts, Delivered, Ending, joined, tallied_by
from courses.programme.courses.models import Course, CourseVersion
from courses.programme.courses.rules import EventType
from courses.programme.events.models import Event, EventDay, Venue
from courses.programme.events.rules import EventState
from lms.agencies.models import Agency, Sector
from lms.agencies.queries import agency_ids_of, names_on, successor_now
from lms.kit.errors import Invalid
from lms.kit.figures import ReportQuestion
from lms.kit.words import listed
from lms.kit.working_days import london_date
from lms.people.models import Person
from lms.reports.rules import moments_of

ONLINE, NO_VENUE = "Online", "No venue given"
NO_AGENCY = "No agency"


@dataclass(frozen=True)
class ReportedAgency:
    """An agency as a report tells it."""

    id: int | None
    code: str
    name: str
    sector: str


NOBODYS = ReportedAgency(None, "", NO_AGENCY, NO_AGENCY)

Stamp = tuple[int | None, int | None]
"""The agency and the sector on a booking, as they were when its event was delivered."""


def check_types(types: Iterable[str]) -> None:
    """Raises Invalid for an event type that there is not."""
    unknown = [each for each in types if each not in list(EventType)]
    if unknown:
        raise Invalid(f"There is no event type {unknown[0]}. Choose {listed(EventType, 'or')}.", field="types")


def delivered_events(session: Session, question: ReportQuestion) -> list[Delivered]:
    """The events with a finalised register whose first day is in the period, by date: one query."""
    since, until = moments_of(question.period.from_on, question.period.to_on)
    chosen = [Event.state == EventState.DELIVERED, Event.starts_at >= since, Event.starts_at < until]
    if question.only_types:
        chosen.append(sa.type_coerce(Event.event_type, sa.String).in_(question.only_types))
    rows: Iterable[Any] = session.execute(
        sa.select(
            Event.id,
            Event.ref,
            Event.starts_at,
            Course.code,
            CourseVersion.title,
            Event.event_type,
            CourseVersion.level,
            Venue.name,
            EventDay.online_url != "",
            sa.func.coalesce(Event.places_offered, Event.capacity),
        )
        .join(Course, Course.id == Event.course_id)
        .join(CourseVersion, CourseVersion.id == Event.course_version_id)
        .outerjoin(EventDay, sa.and_(EventDay.event_id == Event.id, EventDay.number == 1))
        .outerjoin(Venue, Venue.id == EventDay.venue_id)
        .where(*chosen)
        .order_by(Event.starts_at, Event.id)
    )
    return [
        Delivered(
            event_id,
            ref,
            london_date(starts_at),
            code,
            title,
            event_type.value,
            level,
            venue or (ONLINE if is_online else NO_VENUE),
            places,
        )
        for event_id, ref, starts_at, code, title, event_type, level, venue, is_online, places in rows
    ]


def claims_on(session: Session, question: ReportQuestion) -> list[Claim]:
    """Every claim on a place of the events delivered in the period, of whatever type: two queries.

    The rows are taken as they come from the database, without a record of our own for each of 60,000.
    """
    columns = (
        Booking.event_id,
        Booking.person_id,
        Booking.agency_id,
        ENDING_OF_BOOKING.label("ending"),
        Booking.sector_id,
    )
    asked = sa.select(*columns).where(*_held_in(question))
    rows = cast(list[Claim], session.connection().execute(asked).all())
    kept = _merged_people(session)
    if not kept:
        return rows
    return [Claim(row[0], kept.get(row[1], row[1]), *row[2:]) for row in rows]


def _held_in(question: ReportQuestion) -> list[sa.ColumnElement[bool]]:
    since, until = moments_of(question.period.from_on, question.period.to_on)
    delivered = sa.select(Event.id).where(
        Event.state == EventState.DELIVERED, Event.starts_at >= since, Event.starts_at < until
    )
    return [Booking.event_id.in_(delivered), Booking.confirmed_at.is_not(None)]


def endings_of(session: Session, question: ReportQuestion) -> tuple[Counts, int]:
    """How the claims ended, and the places offered, added up by the database: for who does not need to know who came.

    Three queries, one more for an agency.
    """
    check_types((*question.only_types, *question.types_apart))
    asked = sa.select(Booking.event_id, ENDING_OF_BOOKING, sa.func.count()).where(*_held_in(question))
    agency_ids = agency_ids_of(session, question)
    if agency_ids is not None:
        asked = asked.where(Booking.agency_id.in_(agency_ids))
    events = {event.id: event for event in delivered_events(session, question)}
    counted = {each.id for each in events.values() if each.event_type not in question.types_apart}
    counts = Counts()
    for event_id, ending, number in session.execute(asked.group_by(Booking.event_id, ENDING_OF_BOOKING)):
        counts.endings[ending] += number if event_id in counted else 0
    return counts, sum(events[event_id].places for event_id in counted)


def _merged_people(session: Session) -> dict[int, int]:
    """Duplicates that were merged into another record, and that record."""
    found = session.execute(
        sa.select(Person.id, Person.merged_into_id).where(Person.merged_into_id.is_not(None)).order_by(Person.id)
    )
    return {person_id: kept_id for person_id, kept_id in found if kept_id is not None}


_WALKED_IN = Booking.source == BookingSource.WALK_IN
ENDING_OF_BOOKING = sa.case(
    (sa.and_(_WALKED_IN, Booking.outcome == Outcome.ATTENDED), int(Ending.WALK_IN)),
    (sa.and_(_WALKED_IN, Booking.outcome == Outcome.PART_ATTENDED), int(Ending.WALK_IN_PART)),
    (_WALKED_IN, int(Ending.WALK_IN_OTHER)),
    (Booking.outcome == Outcome.ATTENDED, int(Ending.ATTENDED)),
    (Booking.outcome == Outcome.PART_ATTENDED, int(Ending.PART_ATTENDED)),
    (Booking.outcome == Outcome.DID_NOT_ATTEND, int(Ending.DID_NOT_ATTEND)),
    (Booking.outcome == Outcome.TURNED_AWAY, int(Ending.TURNED_AWAY)),
    (
        sa.and_(Booking.state == BookingState.CANCELLED, Booking.cancelled_at > Booking.free_until),
        int(Ending.CANCELLED_LATE),
    ),
    (Booking.state == BookingState.CANCELLED, int(Ending.CANCELLED_IN_TIME)),
    (Booking.state == BookingState.CONFIRMED, int(Ending.NO_OUTCOME)),
    else_=int(Ending.PASSED_ON),
)
"""What became of a booking that held a place, as SQL: the one place where states and outcomes become an `Ending`."""


def agencies_named(session: Session, on: date, *, as_now: bool) -> dict[int | None, ReportedAgency]:
    """Each agency as it was called on a day; or, `as_now`, the one that it has become by mergers. Two queries."""
    rows: dict[int, Any] = {
        row.id: row
        for row in session.execute(
            sa.select(
                Agency.id, Agency.code, Agency.name, Agency.successor_id, Sector.name.label("sector"), Sector.position
            )
            .join(Sector, Sector.id == Agency.sector_id)
            .order_by(Agency.id)
        )
    }
    former = names_on(session, on)
    found: dict[int | None, ReportedAgency] = {None: NOBODYS}
    successors = {each: row.successor_id for each, row in rows.items()}
    for agency_id in rows:
        told = rows[successor_now(agency_id, successors) if as_now else agency_id]
        name = told.name if as_now else former.get(told.id, told.name)
        found[agency_id] = ReportedAgency(told.id, told.code, name, told.sector)
    return found


@dataclass(frozen=True)
class PeriodRecords:
    """All that the measures of a period count: what was delivered, who held a place or walked in, and for whom."""

    events: list[Delivered]
    claims: list[Claim]
    agencies: dict[Stamp, ReportedAgency]

    def of_types(self, types: Collection[str], *, are_left_out: bool = False) -> "PeriodRecords":
        """Only the events of these types with their claims, or all others."""
        if are_left_out and not types:
            return self
        events = [event for event in self.events if (event.event_type in types) != are_left_out]
        ids = {event.id for event in events}
        return PeriodRecords(events, [claim for claim in self.claims if claim[0] in ids], self.agencies)

    @cached_property
    def by_event(self) -> dict[int, Counts]:
        """What was counted of each event on which there was a claim."""
        return tallied_by(self.claims, itemgetter(0))

    @cached_property
    def by_agency(self) -> dict[Stamp, Counts]:
        """What was counted of each agency's claims, in each sector that it was of; `NOBODY` has those of nobody's."""
        return tallied_by(self.claims, itemgetter(2, 4))

    @cached_property
    def whole(self) -> Counts:
        """Everything counted together."""
        return joined(self.by_event.values())


def facts_of(session: Session, question: ReportQuestion) -> PeriodRecords:
    """What the question is about, in six queries whatever its size, one more for an agency as it is now.

    For one agency: its claims, and the events on which it had one.
    """
    check_types((*question.only_types, *question.types_apart))
    events = delivered_events(session, question)
    claims = claims_on(session, question)
    agency_ids = agency_ids_of(session, question)
    if agency_ids is not None:
        claims = [claim for claim in claims if claim.agency_id in agency_ids]
        theirs = {claim.event_id for claim in claims}
        events = [event for event in events if event.id in theirs]
    if question.only_types:
        ids = {event.id for event in events}
        claims = [claim for claim in claims if claim.event_id in ids]
    named = agencies_named(session, question.period.to_on, as_now=question.as_now)
    stamps = {(claim[2], claim[4]) for claim in claims}
    return PeriodRecords(events, claims, _as_stamped(session, stamps, named, as_now=question.as_now))


def _as_stamped(
    session: Session, stamps: Iterable[Stamp], named: Mapping[int | None, ReportedAgency], *, as_now: bool
) -> dict[Stamp, ReportedAgency]:
    """Each agency with the sector that is on the bookings; or, `as_now`, with the one that it is of now."""
    if as_now:
        return {stamp: named[stamp[0]] for stamp in stamps}
    sectors = dict(session.execute(sa.select(Sector.id, Sector.name).order_by(Sector.id)).all())
    return {
        (agency_id, sector_id): replace(named[agency_id], sector=sectors[sector_id]) if sector_id else named[agency_id]
        for agency_id, sector_id in stamps
    }
