"""What a request was and took: for the web server's log, for /metrics and for reports of errors. Never who asked."""

import re
import secrets
import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any, Protocol

from sqlalchemy import event
from sqlalchemy.engine import Connection, Engine

IN_ENVIRON = "lms.observed"
"""Where a request's Observed stands in its WSGI environment, for the server's log."""
HEADER = "X-Request-ID"
NO_VIEW = "none"
_SAID = re.compile(r"[A-Za-z0-9-]{8,64}")


@dataclass
class Observed:
    """One request. `id` is the proxy's, where it says one; `view` is the endpoint, `none` where no page is there.

    `database_seconds` is what its `statements` waited for; `seconds` is all of it, once it is answered.
    """

    id: str
    view: str = NO_VIEW
    method: str = ""
    status: int = 0
    seconds: float = 0.0
    database_seconds: float = 0.0
    statements: int = 0
    began: float = field(default_factory=time.perf_counter)


class TakesNote(Protocol):
    """What counts requests, if anything does."""

    def note(self, seen: Observed) -> None: ...


_here: ContextVar[Observed | None] = ContextVar("lms_observed", default=None)


def observed_here() -> Observed | None:
    """The request that is being answered; None outside one."""
    return _here.get()


@contextmanager
def observing(environ: dict[str, Any], counts: TakesNote | None) -> Iterator[Observed]:
    """From its first line to its answer. A request that ends in a fault is one with status 500."""
    seen = Observed(_id_of(environ.get("HTTP_X_REQUEST_ID", "")), method=environ["REQUEST_METHOD"], status=500)
    environ[IN_ENVIRON] = seen
    token = _here.set(seen)
    try:
        yield seen
    finally:
        seen.seconds = time.perf_counter() - seen.began
        _here.reset(token)
        if counts is not None:
            counts.note(seen)


def _id_of(said: str) -> str:
    return said if _SAID.fullmatch(said) else secrets.token_hex(8)


def observe_statements(engine: Engine) -> None:
    """Count the statements of each request, and how long the database took for them."""
    event.listen(engine, "before_cursor_execute", _begin)
    event.listen(engine, "after_cursor_execute", _end)


def _begin(connection: Connection, *_: Any) -> None:
    connection.info["asked_at"] = time.perf_counter()


def _end(connection: Connection, *_: Any) -> None:
    if (seen := _here.get()) is not None:
        seen.statements += 1
        seen.database_seconds += time.perf_counter() - connection.info["asked_at"]
