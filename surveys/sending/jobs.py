"""Recurring work: everybody is asked in time, reminded, and chased. Each can run twice, and saves as it goes."""

from functools import partial

from lms.frame.plugins import Portion
from lms.frame.work import Work
from surveys.comparison.jobs import ask_compared
from surveys.invitations.services import events_to_invite, invite_attenders, settle_dates
from surveys.questions.starting.services import begin_with_starting_sets
from surveys.sending.services import ask_some_again, follow_some, remind_some, send_some
from surveys.stages.rules import AFTER, Stage


def ask_people(work: Work) -> list[Portion]:
    """Invite whoever was there and is not invited, an event at a time, and those who wait; then send what is due."""
    settle_dates(work)
    begin_with_starting_sets(work)
    compared = ask_compared(work)
    to_invite = [(stage, event_id) for stage in AFTER for event_id in events_to_invite(work, stage)]
    attenders = [partial(_invite, stage=stage, event_id=event_id) for stage, event_id in to_invite]
    return [*attenders, *compared, send_some]


def _invite(work: Work, *, stage: Stage, event_id: int) -> None:
    invite_attenders(work, stage, event_id=event_id)


def remind_people(_work: Work) -> list[Portion]:
    """Remind those who have not answered."""
    return [remind_some]


def chase_letters(_work: Work) -> list[Portion]:
    """See which letters came back, and ask again where an address was put right."""
    return [follow_some, ask_some_again]
