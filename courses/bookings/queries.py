"""Places taken and people waiting, counted; and bookings as the people who may see them see them."""

from collections.abc import Collection
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session

from courses.bookings.models import Booking, BookingState


@dataclass(frozen=True)
class Places:
    """How many hold a place in an event, and how many wait for one. Walk-ins hold none."""

    confirmed: int = 0
    waiting: int = 0


def places_of(session: Session, event_ids: Collection[int]) -> dict[int, Places]:
    """Places of several events in one query; every id asked for is answered."""
    rows = session.execute(
        sa.select(
            Booking.event_id,
            sa.func.count(Booking.place_number),
            sa.func.sum(sa.case((Booking.state.in_([BookingState.WAITING, BookingState.OFFERED]), 1), else_=0)),
        )
        .where(Booking.event_id.in_(event_ids))
        .group_by(Booking.event_id)
    )
    counted = {event_id: Places(confirmed, waiting) for event_id, confirmed, waiting in rows}
    return {event_id: counted.get(event_id, Places()) for event_id in event_ids}
