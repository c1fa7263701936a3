"""Letters about observations. What somebody wrote of a trainer never stands in a letter."""

from typing import Any

from lms.kit.letters import Letter
from lms.kit.words import long_date
from lms.kit.working_days import london_date
from surveys.observation.models import Observation


def asked(observation: Observation) -> Letter:
    """To the observer: please sit in, and write it up by then."""
    return _letter("observation_asked", observation, observation.observer_id)


def due(observation: Observation) -> Letter:
    """To the observer, once: it is to be written today, or was."""
    return _letter("observation_due", observation, observation.observer_id)


def written(observation: Observation) -> Letter:
    """To the trainer: a colleague has written; read and answer it."""
    return _letter("observation_written", observation, observation.trainer_id)


def answered(observation: Observation) -> Letter:
    """To the observer: the trainer has answered."""
    return _letter("observation_answered", observation, observation.observer_id)


def _letter(kind: str, observation: Observation, person_id: int) -> Letter:
    return Letter(
        kind=f"surveys.{kind}",
        key=f"surveys.{kind}:{person_id}:{observation.id}:1",
        person_id=person_id,
        context=_context(observation),
        event_id=observation.event_id,
        can_wait=True,
        concerns_at=observation.event.starts_at if kind == "observation_asked" else None,
    )


def _context(observation: Observation) -> dict[str, Any]:
    return {
        "observation_id": observation.id,
        "course": observation.event.version.title,
        "day": long_date(london_date(observation.event.ends_at)),
        "trainer": observation.trainer.name,
        "observer": observation.observer.name,
        "due_on": long_date(observation.due_on),
    }
