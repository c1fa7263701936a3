"""Which places of an event are held, for whom, and how many of them are used."""

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from courses.booking.bookings.places.models import PlaceHold
from courses.booking.bookings.places.queries import is_held, room_of
from courses.programme.events.models import Event
from lms.agencies.models import Sector


@dataclass(frozen=True)
class HoldRow:
    """A hold in force, and how many of its places its sector has."""

    id: int
    sector: str
    places: int
    used: int
    held_until: datetime


def holds_of(session: Session, event: Event, now: datetime) -> list[HoldRow]:
    """The holds in force, by sector."""
    taken = room_of(session, event, now).taken
    rows = session.execute(
        sa.select(PlaceHold.id, Sector.name, PlaceHold.places, PlaceHold.sector_id, PlaceHold.held_until)
        .join(Sector, Sector.id == PlaceHold.sector_id)
        .where(PlaceHold.event_id == event.id, is_held(now))
        .order_by(Sector.name)
    )
    return [
        HoldRow(hold_id, name, places, min(taken.get(sector, 0), places), until)
        for hold_id, name, places, sector, until in rows
    ]
