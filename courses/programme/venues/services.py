"""Adding and correcting venues."""

from dataclasses import dataclass

import sqlalchemy as sa

from courses.programme.events.changes.services import Before, tell_venue_corrected
from courses.programme.events.models import Event, Venue
from courses.programme.events.rules import town_of
from courses.programme.venues.queries import coming_events_at, venue_by_id
from lms.frame.locks import lock_row, lock_rows
from lms.frame.work import Work
from lms.kit.errors import Invalid, NotAllowed


@dataclass(frozen=True)
class VenueWritten:
    """What is said of a venue."""

    name: str
    town: str = ""
    address: str = ""
    parking: str = ""
    access: str = ""
    directions: str = ""


def save_venue(
    work: Work, venue_id: int | None, written: VenueWritten, *, why: str = "", is_correction: bool = False
) -> Venue:
    """Add a venue, or correct one. Its name is unique, because files and lists know it by that.

    Whoever holds a place at an event to come there, and its trainers, hear what is otherwise, unless it is only the
    correction of a spelling.
    """
    if not work.actor.may("courses.manage_events"):
        raise NotAllowed("Only coordinators can change venues. Ask the training team.")
    before = _coming(work, venue_id)
    venue = Venue() if venue_id is None else venue_by_id(work.session, venue_id)
    name = " ".join(written.name.split())
    if not name:
        raise Invalid("Give the venue a name.", field="name")
    if work.session.scalar(sa.select(Venue.id).where(Venue.name == name, Venue.id != (venue_id or 0))):
        raise Invalid(
            f"There is already a venue called {name}. Choose another name, or correct that one.", field="name"
        )
    venue.name = name
    venue.town = written.town.strip() or town_of(name)
    venue.address = written.address.strip()
    venue.parking, venue.access = written.parking.strip(), written.access.strip()
    venue.directions = written.directions.strip()
    work.session.add(venue)
    work.record("venue added" if venue_id is None else "venue changed", venue, name=name)
    work.session.flush()
    for event, was in before:
        tell_venue_corrected(work, event, was, why=why, is_correction=is_correction)
    return venue


def _coming(work: Work, venue_id: int | None) -> list[tuple[Event, Before]]:
    """The events to come there, locked before the venue, and what people know of them."""
    if venue_id is None:
        return []
    events = lock_rows(work.session, Event, coming_events_at(work.session, venue_id, work.now))
    lock_row(work.session, Venue, venue_id)
    return [(event, Before.of(event)) for event in events]
