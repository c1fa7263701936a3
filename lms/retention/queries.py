"""What is held, and what was removed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload

from lms.frame.work import Work
from lms.kit.errors import NotFound
from lms.kit.working_days import london_date, wall_time
from lms.retention.models import Hold, RetentionRun
from lms.retention.rules import months_before

RUNS_SHOWN = 30
A_ROUND = timedelta(hours=20)
"""What was begun longer ago is another night's."""


@dataclass(frozen=True)
class RemovedLine:
    """One line of a round."""

    name: str
    words: str
    removed: int
    error: str


def not_held(kept: str, person: Any) -> sa.ColumnElement[bool]:
    """A condition for a retention's query: no hold covers this row.

    `kept` is the retention's name, `person` the column of whom the row is about (`sa.null()` for nobody).
    """
    covers = sa.and_(
        Hold.lifted_at.is_(None),
        sa.or_(Hold.person_id.is_(None), Hold.person_id == person),
        Hold.kept.in_(["", kept]),
    )
    return ~sa.exists().where(covers)


def still_needed(work: Work, kept: str, row_id: Any) -> list[sa.ColumnElement[bool]]:
    """Conditions for a retention's query: no plugin still needs the row.

    `kept` is the retention's name, `row_id` the column of the row's id.
    """
    return [
        row_id.not_in(each.ids()) for part in work.site.personal_data for each in part.still_needed if each.by == kept
    ]


def past(now: datetime, *, months: int) -> datetime:
    """What happened before this moment is past so many months, by London's calendar."""
    return wall_time(months_before(london_date(now), months), time(0))


def standing_holds(session: Session) -> list[Hold]:
    """Every hold that stands, the one to look at first."""
    query = sa.select(Hold).where(Hold.lifted_at.is_(None)).order_by(Hold.look_again_on, Hold.id)
    return list(session.scalars(query.options(joinedload(Hold.person), joinedload(Hold.set_by))))


def holds_on(session: Session, person_ids: Sequence[int]) -> list[Hold]:
    """The holds that stand on any of these records."""
    query = sa.select(Hold).where(Hold.lifted_at.is_(None), Hold.person_id.in_(person_ids)).order_by(Hold.id)
    return list(session.scalars(query))


def hold_of(session: Session, hold_id: int) -> Hold:
    """A hold that stands. Raises NotFound."""
    found = session.scalar(sa.select(Hold).where(Hold.id == hold_id, Hold.lifted_at.is_(None)))
    if found is None:
        raise NotFound("We cannot find that hold, or it has already been lifted.")
    return found


def holds_to_look_at(session: Session, today: date) -> int:
    """How many holds have passed the day on which somebody wanted to look again."""
    due = sa.select(sa.func.count()).select_from(Hold).where(Hold.lifted_at.is_(None), Hold.look_again_on < today)
    return session.scalar(due) or 0


def runs(session: Session, limit: int = RUNS_SHOWN) -> list[RetentionRun]:
    """The latest rounds in which something was removed or failed, and the very last."""
    query = sa.select(RetentionRun).order_by(RetentionRun.at.desc(), RetentionRun.id.desc()).limit(limit)
    return list(session.scalars(query))


def unfinished_run(work: Work, names: Sequence[str]) -> RetentionRun | None:
    """The last round of whoever asks, where it was broken off today before each of these was run."""
    mine = sa.select(RetentionRun).where(RetentionRun.by == work.actor.name, RetentionRun.at > work.now - A_ROUND)
    last = work.session.scalar(mine.order_by(RetentionRun.at.desc(), RetentionRun.id.desc()).limit(1))
    if last is None or {line.name for line in lines_of(last)} >= set(names):
        return None
    return last


def run_of(session: Session, run_id: int) -> RetentionRun:
    """One round. Raises NotFound."""
    found = session.get(RetentionRun, run_id)
    if found is None:
        raise NotFound("We cannot find that report.")
    return found


def lines_of(run: RetentionRun) -> list[RemovedLine]:
    """What a round did, line by line."""
    return [RemovedLine(*line) for line in run.lines]
