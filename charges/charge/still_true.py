"""Whether a charge still waits for an answer when the letter that asks for one is about to go."""

import sqlalchemy as sa

from charges.charge.models import Charge
from charges.charge.rules import ChargeState
from lms.frame.plugins import StillTrue
from lms.frame.work import Work
from lms.mail.models import OutboxLetter


def why_not(work: Work, letter: OutboxLetter) -> str:
    """Nobody is asked why a place was not used once the charge is void, waived or decided."""
    is_open = sa.exists().where(Charge.booking_id == letter.booking_id, Charge.state == ChargeState.OPEN)
    if letter.booking_id is None or work.session.scalar(sa.select(is_open)):
        return ""
    return "Not sent: the charge does not wait for an answer any more."


STILL_TRUE = StillTrue(frozenset({"courses.charge_reason"}), why_not)
