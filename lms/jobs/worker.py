"""The worker that carries out jobs and delivers mail, and how requests wake it.

There are two tasks: `round` each minute (jobs that are due, then mail) and `deliver` at once, after a request that
made letters. Neither carries data: all that matters is in the database, so a lost or doubled task does no harm.
"""

import logging
import signal
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from pathlib import Path

from flask import Flask
from huey import Huey, PostgresHuey, SqliteHuey, crontab
from huey.api import TaskWrapper
from huey.consumer import Consumer
from sqlalchemy.engine import make_url

from lms.api.webhooks.delivery import deliver_facts
from lms.api.webhooks.rules import DeliveryState
from lms.frame.settings import Settings
from lms.jobs.services import JobRun, meet_jobs, run_due
from lms.mail.delivery import deliver_due
from lms.mail.rules import LetterState

logger = logging.getLogger(__name__)

NAME = "golden-thread"
DELIVER = "deliver"
LETTERS_A_TASK = 200
SLOWEST_LOOK_SECONDS = 1.0
STOP_WITHIN_SECONDS = 8
SQLITE_WAITS_SECONDS = 2


@dataclass(frozen=True)
class Round:
    """What one round did."""

    runs: list[JobRun]
    letters: Counter[LetterState]
    facts: Counter[DeliveryState]


def do_round(
    app: Flask,
    clock: Callable[[], datetime],
    *,
    first_seen: datetime | None = None,
    most: int | None = None,
) -> Round:
    """Run the jobs that are due, deliver the mail that is due, at most so many letters, and tell other systems facts.

    Jobs that are new here count from `first_seen`, otherwise from now.
    """
    now = clock()
    the_site = app.extensions["lms"]
    with app.app_context():
        engine = app.extensions["sqlalchemy"].engine
        meet_jobs(engine, the_site.jobs, first_seen or now)
        runs = run_due(engine, the_site, the_site.jobs, now)
    letters = deliver_due(app, clock, most=most)
    return Round(runs, letters, deliver_facts(app, clock))


def wake_mail(settings: Settings) -> None:
    """Tell the worker that there is mail to deliver now. A worker that cannot be told looks each minute anyway."""
    try:
        queue, deliver = _tasks_to_call(settings.database_url, settings.instance)
        if queue.pending_count() == 0:  # whoever takes the waiting task will see our letters too
            deliver()
    except Exception:
        logger.warning("The worker could not be told of new mail; it will find it within a minute", exc_info=True)


@lru_cache(maxsize=4)
def _tasks_to_call(database_url: str, instance: Path) -> tuple[Huey, TaskWrapper]:
    queue = open_queue(database_url, instance)
    return queue, queue.task(name=DELIVER)(lambda: None)


def forget_queues() -> None:
    """After a fork: connections of the parent process are not ours."""
    _tasks_to_call.cache_clear()


def open_queue(database_url: str, instance: Path) -> Huey:
    """The queue beside the database: a file of its own for SQLite, tables of its own for PostgreSQL."""
    url = make_url(database_url)
    if url.get_backend_name() == "postgresql":
        dsn = url.set(drivername="postgresql").render_as_string(hide_password=False)
        return PostgresHuey(NAME, results=False, dsn=dsn, table_prefix="queue")
    return SqliteHuey(NAME, results=False, filename=str(instance / "queue.sqlite3"), timeout=SQLITE_WAITS_SECONDS)


class Worker(Consumer):  # type: ignore[misc]
    """Huey's consumer, which finishes what it has in hand on Ctrl-C and on SIGTERM alike."""

    def __init__(self, queue: Huey, workers: int) -> None:
        super().__init__(queue, workers=workers, max_delay=SLOWEST_LOOK_SECONDS, shutdown_timeout=STOP_WITHIN_SECONDS)
        self._signal_actions = {signal.SIGINT: (False, True), signal.SIGTERM: (False, True)}


def make_worker(app: Flask, workers: int) -> Worker:
    """The worker of this application; `run()` returns when it was told to stop."""
    settings: Settings = app.extensions["lms"].settings
    clock: Callable[[], datetime] = app.extensions["lms.clock"]
    queue = open_queue(settings.database_url, settings.instance)

    def deliver() -> None:
        tell(deliver_due(app, clock, most=LETTERS_A_TASK))

    def each_minute() -> None:
        done = do_round(app, clock, most=LETTERS_A_TASK)
        for run in done.runs:
            logger.info("Job %s: %s", run.name, run.error or "done")
        if done.facts:
            logger.info("Facts told: %s", ", ".join(f"{n} {state.value}" for state, n in sorted(done.facts.items())))
        tell(done.letters)

    def tell(letters: Counter[LetterState]) -> None:
        if letters:
            logger.info("Mail: %s", in_words(letters))
        if letters.total() >= LETTERS_A_TASK:
            again()

    again = queue.task(name=DELIVER)(deliver)
    queue.periodic_task(crontab(minute="*"), name="each_minute", expires=60)(each_minute)
    return Worker(queue, workers)


def in_words(letters: Counter[LetterState]) -> str:
    """12 sent, 1 refused"""
    shown = {LetterState.WAITING: "to be tried again", LetterState.GIVEN_UP: "given up"}
    counted = [f"{n} {shown.get(state, state.value)}" for state, n in sorted(letters.items())]
    return ", ".join(counted) or "nothing to send"
