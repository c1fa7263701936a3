"""What waits for those who run the programme, for the page "Today"."""

from collections.abc import Iterator

from courses.booking.approvals.queries import find_undecided
from courses.desk.week.queries import waiting_for_coordinator
from lms.frame.plugins import Waiting, WaitingLine
from lms.frame.work import Work
from lms.kit.words import day_and_month


def find_events(work: Work) -> Iterator[WaitingLine]:
    """Events on which somebody has to decide something, and people who ask for a date."""
    found = waiting_for_coordinator(work)
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
        len(found.to_publish), "event to publish", "events to publish", "/week#publish", "no one sees them"
    )
    yield WaitingLine(len(found.postponed), "event without a date", "events without a date", "/week#postponed")
    yield WaitingLine(found.asking, "person asks for a date", "people ask for a date", "/catalogue")


WAITING = (
    Waiting("courses.waiting_approvals", "courses.manage_bookings", 8, find_undecided),
    Waiting("courses.waiting_events", "courses.manage_events", 10, find_events),
)
