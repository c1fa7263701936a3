"""Events to come at which somebody trains."""

from collections.abc import Collection, Iterator

import sqlalchemy as sa
from sqlalchemy.orm import aliased, joinedload, selectinload

from courses.programme import words
from courses.programme.events.models import Event
from courses.programme.events.rules import EventState
from lms.frame.plugins import LeavingChoice, LeftOpen
from lms.frame.work import Work
from lms.people.models import Person

COMING = (EventState.PLANNED, EventState.PUBLISHED, EventState.POSTPONED)
CHOICES = {
    LeavingChoice.END: "Remove them, so the event needs another trainer",
    LeavingChoice.GIVE: "Another trainer",
    LeavingChoice.KEEP: "Keep them: they still train that day",
}


def dates_as_trainer(work: Work, person_ids: Collection[int]) -> Iterator[tuple[int, LeftOpen]]:
    """Dates that those who leave were to train at."""
    trainer = aliased(Person)
    asked = (
        sa.select(trainer.id, Event)
        .join(Event.trainers.of_type(trainer))
        .where(trainer.id.in_(person_ids), Event.state.in_(COMING), Event.ends_at > work.now)
        .options(joinedload(Event.version), selectinload(Event.days))
        .order_by(Event.starts_at, Event.id, trainer.id)
    )
    for person_id, event in work.session.execute(asked):
        yield (
            person_id,
            LeftOpen(
                key=f"trains-{person_id}-{event.id}",
                words=f"{event.version.title}, {words.when(event)}: trains",
                choices=CHOICES,
                receiver="The reference or email address of another trainer.",
                locks=((Event, event.id),),
            ),
        )
