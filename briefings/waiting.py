"""Lines about briefings on the page "Today": what waits for this person's check, approval or button."""

from collections.abc import Iterator

from briefings.permissions import APPROVE, CHECK, WRITE
from briefings.writing.queries import DeskRow, desk_rows
from briefings.writing.rules import VersionState
from lms.frame.plugins import Waiting, WaitingLine
from lms.frame.work import Work

DESK = "/briefings/desk"


def to_check(work: Work) -> Iterator[WaitingLine]:
    """Drafts of others that wait for a second person."""
    rows = [row for row in _rows(work) if row.waits_for_check and not row.is_mine]
    yield from _line(rows, "briefing to check", "briefings to check")


def to_approve(work: Work) -> Iterator[WaitingLine]:
    """Checked briefings of others."""
    rows = [row for row in _rows(work) if row.state is VersionState.CHECKED and not row.is_mine]
    yield from _line(rows, "briefing to approve", "briefings to approve")


def to_publish(work: Work) -> Iterator[WaitingLine]:
    """Approved briefings that are not out."""
    rows = [row for row in _rows(work) if row.state is VersionState.APPROVED]
    yield from _line(rows, "briefing to publish", "briefings to publish")


def _rows(work: Work) -> list[DeskRow]:
    """Without those under embargo, also for officers: the desk of briefings shows them, and notes that it did."""
    return [row for row in desk_rows(work.session, work.actor) if not row.is_under_embargo]


def _line(rows: list[DeskRow], one: str, many: str) -> Iterator[WaitingLine]:
    if rows:
        yield WaitingLine(len(rows), one, many, DESK)


WAITING = (
    Waiting("briefings.to_check", CHECK, 60, to_check),
    Waiting("briefings.to_approve", APPROVE, 61, to_approve),
    Waiting("briefings.to_publish", WRITE, 62, to_publish),
)
