"""Venues for their list and their page."""

import sqlalchemy as sa
from sqlalchemy.orm import Session

from courses.programme.events.models import Venue
from lms.kit.errors import NotFound


def venues(session: Session) -> list[Venue]:
    """Every venue by name."""
    return list(session.scalars(sa.select(Venue).order_by(Venue.name)))


def venue_by_id(session: Session, venue_id: int) -> Venue:
    """One venue. Raises NotFound."""
    found = session.get(Venue, venue_id)
    if found is None:
        raise NotFound("There is no such venue. Look for it in the list of venues.")
    return found
