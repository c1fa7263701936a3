"""Recurring work: everybody is asked in time, reminded, and chased. Each can run twice."""

from lms.frame.work import Work
from surveys.invitations.services import invite_attenders, settle_dates
from surveys.sending.services import follow_letters, send_due, send_reminders
from surveys.stages.rules import AFTER


def ask_people(work: Work) -> None:
    """Invite whoever was there and is not invited, then send what is due."""
    settle_dates(work)
    for stage in AFTER:
        invite_attenders(work, stage)
    send_due(work)


def remind_people(work: Work) -> None:
    """Remind those who have not answered."""
    send_reminders(work)


def chase_letters(work: Work) -> None:
    """See which letters came back, and ask again where an address was put right."""
    follow_letters(work)
