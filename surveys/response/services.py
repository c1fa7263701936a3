"""Asking managers for a word, and writing down what changed thanks to answers."""

from datetime import date

from lms.frame.work import Work
from lms.kit.errors import Invalid
from lms.kit.working_days import is_working_day, london, london_date
from surveys.response.letters import a_word_from_the_manager
from surveys.response.models import ChangeMade
from surveys.response.queries import find_change, managers_to_nudge

FIRST_HOUR, LAST_HOUR = 9, 16


def nudge_managers(work: Work) -> None:
    """A job: managers are asked for a word on working days between 9 and 17, once for each event."""
    now = london(work.now)
    if not (FIRST_HOUR <= now.hour <= LAST_HOUR and is_working_day(now.date())):
        return
    for each in managers_to_nudge(work.session, work.now):
        work.send(a_word_from_the_manager(each))


def write_change(work: Work, *, course_id: int | None, said: str, did: str, changed_on: date | None) -> ChangeMade:
    """Say what was changed because of answers. It is public."""
    if changed_on is None or changed_on > london_date(work.now):
        raise Invalid("Enter the date it was changed, today or before.", field="changed_on")
    made = ChangeMade(
        course_id=course_id, said=said.strip(), did=did.strip(), changed_on=changed_on, written_at=work.now
    )
    work.session.add(made)
    work.record("change thanks to answers written", made, course_id=course_id)
    return made


def withdraw_change(work: Work, change_id: int) -> ChangeMade:
    """Remove it from the page."""
    found = find_change(work.session, change_id)
    found.withdrawn_at = work.now
    work.record("change thanks to answers withdrawn", found)
    return found
