"""Holding places for a sector, and releasing them."""

from datetime import date

import sqlalchemy as sa

from courses.booking.bookings.places.models import PlaceHold
from courses.booking.bookings.places.services import fill_places, lock_event, release
from courses.booking.holds.queries import holds_of
from courses.booking.holds.rules import check_hold
from courses.programme.events.life import HOLD
from lms.agencies.models import Sector
from lms.frame.work import Work
from lms.kit.errors import Invalid, NotFound
from lms.kit.working_days import end_of_day, london_date


def hold_places(work: Work, event_id: int, sector_id: int, places: int, until: date) -> PlaceHold:
    """Keep places for a sector's people to the end of a day. Who has a place keeps it, and counts towards the hold.

    Raises Invalid for numbers and days that make no sense, Conflict for an event that is over.
    """
    event, sector = lock_event(work, event_id), work.session.get(Sector, sector_id)
    HOLD.check(event.state)
    if sector is None:
        raise Invalid("Choose a sector.", field="sector_id")
    others = [hold for hold in holds_of(work.session, event, work.now) if hold.sector != sector.name]
    check_hold(
        places,
        event.capacity,
        sum(hold.places for hold in others),
        until=until,
        today=london_date(work.now),
        first_day=london_date(event.starts_at),
    )
    _replace(work, event_id, sector_id)
    held_until = end_of_day(until)
    hold = PlaceHold(event_id=event.id, sector=sector, places=places, held_until=held_until, made_at=work.now)
    work.session.add(hold)
    work.record("places held", event, sector=sector.name, places=places, until=until)
    work.session.flush()
    fill_places(work, event)  # fewer than before may be held; or no place is left of those offered to everybody
    return hold


def release_hold(work: Work, event_id: int, hold_id: int) -> PlaceHold:
    """Let everybody have the places now. Raises NotFound."""
    hold = work.session.get(PlaceHold, hold_id)
    if hold is None or hold.event_id != event_id or hold.released_at is not None:
        raise NotFound("These places are not held any more. Check the event again.")
    release(work, hold)
    return hold


def _replace(work: Work, event_id: int, sector_id: int) -> None:
    """One hold for a sector: a new number takes the place of the old one."""
    work.session.execute(
        sa.update(PlaceHold)
        .where(PlaceHold.event_id == event_id, PlaceHold.sector_id == sector_id, PlaceHold.released_at.is_(None))
        .values(released_at=work.now)
    )
