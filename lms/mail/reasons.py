"""What is asked of plugins when a letter is about to go, and at each further try: whether what it says is still so, and
what it carries for its reader alone."""

from datetime import datetime
from typing import Any

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


def own_links(session: Session, letter: OutboxLetter, address: str, now: datetime, site: SiteOfWork) -> dict[str, Any]:
    """Links by which the person whom a letter is to acts without a code. A copy to anybody else has none."""
    if letter.person_id is None or not address:
        return {}
    return site.own_links(Work(session, program("mail"), now, site), letter, address)
