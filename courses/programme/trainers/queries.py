"""Events to come at which somebody trains."""

from collections.abc import Iterator

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from courses.programme import words
from courses.programme.events.models import Event
from courses.programme.events.rules import EventState
from lms.frame.plugins import LeavingChoice, LeftOpen
from lms.frame.work import Work
from lms.people.models import Person

COMING = (EventState.PLANNED, EventState.PUBLISHED, EventState.POSTPONED)
CHOICES = {
    LeavingChoice.END: "Take them off: the event needs another trainer",
    LeavingChoice.GIVE: "Another trainer",
    LeavingChoice.KEEP: "Keep them: they still train that day",
}


def dates_as_trainer(work: Work, person_id: int) -> Iterator[LeftOpen]:
    """Dates that somebody who leaves was to train at."""
    asked = (
        sa.select(Event)
        .where(Event.trainers.any(Person.id == person_id), Event.state.in_(COMING), Event.ends_at > work.now)
        .options(joinedload(Event.version))
        .order_by(Event.starts_at, Event.id)
    )
    for event in work.session.scalars(asked):
        yield LeftOpen(
            key=f"trains-{person_id}-{event.id}",
            words=f"{event.version.title}, {words.when(event)}: trains",
            choices=CHOICES,
            receiver="The reference or email address of another trainer.",
            locks=((Event, event.id),),
        )
