"""What waits for whoever decides charges, for the page "Today"."""

from collections.abc import Iterator

import sqlalchemy as sa

from charges.charge.models import Charge
from charges.charge.rules import ChargeState
from lms.frame.plugins import Waiting, WaitingLine
from lms.frame.work import Work


def find_charges(work: Work) -> Iterator[WaitingLine]:
    """Charges to decide: the agency's time is over; and appeals."""
    ready = sa.or_(
        Charge.state == ChargeState.PROPOSED, sa.and_(Charge.state == ChargeState.OPEN, Charge.respond_by < work.now)
    )
    appealed = Charge.state == ChargeState.APPEALED
    to_decide, appeals = work.session.execute(
        sa.select(sa.func.count(sa.case((ready, 1))), sa.func.count(sa.case((appealed, 1))))
    ).one()
    yield WaitingLine(
        to_decide, "charge to decide", "charges to decide", "/charges", "the agency has answered or had time"
    )
    yield WaitingLine(appeals, "appeal to decide", "appeals to decide", "/charges", "by who did not decide first")


WAITING = (Waiting("charges.waiting", "charges.manage_charges", 20, find_charges),)
