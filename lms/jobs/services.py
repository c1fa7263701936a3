"""One round of recurring work: each job that is due, in a transaction of its own, or in one for each of its portions.

A job's row is locked while a portion runs, so that two workers never carry out the same one at once; between portions
another worker may take the job over, and this one leaves it to that. A job that is seen for the first time starts from
there: it never reaches back to a moment before it was known here. After downtime a job catches up once, not once for
every moment missed. What fails is rolled back, says so, and does not stop others, portions of the same job included.
"""

import logging
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TypeVar

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import Engine
from sqlalchemy.orm import Session

from lms.frame.access import program
from lms.frame.again import again_when_met
from lms.frame.apart import FAULTS
from lms.frame.db import without_values, writing
from lms.frame.locks import for_update
from lms.frame.plugins import Job, Portion
from lms.frame.work import SiteOfWork, Work
from lms.jobs.models import JobState
from lms.jobs.rules import is_due, is_from_a_rehearsal, latest_due
from lms.kit.words import count

logger = logging.getLogger(__name__)

Done = TypeVar("Done")


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


def carry_out(work: Work, job: Callable[[Work], Iterable[Portion] | None]) -> None:
    """All portions of a job in this one unit of work: for whoever makes records, and for tests."""
    for portion in job(work) or ():
        while portion(work):
            pass


@dataclass
class _Running:
    """A job that is due, while it is carried out. `faults` say what failed."""

    engine: Engine
    site: SiteOfWork
    job: Job
    due: datetime
    now: datetime
    has_letters: bool = False
    faults: list[str] = field(default_factory=list)

    def in_its_turn(self, do: Callable[[Work, JobState], Done]) -> Done:
        """In one transaction with the job's row locked; again when it met others. Raises _TakenOver."""
        return again_when_met(lambda: self._once(do))

    def _once(self, do: Callable[[Work, JobState], Done]) -> Done:
        with writing(self.engine) as session:
            state = _lock_if_due(session, self.job, self.due, self.now)
            if state is not None:
                work = Work(session=session, actor=program(self.job.name), now=self.now, site=self.site)
                done = do(work, state)
        if state is None:
            raise _TakenOver
        self.has_letters = self.has_letters or work.has_letters
        return done

    def all_of(self, portion: Portion) -> None:
        """One portion, as often as there is more of it. One that fails is undone and told."""
        try:
            while self.in_its_turn(lambda work, _state: portion(work)):
                pass
        except FAULTS as error:
            logger.exception("A portion of the job %s failed", self.job.name)
            self.faults.append(without_values(error))


class _TakenOver(BaseException):
    """The job is not due, or another worker has it. Not an Exception: it is no fault of a portion."""


def _run_if_due(engine: Engine, site: SiteOfWork, job: Job, now: datetime) -> JobRun | None:
    due = latest_due(now, every=job.every, daily_at=job.daily_at)
    running, started = _Running(engine, site, job, due, now), time.monotonic()

    def begin(work: Work, state: JobState) -> list[Portion]:
        portions = list(job.run(work) or ())
        if not portions:
            _finish(state, due, now, started)
        return portions

    try:
        portions = running.in_its_turn(begin)
        for portion in portions:
            running.all_of(portion)
        if portions and not running.faults:
            running.in_its_turn(lambda _work, state: _finish(state, due, now, started))
    except _TakenOver:
        return None
    except FAULTS as error:
        logger.exception("The job %s failed", job.name)
        running.faults.append(without_values(error))
    if running.faults:
        _record_failure(engine, job, _said(running.faults), now)
    return JobRun(job.name, due, error=_said(running.faults), has_letters=running.has_letters)


def _finish(state: JobState, due: datetime, now: datetime, started: float) -> None:
    state.done_until, state.last_error = due, ""
    state.started_at, state.finished_at = now, now + timedelta(seconds=time.monotonic() - started)


def _said(faults: Sequence[str]) -> str:
    """The first fault, and how many there are besides."""
    others = len(faults) - 1
    return "".join(faults[:1]) + (f"; and {count(others, 'more part', 'more parts')} failed" if others > 0 else "")


def _lock_if_due(session: Session, job: Job, due: datetime, now: datetime) -> JobState | None:
    """The job's row, ours until the end of the transaction; None when it is not due or another worker has it."""
    state = session.scalar(for_update(sa.select(JobState).where(JobState.name == job.name), skip_locked=True))
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
