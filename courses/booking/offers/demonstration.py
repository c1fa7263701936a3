"""The demonstration's open questions: a place offered, places held for a sector, and a line manager who is asked."""

from collections.abc import Callable
from datetime import timedelta

import sqlalchemy as sa

from courses.booking.bookings.models import Booking
from courses.booking.bookings.places.queries import room_of
from courses.booking.bookings.places.services import fill_places
from courses.booking.bookings.rules import LIVE_STATES, BookingRequest, BookingState
from courses.booking.bookings.services import book_place
from courses.booking.holds.services import hold_places
from courses.programme.events.models import Event
from courses.programme.events.rules import EventState
from lms.agencies.models import Agency, Sector
from lms.frame.locks import lock_rows
from lms.frame.work import Work
from lms.kit.working_days import london_date
from lms.people.models import Person, RoleGrant

SOON = timedelta(days=9)
NOT_TOO_SOON = timedelta(days=3)
PLACES_HELD = 2


def load(work: Work) -> None:
    """One of each, where the calendar of the day allows it; after the bookings."""
    full = _full(work)
    roomy = [event for event in _coming(work) if room_of(work.session, event, work.now).free > PLACES_HELD + 2]
    steps: list[tuple[Event, Callable[[Work, Event], None]]] = []
    if full is not None:
        steps.append((full, _offer))
    if roomy:
        steps += [(roomy[-1], _hold), (roomy[0], _ask)]
    lock_rows(work.session, Event, [event.id for event, _ in steps])  # all of them before any person
    for event, do in sorted(steps, key=lambda step: step[0].id):
        do(work, event)


def _coming(work: Work) -> list[Event]:
    chosen = sa.select(Event).where(Event.state == EventState.PUBLISHED, Event.starts_at > work.now + SOON)
    is_open = sa.or_(Event.booking_opens_at.is_(None), Event.booking_opens_at <= work.now)
    chosen = chosen.where(is_open, Event.booking_closes_at > work.now)
    return list(work.session.scalars(chosen.order_by(Event.starts_at, Event.id)))


def _full(work: Work) -> Event | None:
    """A full event for which somebody waits."""
    waits = sa.exists().where(Booking.event_id == Event.id, Booking.state == BookingState.WAITING)
    waited_for = work.session.scalars(
        sa.select(Event)
        .where(Event.state == EventState.PUBLISHED, Event.starts_at > work.now + NOT_TOO_SOON, waits)
        .order_by(Event.starts_at, Event.id)
    )
    return next((event for event in waited_for.all() if room_of(work.session, event, work.now).free == 0), None)


def _offer(work: Work, event: Event) -> None:
    """It has one place more, and the first in its list is asked."""
    event.capacity += 1
    work.session.flush()
    fill_places(work, event)


def _hold(work: Work, event: Event) -> None:
    sector = work.session.scalars(
        sa.select(Sector).join(Agency, Agency.sector_id == Sector.id).order_by(Sector.name, Sector.id).limit(1)
    ).one()
    hold_places(work, event.id, sector.id, PLACES_HELD, london_date(event.starts_at - timedelta(days=7)))


def _ask(work: Work, event: Event) -> None:
    """Somebody without any other claim asks for a place on a course whose line managers agree first."""
    has_claim = sa.exists().where(Booking.person_id == Person.id, Booking.state.in_(LIVE_STATES))
    person = work.session.scalar(
        sa.select(Person)
        .where(Person.manager_email != "", Person.is_here)
        .where(Person.agency_id.is_not(None), ~has_claim, ~sa.exists().where(RoleGrant.person_id == Person.id))
        .order_by(Person.ref)
        .limit(1)
    )
    if person is not None and person not in event.trainers:
        event.course.needs_approval = True
        request = BookingRequest(manager_name=person.manager_name, manager_email=person.manager_email)
        book_place(work, event.id, person, request)
