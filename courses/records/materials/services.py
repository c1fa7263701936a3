"""Adding materials to an event, and taking them away."""

import sqlalchemy as sa

from courses.programme.events.models import Event
from courses.records.materials.models import EventMaterial
from courses.records.materials.queries import check_keeps_materials
from courses.records.materials.rules import check_room_for_more, kept_name
from lms.frame.locks import lock_row
from lms.frame.work import Work
from lms.kit.errors import Invalid, NotFound

SAME_TITLE = "There is a file called this already. Give this one another name, or take the other away first."


def add_material(work: Work, event: Event, *, title: str, name: str, data: bytes) -> EventMaterial:
    """Keep a file for those who were there. Raises Invalid for what cannot be kept, Conflict where it is too many."""
    check_keeps_materials(event, work.actor)
    title = " ".join(title.split())
    kept_as = kept_name(name, data, title)
    lock_row(work.session, Event, event.id)
    titles = list(
        work.session.scalars(sa.select(EventMaterial.title).where(EventMaterial.event_id == event.id).order_by("title"))
    )
    check_room_for_more(len(titles))
    if title in titles:
        raise Invalid(SAME_TITLE, field="title")
    added = EventMaterial(
        event_id=event.id,
        title=title,
        file_name=kept_as,
        size=len(data),
        content=data,
        added_at=work.now,
        added_by_id=work.actor.person_id,
    )
    work.session.add(added)
    work.session.flush()
    work.record("material added", added, of_event=event.ref, size=added.size)
    return added


def remove_material(work: Work, event: Event, material_id: int) -> None:
    """Take a file away, for everybody."""
    check_keeps_materials(event, work.actor)
    found = work.session.get(EventMaterial, material_id)
    if found is None or found.event_id != event.id:
        raise NotFound("We cannot find that file. It may already have been removed.")
    work.record("material taken away", found, of_event=event.ref)
    work.session.delete(found)
    work.session.flush()
