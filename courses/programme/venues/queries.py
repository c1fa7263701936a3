"""Venues for their list and their page."""

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from courses.programme.events.models import Event, EventDay, Venue
from courses.programme.events.rules import EventState
from courses.questions import ClaimsOn
from lms.frame.work import Work
from lms.kit.errors import NotFound


def venues(session: Session) -> list[Venue]:
    """Every venue by name."""
    return list(session.scalars(sa.select(Venue).order_by(Venue.name)))


def venue_by_id(session: Session, venue_id: int) -> Venue:
    """One venue. Raises NotFound."""
    found = session.get(Venue, venue_id)
    if found is None:
        raise NotFound("We cannot find that venue. Look for it in the list of venues.")
    return found


def coming_events_at(session: Session, venue_id: int, now: datetime) -> list[int]:
    """The published events to come that take place there, in the order in which they are locked."""
    there = sa.select(EventDay.event_id).where(EventDay.venue_id == venue_id)
    coming = sa.select(Event.id).where(Event.id.in_(there), Event.state == EventState.PUBLISHED, Event.ends_at > now)
    return list(session.scalars(coming.order_by(Event.id)))


@dataclass(frozen=True)
class WouldBeTold:
    """Whom a correction of a venue concerns."""

    events: int
    people: int


def would_be_told(work: Work, venue_id: int) -> WouldBeTold:
    """How many hold a place at how many events to come there."""
    event_ids = tuple(coming_events_at(work.session, venue_id, work.now))
    claims = work.ask(ClaimsOn(event_ids)) if event_ids else {}
    return WouldBeTold(len(event_ids), sum(each.places.confirmed for each in claims.values()))
