"""Asking a colleague to observe, writing it up, and the trainer's answer."""

from collections.abc import Mapping

import sqlalchemy as sa

from courses.booking.bookings.queries import event_with_days
from courses.booking.delegates.queries import find_person
from lms.frame.work import Work
from lms.kit.errors import Conflict, Invalid, NotFound
from lms.kit.working_days import london_date
from surveys.observation import letters
from surveys.observation.models import Observation
from surveys.observation.queries import NO_SUCH, find_observation, to_be_written
from surveys.observation.rules import check_can_ask, check_can_respond, check_can_write, check_ratings, due_on


def ask_to_observe(work: Work, event_id: int, trainer_id: int, observer_ref: str) -> Observation:
    """Ask a colleague to watch a trainer of an event. Raises Invalid, or Conflict when they were asked already."""
    event = event_with_days(work.session, event_id)
    observer = find_person(work.session, observer_ref)
    if observer is None or not observer.is_here:
        raise Invalid("There is no one with this reference or address. People lists references.", field="observer_ref")
    check_can_ask(trainer_id, observer.id, frozenset(each.id for each in event.trainers))
    before = sa.select(Observation.id).where(
        Observation.event_id == event_id, Observation.trainer_id == trainer_id, Observation.observer_id == observer.id
    )
    if work.session.scalar(before) is not None:
        raise Conflict(f"{observer.name} has already been asked. They can see it in My observations.")
    made = Observation(
        event=event,
        trainer_id=trainer_id,
        observer=observer,
        asked_at=work.now,
        asked_by_id=work.actor.person_id,
        due_on=due_on(london_date(event.ends_at)),
    )
    work.session.add(made)
    work.record("observation asked for", made, person_id=trainer_id, event_id=event_id, observer_id=observer.id)
    work.session.refresh(made)
    work.send(letters.asked(made))
    return made


def write_observation(
    work: Work, observation_id: int, ratings: Mapping[str, int], went_well: str, to_develop: str
) -> Observation:
    """The observer writes it up; the trainer is told."""
    found = find_observation(work.session, work.actor, observation_id)
    if found.observer_id != work.actor.person_id:
        raise NotFound(NO_SUCH)
    check_can_write(found.event.ends_at, found.written_at, work.now)
    check_ratings(ratings)
    if not went_well.strip():
        raise Invalid("Enter what went well.", field="went_well")
    found.ratings, found.went_well, found.to_develop = dict(ratings), went_well.strip(), to_develop.strip()
    found.written_at = work.now
    work.record("observation written", found, person_id=found.trainer_id)
    work.send(letters.written(found))
    return found


def respond(work: Work, observation_id: int, words: str) -> Observation:
    """The trainer answers; the observer is told."""
    found = find_observation(work.session, work.actor, observation_id)
    if found.trainer_id != work.actor.person_id:
        raise NotFound(NO_SUCH)
    check_can_respond(found.written_at, found.responded_at)
    if not words.strip():
        raise Invalid("Enter your answer.", field="response")
    found.response, found.responded_at = words.strip(), work.now
    work.record("observation answered", found, person_id=found.trainer_id)
    work.send(letters.answered(found))
    return found


def remind_observers(work: Work) -> None:
    """A job: on the fifth working day, and if it is missed, once. Each letter's key lets it go once."""
    for each in to_be_written(work.session, london_date(work.now)):
        work.send(letters.due(each))
