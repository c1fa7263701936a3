"""What is watched: the worker, the letters that are due, what mail servers refused, jobs, facts for other systems."""

from collections.abc import Collection, Iterable, Iterator
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.engine import Engine
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from lms.api.webhooks.models import WebhookDelivery
from lms.api.webhooks.rules import DeliveryState
from lms.frame.db import begin_reading
from lms.frame.lines import MigrationLine
from lms.frame.metrics import Gauge
from lms.frame.schema import schema_here
from lms.jobs.models import JobState
from lms.mail.models import OutboxLetter
from lms.mail.rules import LetterState
from lms.monitoring.rules import BEAT, LATELY, Readiness

NO_ANSWER = "The database does not answer."


def readiness(engine: Engine, lines: Iterable[MigrationLine], now: datetime) -> Readiness:
    """Whether pages can be served, and how mail and jobs do. Never raises for a database that is away."""
    try:
        with Session(engine) as session:
            begin_reading(session)
            schema = schema_here(session.connection(), lines)
            if schema.why_not:
                return Readiness(schema.why_not, schema.found)
            return Readiness(
                "",
                schema.found,
                worker_seconds(session, now),
                oldest_due_letter_seconds(session, now),
                refused_lately(session, now),
            )
    except SQLAlchemyError:
        return Readiness(NO_ANSWER, None)


def worker_seconds(session: Session, now: datetime) -> int | None:
    """Seconds since the worker was last known to be there; None when it has never been."""
    last = session.scalar(sa.select(JobState.finished_at).where(JobState.name == BEAT))
    return _seconds(last, now)


def oldest_due_letter_seconds(session: Session, now: datetime) -> int:
    """Seconds by which the letter that has been due longest is late; 0 when none is."""
    oldest = session.scalar(sa.select(sa.func.min(OutboxLetter.due_at)).where(*_is_due(now)))
    return _seconds(oldest, now) or 0


def _is_due(now: datetime) -> tuple[sa.ColumnElement[bool], ...]:
    return OutboxLetter.state.in_([LetterState.WAITING, LetterState.SENDING]), OutboxLetter.due_at <= now


def refused_lately(session: Session, now: datetime) -> int:
    """How many letters due within the last hour were refused or given up."""
    return sum(_ended(session, now, [LetterState.REFUSED, LetterState.GIVEN_UP]).values())


def _ended(session: Session, now: datetime, states: Collection[LetterState]) -> dict[LetterState, int]:
    """Of the last hour alone, however many years of letters there are: in the order of the outbox's own index."""
    in_order = OutboxLetter.state.in_(states), OutboxLetter.is_secret.in_([False, True])
    due = sa.select(OutboxLetter.state, sa.func.count()).where(
        *in_order, OutboxLetter.due_at > now - LATELY, OutboxLetter.due_at <= now
    )
    found = session.execute(due.group_by(OutboxLetter.state))
    return {row[0]: row[1] for row in found}


def figures_of_now(engine: Engine, now: datetime) -> list[Gauge]:
    """For `/metrics`: `database_up`, and the rest where it is."""
    up = "1 while the database answers"
    try:
        with Session(engine) as session:
            begin_reading(session)
            return [Gauge("database_up", up, 1), *_gauges(session, now)]
    except SQLAlchemyError:
        return [Gauge("database_up", up, 0)]


def _gauges(session: Session, now: datetime) -> Iterator[Gauge]:
    seconds = worker_seconds(session, now)
    if seconds is not None:
        yield Gauge("worker_seconds", "Seconds since the worker was last there", seconds)
    yield Gauge("oldest_due_letter_seconds", "How late the oldest email is", oldest_due_letter_seconds(session, now))
    ended = _ended(session, now, list(LetterState))
    for state in LetterState:
        yield Gauge("letters_last_hour", "Emails due in the last hour", ended.get(state, 0), (("state", state.value),))
    due = session.scalar(sa.select(sa.func.count()).where(*_is_due(now))) or 0
    yield Gauge("letters_due", "Emails that are due and have not gone", due)
    yield Gauge("facts_waiting", "Facts that other systems have not been told", _facts_waiting(session))
    yield from _of_jobs(session)


def _facts_waiting(session: Session) -> int:
    waits = WebhookDelivery.state.in_([DeliveryState.WAITING, DeliveryState.SENDING])
    return session.scalar(sa.select(sa.func.count()).select_from(WebhookDelivery).where(waits)) or 0


def _of_jobs(session: Session) -> Iterator[Gauge]:
    for job in session.scalars(sa.select(JobState).order_by(JobState.name)):
        of = (("job", job.name),)
        if job.started_at and job.finished_at:
            took = (job.finished_at - job.started_at).total_seconds()
            yield Gauge("job_finished_timestamp_seconds", "When a job last ended", job.finished_at.timestamp(), of)
            yield Gauge("job_seconds", "How long a job last took", took, of)
        yield Gauge("job_failed", "1 where a job failed when it last ran", float(bool(job.last_error)), of)


def _seconds(then: datetime | None, now: datetime) -> int | None:
    return None if then is None else max(int((now - then).total_seconds()), 0)
