"""What each job last did, and when it runs next."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from lms.frame.plugins import Job
from lms.jobs.models import JobState
from lms.jobs.rules import is_overdue, next_due


@dataclass(frozen=True)
class JobRow:
    """One job. `last_at` is None until it has run; `is_overdue` counts from when it was first seen."""

    name: str
    words: str
    last_at: datetime | None
    next_at: datetime
    last_error: str
    is_overdue: bool


def job_rows(session: Session, jobs: Iterable[Job], now: datetime) -> list[JobRow]:
    """Every job of the site, in the plugins' order."""
    states = {state.name: state for state in session.scalars(sa.select(JobState).order_by(JobState.name))}
    return [_row(job, states.get(job.name), now) for job in jobs]


def _row(job: Job, state: JobState | None, now: datetime) -> JobRow:
    return JobRow(
        name=job.name,
        words=job.words,
        last_at=state.finished_at if state else None,
        next_at=next_due(now, every=job.every, daily_at=job.daily_at),
        last_error=state.last_error if state else "",
        is_overdue=bool(state and state.finished_at and is_overdue(state.finished_at, now, job.every)),
    )
