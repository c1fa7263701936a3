"""A place found: whoever gets one is no longer among those who wait."""

from courses.facts import BookingConfirmed
from lms.frame.work import Work
from surveys.comparison.services import leave_comparison


def leave_with_a_place(work: Work, fact: BookingConfirmed) -> None:
    """At once, so that nobody with a place is asked as somebody without one."""
    leave_comparison(work, fact.person_id)
