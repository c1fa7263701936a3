"""What other systems follow of learning: of all agencies, or of those that their token leads."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload

from courses.attendance.register.models import Mark
from courses.booking.bookings.models import Booking
from courses.booking.bookings.queries import visible_bookings
from courses.booking.bookings.rules import BookingState, Outcome
from courses.programme.courses.models import Course
from courses.programme.events.models import Event
from courses.records.certificates.models import Certificate
from courses.records.certificates.rules import refresh_by
from courses.records.completions.models import Completion
from lms.frame.access import Actor
from lms.kit.errors import NotFound
from lms.kit.working_days import london_date
from lms.people.models import Person


@dataclass(frozen=True)
class LastLearned:
    """When somebody last attended or completed a course, and until when that holds."""

    person_id: int
    course_id: int
    person_ref: str
    agency_code: str | None
    course_code: str
    last_on: date
    valid_until: date | None


def visible_people(actor: Actor) -> sa.ColumnElement[bool]:
    """Everybody for those who manage bookings; for an agency's lead, the agency's people. Nobody erased or merged."""
    there = sa.and_(Person.erased_at.is_(None), Person.merged_into_id.is_(None))
    if actor.may("courses.manage_bookings"):
        return there
    return sa.and_(there, Person.agency_id.in_(actor.leads_agency_ids))


def visible_person(session: Session, actor: Actor, ref: str) -> Person:
    """One of them. Raises NotFound."""
    found = session.scalar(sa.select(Person).where(Person.ref == ref, visible_people(actor)))
    if found is None:
        raise NotFound("There is no one with this reference among those of the token.")
    return found


def attendances(actor: Actor) -> sa.Select[Booking]:
    """Bookings whose register is finalised, with all that is said of them."""
    return (
        sa.select(Booking)
        .join(Booking.event)
        .join(Booking.person)
        .where(Booking.outcome.is_not(None), visible_bookings(actor))
        .options(
            joinedload(Booking.person),
            joinedload(Booking.agency),
            joinedload(Booking.event).joinedload(Event.course),
            joinedload(Booking.event).joinedload(Event.version),
            joinedload(Booking.event).selectinload(Event.days),
        )
    )


def marked_since(moment: datetime) -> sa.ColumnElement[bool]:
    """Changed at a moment or later, in the booking or on its register."""
    marked = sa.exists().where(Mark.booking_id == Booking.id, Mark.marked_at >= moment)
    return sa.or_(Booking.changed_at >= moment, marked)


def certificates(actor: Actor) -> sa.Select[Certificate]:
    """Certificates with their events and people, also those that were superseded."""
    return (
        sa.select(Certificate)
        .join(Certificate.booking)
        .join(Certificate.person)
        .where(visible_bookings(actor))
        .options(
            joinedload(Certificate.person),
            joinedload(Certificate.superseded_by),
            joinedload(Certificate.booking).joinedload(Booking.agency),
            joinedload(Certificate.booking).joinedload(Booking.event).joinedload(Event.course),
        )
    )


def completions(actor: Actor) -> sa.Select[Completion]:
    """E-learning completions of the agency that somebody was with then."""
    found = (
        sa.select(Completion)
        .join(Completion.person)
        .join(Completion.course)
        .options(joinedload(Completion.person), joinedload(Completion.course), joinedload(Completion.agency))
    )
    return found if actor.may("courses.manage_bookings") else found.where(_own_completions(actor))


def _own_completions(actor: Actor) -> sa.ColumnElement[bool]:
    return Completion.agency_id.in_(actor.leads_agency_ids)


@dataclass(frozen=True)
class LearnedWanted:
    """Whose last learning, of which course."""

    course_code: str = ""
    person_ref: str = ""
    updated_since: datetime | None = None


def last_learned(
    session: Session, actor: Actor, wanted: LearnedWanted, *, after: Sequence[int] | None, limit: int
) -> list[LastLearned]:
    """The last attendance or completion of each person who is here and each course, in three queries."""
    pairs = _pairs(wanted).subquery()
    found = (
        sa.select(pairs.c.person_id, pairs.c.course_id, Person, Course)
        .join(Person, Person.id == pairs.c.person_id)
        .join(Course, Course.id == pairs.c.course_id)
        .where(visible_people(actor), Person.is_here)
        .options(joinedload(Person.agency))
        .order_by(pairs.c.person_id, pairs.c.course_id)
        .limit(limit)
    )
    if after is not None:
        found = found.where(sa.tuple_(pairs.c.person_id, pairs.c.course_id) > sa.tuple_(*map(sa.literal, after)))
    if wanted.course_code:
        found = found.where(Course.code == wanted.course_code)
    if wanted.person_ref:
        found = found.where(Person.ref == wanted.person_ref)
    rows = session.execute(found).all()
    last = _last_days(session, {row.person_id for row in rows})
    return [
        LastLearned(
            person_id=row.person_id,
            course_id=row.course_id,
            person_ref=row.Person.ref,
            agency_code=row.Person.agency.code if row.Person.agency else None,
            course_code=row.Course.code,
            last_on=last[row.person_id, row.course_id],
            valid_until=refresh_by(last[row.person_id, row.course_id], row.Course.refresher_months),
        )
        for row in rows
    ]


CAME_TO = (Booking.state == BookingState.CONFIRMED, Booking.outcome == Outcome.ATTENDED)


def _pairs(wanted: LearnedWanted) -> sa.CompoundSelect[int, int]:
    """Who learned what, once each."""
    attended = (
        sa.select(Booking.person_id.label("person_id"), Event.course_id.label("course_id"))
        .join(Event, Event.id == Booking.event_id)
        .where(*CAME_TO)
    )
    completed = sa.select(Completion.person_id, Completion.course_id)
    if wanted.updated_since is not None:
        attended = attended.where(Booking.changed_at >= wanted.updated_since)
        completed = completed.where(Completion.created_at >= wanted.updated_since)
    return sa.union(attended, completed)


def _last_days(session: Session, person_ids: Collection[int]) -> dict[tuple[int, int], date]:
    attended = session.execute(
        sa.select(Booking.person_id, Event.course_id, sa.func.max(Event.ends_at).label("at"))
        .join(Event, Event.id == Booking.event_id)
        .where(Booking.person_id.in_(person_ids), *CAME_TO)
        .group_by(Booking.person_id, Event.course_id)
    )
    last = {(row.person_id, row.course_id): london_date(row.at) for row in attended}
    completed = session.execute(
        sa.select(Completion.person_id, Completion.course_id, sa.func.max(Completion.completed_on).label("on"))
        .where(Completion.person_id.in_(person_ids))
        .group_by(Completion.person_id, Completion.course_id)
    )
    for row in completed:
        pair = (row.person_id, row.course_id)
        last[pair] = max(row.on, last.get(pair, row.on))
    return last
