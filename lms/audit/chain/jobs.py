"""The audit is sealed a few minutes after it was written."""

from lms.audit.chain.services import AT_A_TIME, seal_lines
from lms.frame.plugins import Portion
from lms.frame.work import Work


def seal_what_was_written(_work: Work) -> list[Portion]:
    """Seal all lines without a seal, a portion at a time. The job's row is locked, so one worker alone seals."""
    return [_some]


def _some(work: Work) -> bool:
    return seal_lines(work) == AT_A_TIME
