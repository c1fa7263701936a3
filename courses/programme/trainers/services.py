"""Another trainer for a date, or none yet."""

from courses.programme.events.models import Event
from courses.programme.events.services import replace_trainer
from lms.frame.plugins import LeavingChoice, LeftOpen
from lms.frame.work import Work
from lms.people.models import Person


def settle_date(work: Work, thing: LeftOpen, choice: LeavingChoice, receiver_id: int | None) -> None:
    """Those who hold a place hear who trains now; the page of the event says where nobody does."""
    if choice is not LeavingChoice.KEEP:
        person_id, event_id = (int(each) for each in thing.key.split("-")[1:])
        receiver = work.session.get_one(Person, receiver_id) if receiver_id is not None else None
        replace_trainer(work, work.session.get_one(Event, event_id), person_id, receiver)
