"""Observations as lists and pages show them: to the observer, the trainer and the training team, and to nobody else."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from courses.programme.courses.models import CourseVersion
from courses.programme.events.models import Event
from lms.frame.access import Actor
from lms.kit.errors import NotFound
from lms.kit.working_days import london_date
from lms.people.models import Person
from surveys.observation.models import Observation
from surveys.observation.rules import is_late
from surveys.permissions import MANAGE_OBSERVATIONS

NO_SUCH = "We cannot find that observation among yours. My observations lists those that you may read."


@dataclass(frozen=True)
class ObservationRow:
    """One line of a list."""

    id: int
    course: str
    held_on: date
    trainer: str
    observer: str
    due_on: date
    written_at: datetime | None
    responded_at: datetime | None
    is_late: bool

    @property
    def state(self) -> str:
        if self.written_at is None:
            return "Late" if self.is_late else "To be written"
        return "Answered" if self.responded_at else "Written"


def observation_rows(
    session: Session, actor: Actor, now: datetime, *, event_id: int | None = None, is_own: bool = False
) -> list[ObservationRow]:
    """Those that this reader may see, the latest event first. `is_own`: only where they observe or are observed."""
    trainer, observer = aliased(Person), aliased(Person)
    criteria: list[sa.ColumnElement[bool]] = [] if event_id is None else [Observation.event_id == event_id]
    if is_own or not actor.may(MANAGE_OBSERVATIONS):
        criteria.append(_concerns(actor))
    rows = session.execute(
        sa.select(Observation, CourseVersion.title, Event.ends_at, trainer.name, observer.name)
        .join(Event, Event.id == Observation.event_id)
        .join(CourseVersion, CourseVersion.id == Event.course_version_id)
        .join(trainer, trainer.id == Observation.trainer_id)
        .join(observer, observer.id == Observation.observer_id)
        .where(*criteria)
        .order_by(Event.ends_at.desc(), Observation.id)
        .limit(300)
    )
    return [
        ObservationRow(
            each.id,
            title,
            london_date(ends_at),
            trainer_name,
            observer_name,
            each.due_on,
            each.written_at,
            each.responded_at,
            is_late(each.due_on, london_date(each.written_at) if each.written_at else None, london_date(now)),
        )
        for each, title, ends_at, trainer_name, observer_name in rows
    ]


def find_observation(session: Session, actor: Actor, observation_id: int) -> Observation:
    """One that this reader may see. A trainer sees it once it is written. Raises NotFound for every other."""
    found = session.get(Observation, observation_id)
    if found is None:
        raise NotFound(NO_SUCH)
    is_trainer = actor.person_id == found.trainer_id and found.written_at is not None
    if not (is_trainer or actor.person_id == found.observer_id or actor.may(MANAGE_OBSERVATIONS)):
        raise NotFound(NO_SUCH)
    return found


def _concerns(actor: Actor) -> sa.ColumnElement[bool]:
    is_trainer = sa.and_(Observation.trainer_id == actor.person_id, Observation.written_at.is_not(None))
    return sa.or_(Observation.observer_id == actor.person_id, is_trainer)


def to_be_written(session: Session, until: date) -> Sequence[Observation]:
    """Those not written whose day is here or has passed."""
    return session.scalars(
        sa.select(Observation)
        .where(Observation.written_at.is_(None), Observation.due_on <= until)
        .order_by(Observation.id)
    ).all()
