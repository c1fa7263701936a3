"""Adding and correcting venues."""

from dataclasses import dataclass

import sqlalchemy as sa

from courses.programme.events.models import Venue
from courses.programme.events.rules import town_of
from courses.programme.venues.queries import venue_by_id
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


def save_venue(work: Work, venue_id: int | None, written: VenueWritten) -> Venue:
    """Add a venue, or correct one. Its name is unique, because files and lists know it by that."""
    if not work.actor.may("courses.manage_events"):
        raise NotAllowed("Only coordinators change venues. Ask the training team.")
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
    return venue
