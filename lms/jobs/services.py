"""One round of recurring work: each job that is due, in a transaction of its own.

A job's row is locked while it runs, so that two workers never carry out the same due moment. A job that is seen for
the first time starts from there: it never reaches back to a moment before it was known here. After downtime a job
catches up once, not once for every moment missed. One that fails is rolled back, says so, and does not stop others.
"""

import logging
import time
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import Engine
from sqlalchemy.orm import Session

from lms.frame.access import program
from lms.frame.apart import FAULTS
from lms.frame.db import without_values, writing
from lms.frame.plugins import Job
from lms.frame.work import SiteOfWork, Work
from lms.jobs.models import JobState
from lms.jobs.rules import is_due, is_from_a_rehearsal, latest_due

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class JobRun:
    """What became of one job in one round. `error` is empty when all went well."""

    name: str
    due_at: datetime
    error: str = ""
    has_letters: bool = False


def meet_jobs(engine: Engine, jobs: Iterable[Job], now: datetime) -> None:
    """Write down jobs that are new here: their work begins now."""
    rows = [{"name": job.name, "done_until": now, "last_error": ""} for job in jobs]
    insert = postgresql.insert(JobState) if engine.dialect.name == "postgresql" else sqlite.insert(JobState)
    with writing(engine) as session:
        known = set(session.scalars(sa.select(JobState.name)))
        if new := [row for row in rows if row["name"] not in known]:
            session.execute(insert.on_conflict_do_nothing(), new)


def run_due(engine: Engine, site: SiteOfWork, jobs: Iterable[Job], now: datetime) -> list[JobRun]:
    """Carry out every job that is due at this moment, once. Answers what was run."""
    runs = (_run_if_due(engine, site, job, now) for job in jobs)
    return [run for run in runs if run is not None]


def _run_if_due(engine: Engine, site: SiteOfWork, job: Job, now: datetime) -> JobRun | None:
    due = latest_due(now, every=job.every, daily_at=job.daily_at)
    started = time.monotonic()
    try:
        with writing(engine) as session:
            state = _lock_if_due(session, job, due, now)
            if state is None:
                return None
            work = Work(session=session, actor=program(job.name), now=now, site=site)
            job.run(work)
            state.done_until, state.last_error = due, ""
            state.started_at, state.finished_at = now, now + timedelta(seconds=time.monotonic() - started)
    except FAULTS as error:
        logger.exception("The job %s failed", job.name)
        words = without_values(error)
        _record_failure(engine, job, words, now)
        return JobRun(job.name, due, error=words)
    return JobRun(job.name, due, has_letters=work.has_letters)


def _lock_if_due(session: Session, job: Job, due: datetime, now: datetime) -> JobState | None:
    """The job's row, ours until the end of the transaction; None when it is not due or another worker has it."""
    state = session.scalar(sa.select(JobState).where(JobState.name == job.name).with_for_update(skip_locked=True))
    if state is None:
        return None
    if is_from_a_rehearsal(state.done_until, now):
        state.done_until = now
    failed_at = state.finished_at if state.last_error else None
    return state if is_due(due, done_until=state.done_until, failed_at=failed_at, now=now) else None


def _record_failure(engine: Engine, job: Job, words: str, now: datetime) -> None:
    with writing(engine) as session:
        session.execute(
            sa.update(JobState)
            .where(JobState.name == job.name)
            .values(last_error=words[:1000], started_at=now, finished_at=now)
        )
