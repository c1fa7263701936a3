"""The comparison's part in asking people: who wait, who waited, and who is in it no more."""

from lms.frame.plugins import Portion
from lms.frame.work import Work
from surveys.comparison.services import ask_who_waited, ask_who_waits, leave_comparison


def ask_compared(work: Work) -> list[Portion]:
    """Whoever got a place leaves first; then those who wait, and those who waited, are to be asked."""
    leave_comparison(work)
    return [ask_who_waits, ask_who_waited]
