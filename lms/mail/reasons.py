"""Whether what a letter says is still so, asked when it is about to go and at each further try."""

from datetime import datetime

from sqlalchemy.orm import Session

from lms.frame.access import program
from lms.frame.work import SiteOfWork, Work
from lms.kit.words import moment
from lms.mail.models import OutboxLetter


def no_longer_true(session: Session, letter: OutboxLetter, now: datetime, site: SiteOfWork) -> str:
    """Why a letter does not go any more, in a sentence; "" when it may.

    Its time is over, or a plugin says that its reason is: a reminder of a place that was given up meanwhile.
    """
    if letter.good_until is not None and now > letter.good_until:
        return f"Not sent: it was of use until {moment(letter.good_until)}."
    return site.why_not_send(Work(session, program("mail"), now, site), letter)
