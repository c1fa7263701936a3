"""The worker that carries out jobs, delivers mail and tells other systems facts, and how requests wake it.

There are three tasks, each minute: `jobs`, `deliver` and `tell`; and `deliver` at once, after a request or a job that
made letters. Each kind has threads of its own, so that a long job or a receiver that does not answer never holds up
mail. No task carries data: all that matters is in the database, so a lost or doubled one does no harm.
"""

import logging
import signal
import threading
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache, wraps
from pathlib import Path

from flask import Flask
from huey import Huey, PostgresHuey, SqliteHuey, crontab
from huey.api import TaskWrapper
from huey.consumer import Consumer
from sqlalchemy.engine import make_url
from sqlalchemy.exc import SQLAlchemyError

from lms.api.webhooks.delivery import deliver_facts
from lms.api.webhooks.rules import DeliveryState
from lms.frame.away import is_away
from lms.frame.db import without_values
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
MOST_LOOKED_AT = 20
OTHER_THREADS = 2
"""One for jobs, one for facts."""


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
    runs = do_jobs(app, clock, first_seen=first_seen)
    letters = deliver_due(app, clock, most=most)
    return Round(runs, letters, deliver_facts(app, clock))


def do_jobs(app: Flask, clock: Callable[[], datetime], *, first_seen: datetime | None = None) -> list[JobRun]:
    """Run the jobs that are due."""
    now = clock()
    the_site = app.extensions["lms"]
    with app.app_context():
        engine = app.extensions["sqlalchemy"].engine
        meet_jobs(engine, the_site.jobs, first_seen or now)
        return run_due(engine, the_site, the_site.jobs, now)


def wake_mail(settings: Settings) -> None:
    """Tell the worker that there is mail to deliver now. A worker that cannot be told looks each minute anyway."""
    try:
        queue, deliver = _tasks_to_call(settings.database_url, settings.instance)
        if not any(DELIVER.encode() in task for task in queue.storage.enqueued_items(MOST_LOOKED_AT)):
            deliver()  # otherwise, whoever takes the waiting task will see our letters too
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


class AtOnce:
    """Does one kind of work, by so many at once; whoever is one too many has it done once more afterwards.

    So no kind of work takes the threads of the others, and nobody who asked for it is forgotten.
    """

    def __init__(self, work: Callable[[], None], most: int = 1) -> None:
        self._work, self._most = work, most
        self._lock = threading.Lock()
        self._working = 0
        self._once_more = False

    def __call__(self) -> None:
        with self._lock:
            if self._working >= self._most:
                self._once_more = True
                return
            self._working += 1
        try:
            self._work()
            while self._is_wanted_once_more():
                self._work()
        finally:
            with self._lock:
                self._working -= 1

    def _is_wanted_once_more(self) -> bool:
        with self._lock:
            wanted, self._once_more = self._once_more, False
            return wanted


def unless_away(work: Callable[[], None]) -> Callable[[], None]:
    """A database that is away is a line, and not the end of anything: the next minute tries again."""

    @wraps(work)
    def carefully() -> None:
        try:
            work()
        except SQLAlchemyError as error:
            if not is_away(error):
                raise
            logger.error("The database is away; it is asked again within a minute: %s", without_values(error))

    return carefully


class Worker(Consumer):  # type: ignore[misc]
    """Huey's consumer, which finishes what it has in hand on Ctrl-C and on SIGTERM alike."""

    def __init__(self, queue: Huey, workers: int) -> None:
        super().__init__(queue, workers=workers, max_delay=SLOWEST_LOOK_SECONDS, shutdown_timeout=STOP_WITHIN_SECONDS)
        self._signal_actions = {signal.SIGINT: (False, True), signal.SIGTERM: (False, True)}


def make_worker(app: Flask, workers: int) -> Worker:
    """The worker of this application, with so many threads for mail; `run()` returns when it was told to stop."""
    settings: Settings = app.extensions["lms"].settings
    clock: Callable[[], datetime] = app.extensions["lms.clock"]
    queue = open_queue(settings.database_url, settings.instance)

    @unless_away
    def deliver() -> None:
        letters = deliver_due(app, clock, most=LETTERS_A_TASK)
        if letters:
            logger.info("Mail: %s", in_words(letters))
        if letters.total() >= LETTERS_A_TASK:
            again()

    @unless_away
    def run_jobs() -> None:
        runs = do_jobs(app, clock)
        for run in runs:
            logger.info("Job %s: %s", run.name, run.error or "done")
        if any(run.has_letters for run in runs):
            again()

    @unless_away
    def tell() -> None:
        if facts := deliver_facts(app, clock):
            logger.info("Facts told: %s", ", ".join(f"{n} {state.value}" for state, n in sorted(facts.items())))

    mail, jobs, facts = AtOnce(deliver, workers), AtOnce(run_jobs), AtOnce(tell)
    again = queue.task(name=DELIVER)(mail.__call__)
    for name, work in (("each_minute_jobs", jobs), ("each_minute_mail", mail), ("each_minute_facts", facts)):
        queue.periodic_task(crontab(minute="*"), name=name, expires=60)(work.__call__)
    return Worker(queue, workers + OTHER_THREADS)


def in_words(letters: Counter[LetterState]) -> str:
    """12 sent, 1 refused"""
    shown = {LetterState.WAITING: "to be tried again", LetterState.GIVEN_UP: "given up"}
    counted = [f"{n} {shown.get(state, state.value)}" for state, n in sorted(letters.items())]
    return ", ".join(counted) or "nothing to send"
