"""Two units of work at the same moment, on two real connections to PostgreSQL."""

import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Engine
from sqlalchemy.orm import Session

from lms.frame.access import Actor, program
from lms.frame.work import SiteOfWork, Work
from lms.kit.errors import Refused
from tests.locks_heard import MINE

Step = Callable[[Work], Any]
LONGEST_WAIT_SECONDS = 30
WAITING_FOR_A_ROW = sa.text(
    "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
)


@dataclass
class AtOnce:
    """Lets two meet. What each answers, or how it was refused, is what `meet` answers; a fault is raised."""

    engine: Engine
    site: SiteOfWork
    now: datetime
    actor: Actor = field(default_factory=lambda: program("test"))

    def meet(self, first: Step, second: Step, *, second_has_read: Step = lambda work: None) -> tuple[Any, Any]:
        """`first` is done and not saved yet when `second` begins, which waits or goes through; then `first` is saved.

        `second_has_read` comes before either: what the page of the second one had looked at.
        """
        with self._work() as mine, self._work() as theirs, ThreadPoolExecutor(1) as other:
            second_has_read(theirs)
            did = _outcome(lambda: first(mine))
            began = threading.Event()
            doing = other.submit(_begin, began, lambda: _outcome(lambda: _saved(theirs, second)))
            began.wait()
            self._wait_for(doing)
            mine.session.commit()
            return did, doing.result(LONGEST_WAIT_SECONDS)

    def work_in(self, session: Session, now: datetime | None = None) -> Work:
        return Work(session, self.actor, now or self.now, self.site)

    @contextmanager
    def _work(self) -> Iterator[Work]:
        with Session(self.engine, info={MINE: True}) as session:
            yield self.work_in(session)

    def _wait_for(self, doing: Future[Any]) -> None:
        """Until the other one is done, or waits for a row that the first has locked."""
        until = time.monotonic() + LONGEST_WAIT_SECONDS
        with self.engine.connect() as connection:
            while not doing.done() and not connection.scalar(WAITING_FOR_A_ROW):
                assert time.monotonic() < until, "It neither ends nor waits."
                connection.rollback()
                time.sleep(0.005)


def _begin(began: threading.Event, do: Callable[[], Any]) -> Any:
    began.set()
    return do()


def _saved(work: Work, step: Step) -> Any:
    did = step(work)
    work.session.commit()
    return did


def _outcome(do: Callable[[], Any]) -> Any:
    try:
        return do()
    except Refused as refusal:
        return refusal
