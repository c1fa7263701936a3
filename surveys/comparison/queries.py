"""Who waits and can be asked, who has a place by now, and how many were asked."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from courses.booking.bookings.models import Booking
from courses.booking.bookings.rules import BookingState
from courses.programme.events.models import Event
from courses.programme.events.rules import EventState
from lms.kit.portions import AT_A_TIME
from lms.kit.working_days import london_date
from lms.people.models import Person
from surveys.comparison.models import ComparedCourse
from surveys.invitations.consent.queries import has_agreed, has_refused
from surveys.invitations.models import Answered, Invitation
from surveys.invitations.queries import was_answered
from surveys.invitations.uninvited.queries import days_of
from surveys.selection.rules import CLOSING
from surveys.stages.rules import FIRST_WAITING, LAST_WAITING, OF_WAITING

SAID_NO = "Not in the comparison with the waiting list"
GOT_A_PLACE = "They got a place"


@dataclass(frozen=True)
class Waiter:
    """Somebody who waits, or waited, for an event. `last_day_on`: its last day."""

    booking_id: int
    event_id: int
    person_id: int
    last_day_on: date


def waiting_unasked(session: Session, until: datetime) -> list[Waiter]:
    """At most a portion of those who wait for a compared course and were never asked, once for each course.

    Of events that begin after `until`; not those who hold a place of the course, nor those without an address.
    """
    other = aliased(Event)
    was_asked = (
        sa.exists()
        .where(Invitation.person_id == Booking.person_id, Invitation.stage == FIRST_WAITING)
        .where(other.id == Invitation.event_id, other.course_id == Event.course_id)
    )
    query = (
        sa.select(sa.func.min(Booking.id))
        .join(Event, Event.id == Booking.event_id)
        .join(Person, Person.id == Booking.person_id)
        .join(ComparedCourse, ComparedCourse.course_id == Event.course_id)
        .where(Booking.state == BookingState.WAITING, Event.state == EventState.PUBLISHED, Event.starts_at > until)
        .where(Event.is_history.is_(False), Person.is_here, Person.email != "", ~was_asked)
        .where(~_holds_a_place(Booking.person_id, until))
        .group_by(Booking.person_id, Event.course_id)
        .order_by(sa.func.min(Booking.id))
        .limit(AT_A_TIME)
    )
    return _waiters(session, query)


def waited_unasked(session: Session, now: datetime) -> list[Waiter]:
    """At most a portion of those who agreed and answered, waited until the event was over, and are still to be asked.

    Whoever got a place of the course is left out by `has_left`.
    """
    again = aliased(Invitation)
    has_one = sa.exists().where(again.booking_id == Invitation.booking_id, again.stage == LAST_WAITING)
    query = (
        sa.select(Invitation.booking_id)
        .join(Event, Event.id == Invitation.event_id)
        .join(Person, Person.id == Invitation.person_id)
        .where(Invitation.stage == FIRST_WAITING, Invitation.withdrawn_at.is_(None), has_agreed(), was_answered())
        .where(Event.ends_at <= now, Event.state.in_((EventState.PUBLISHED, EventState.DELIVERED)))
        .where(Person.is_here, ~has_one, ~_got_a_place())
        .order_by(Invitation.booking_id)
        .limit(AT_A_TIME)
    )
    return _waiters(session, query)


def _waiters(session: Session, booking_ids: sa.Select[int]) -> list[Waiter]:
    ids = session.scalars(booking_ids).all()
    rows = session.execute(
        sa.select(Booking.id, Booking.event_id, Booking.person_id).where(Booking.id.in_(ids)).order_by(Booking.id)
    ).all()
    days = days_of(session, {row.event_id for row in rows})
    return [
        Waiter(booking_id, event_id, person_id, max(days[event_id].values()))
        for booking_id, event_id, person_id in rows
    ]


def _holds_a_place(person_id: sa.SQLColumnExpression[int], now: datetime) -> sa.ColumnElement[bool]:
    """A place at a coming event of the course of the query's event."""
    theirs, there = aliased(Booking), aliased(Event)
    return (
        sa.exists()
        .where(theirs.person_id == person_id, theirs.state == BookingState.CONFIRMED)
        .where(there.id == theirs.event_id, there.course_id == Event.course_id, there.ends_at >= now)
    )


