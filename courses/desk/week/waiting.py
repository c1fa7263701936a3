"""What waits for those who run the programme, for the page "Today"."""

from collections.abc import Iterator

import sqlalchemy as sa

from courses.charges.models import Charge
from courses.charges.rules import ChargeState
from courses.desk.week.queries import waiting_for_coordinator
from lms.frame.plugins import Waiting, WaitingLine
from lms.frame.work import Work
from lms.kit.words import day_and_month


def find_events(work: Work) -> Iterator[WaitingLine]:
    """Events on which somebody has to decide something, and people who ask for a date."""
    found = waiting_for_coordinator(work.session, work.now)
    oldest = f"oldest {day_and_month(found.to_finalise[0].ends_at)}" if found.to_finalise else ""
    registers = len(found.to_finalise)
    yield WaitingLine(registers, "register to finalise", "registers to finalise", "/week#registers", oldest)
    over = len(found.over_booked)
    yield WaitingLine(
        over, "event over-booked", "events over-booked", "/week#over", "more booked than places", is_urgent=True
    )
    low = len(found.low)
    yield WaitingLine(
        low, "event with low numbers", "events with low numbers", "/week#low", "within 10 working days", is_urgent=True
    )
    yield WaitingLine(
        len(found.to_publish), "event to publish", "events to publish", "/week#publish", "nobody sees them"
    )
    yield WaitingLine(len(found.postponed), "event without a date", "events without a date", "/week#postponed")
    yield WaitingLine(found.asking, "person asks for a date", "people ask for a date", "/catalogue")


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


WAITING = (
    Waiting("courses.waiting_events", "courses.manage_events", 10, find_events),
    Waiting("courses.waiting_charges", "courses.manage_charges", 20, find_charges),
)
