"""Which files an event has, and who may have them."""

from collections.abc import Collection
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session

from courses.booking.bookings.models import Booking
from courses.booking.bookings.rules import THERE
from courses.programme.events.models import Event
from courses.records.materials.models import EventMaterial
from courses.records.materials.rules import size_words
from lms.frame.access import Actor
from lms.kit.errors import NotAllowed, NotFound

NO_SUCH = "We cannot find that file for you. My learning shows the materials of what you attended."


@dataclass(frozen=True)
class MaterialRow:
    """A line of the list: what it is called, what kind of file, and how large."""

    id: int
    event_id: int
    title: str
    kind: str
    size: str


def keeps_materials(event: Event, actor: Actor) -> bool:
    """The office, and the trainers of this very event."""
    return actor.may("courses.manage_events") or any(each.id == actor.person_id for each in event.trainers)


def check_keeps_materials(event: Event, actor: Actor) -> None:
    """Raises NotAllowed for everybody else."""
    if not keeps_materials(event, actor):
        raise NotAllowed("Only the training team and this event’s trainers add materials.")


def materials_of(session: Session, event_ids: Collection[int]) -> dict[int, list[MaterialRow]]:
    """The files of these events, by event, in one query and without what is in them."""
    columns = EventMaterial.id, EventMaterial.event_id, EventMaterial.title, EventMaterial.file_name, EventMaterial.size
    asked = sa.select(*columns).where(EventMaterial.event_id.in_(event_ids))
    found: dict[int, list[MaterialRow]] = {}
    for number, event_id, title, name, size in session.execute(asked.order_by(EventMaterial.title, EventMaterial.id)):
        row = MaterialRow(number, event_id, title, name.rpartition(".")[2].upper(), size_words(size))
        found.setdefault(event_id, []).append(row)
    return found


def material_for(session: Session, material_id: int, actor: Actor) -> EventMaterial:
    """A file, for whoever was at its event, its trainers and the office. Raises NotFound for everybody else."""
    found = session.get(EventMaterial, material_id)
    if found is None or not (_was_there(session, found.event_id, actor) or _keeps(session, found.event_id, actor)):
        raise NotFound(NO_SUCH)
    return found


def _was_there(session: Session, event_id: int, actor: Actor) -> bool:
    theirs = sa.select(Booking.id).where(Booking.event_id == event_id, Booking.person_id == (actor.person_id or 0))
    return session.scalar(theirs.where(Booking.outcome.in_(THERE)).limit(1)) is not None


def _keeps(session: Session, event_id: int, actor: Actor) -> bool:
    return keeps_materials(session.get_one(Event, event_id), actor)