def _got_a_place() -> sa.ColumnElement[bool]:
    """Whoever was asked has held a place since, at an event of the course: kept or given up again."""
    theirs, there = aliased(Booking), aliased(Event)
    return (
        sa.exists()
        .where(theirs.person_id == Invitation.person_id, theirs.confirmed_at.is_not(None))
        .where(there.id == theirs.event_id, there.course_id == Event.course_id, there.ends_at >= Invitation.created_at)
    )


def has_left(session: Session, now: datetime, person_id: int | None = None) -> dict[str, list[Invitation]]:
    """What was asked of those who are to leave the comparison, by why: they got a place in time, or said no.

    In time: before they could answer for the last time. One query.
    """
    last = aliased(Invitation)
    is_over = sa.exists().where(
        last.booking_id == Invitation.booking_id, last.stage == LAST_WAITING, last.closes_at < now
    )
    said_no, got_a_place = has_refused(), _got_a_place()
    rows = session.execute(
        sa.select(Invitation, said_no)
        .join(Event, Event.id == Invitation.event_id)
        .where(Invitation.stage.in_(OF_WAITING), Invitation.withdrawn_at.is_(None))
        .where(Event.ends_at > now - CLOSING, ~is_over, sa.or_(said_no, got_a_place))
        .where(sa.true() if person_id is None else Invitation.person_id == person_id)
        .order_by(Invitation.id)
    )
    found: dict[str, list[Invitation]] = defaultdict(list)
    for invitation, is_no in rows:
        found[SAID_NO if is_no else GOT_A_PLACE].append(invitation)
    return found


# How many


@dataclass(frozen=True)
class AskedWaiting:
    """Of an event: how many of those who waited for it were asked, and left because they got a place."""

    event_id: int
    course_id: int
    held_on: date
    asked: int
    left: int


def asked_of_waiting(session: Session) -> list[AskedWaiting]:
    """By event, of letters that went: one query."""
    went = Invitation.withdrawn_at.is_(None) | Invitation.withdrawn_reason.in_((GOT_A_PLACE, SAID_NO))
    rows = session.execute(
        sa.select(
            Event.id,
            Event.course_id,
            Event.ends_at,
            sa.func.count(Invitation.id),
            sa.func.count(Invitation.id).filter(Invitation.withdrawn_reason == GOT_A_PLACE),
        )
        .join(Event, Event.id == Invitation.event_id)
        .where(Invitation.stage == FIRST_WAITING, Invitation.sent_at.is_not(None), went)
        .group_by(Event.id, Event.course_id, Event.ends_at)
        .order_by(Event.id)
    )
    return [
        AskedWaiting(event_id, course_id, london_date(ends_at), asked, left)
        for event_id, course_id, ends_at, asked, left in rows
    ]


@dataclass(frozen=True)
class SoFar:
    """How far the comparison of a course has come, for the office."""

    asked: int
    agreed: int
    answered: int
    asked_again: int
    answered_again: int


def so_far(session: Session, course_id: int) -> SoFar:
    """Of everybody who is in it: one query."""
    first, last = Invitation.stage == FIRST_WAITING, Invitation.stage == LAST_WAITING
    is_sent, is_answered = Invitation.sent_at.is_not(None), Answered.invitation_id.is_not(None)
    row = session.execute(
        sa.select(
            *(
                sa.func.count(Invitation.id).filter(*which)
                for which in (
                    (first, is_sent),
                    (first, has_agreed()),
                    (first, is_answered),
                    (last, is_sent),
                    (last, is_answered),
                )
            )
        )
        .select_from(Invitation)
        .join(Event, Event.id == Invitation.event_id)
        .outerjoin(Answered, Answered.invitation_id == Invitation.id)
        .where(Event.course_id == course_id, Invitation.withdrawn_at.is_(None))
    ).one()
    asked, agreed, answered, asked_again, answered_again = tuple(row)
    return SoFar(asked, agreed, answered, asked_again, answered_again)


def compared_since(session: Session, course_id: int) -> datetime | None:
    """Since when a course's waiting list is asked; None where it is not."""
    found = session.get(ComparedCourse, course_id)
    return found.since_at if found else None
