"""Warning a coordinator before a room or a trainer is taken twice."""

from collections.abc import Collection

from courses.programme.events.clashes.queries import clashes_of
from courses.programme.events.models import Event, Venue
from lms.frame.locks import lock_rows
from lms.frame.work import Work
from lms.kit.errors import Invalid
from lms.people.models import Person


def check_clashes(work: Work, event: Event, *, despite_clashes: bool) -> None:
    """Refuse when a room or a trainer of the event is taken at the same time, unless the coordinator insists."""
    _lock(work, event, {each.id for each in event.trainers})
    sentences = () if despite_clashes else clashes_of(work, event)
    if sentences:
        raise Invalid(f"{' '.join(sentences)} Change it, or tick the box to do it anyway.", field="anyway")


def _lock(work: Work, event: Event, trainer_ids: Collection[int]) -> None:
    """Its rooms, then its trainers, until this work ends: two who plan with the same one do so one after the other."""
    with work.session.no_autoflush:
        lock_rows(work.session, Venue, {day.venue_id for day in event.days if day.venue_id is not None})
        lock_rows(work.session, Person, trainer_ids)
