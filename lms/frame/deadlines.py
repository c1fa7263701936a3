"""One deadline for all that is said with another machine: looking it up, connecting, and every byte that follows.

Time limits of sockets count each step by itself: whoever sends a byte a second keeps us for ever. Here the line is cut
when the time is over, whatever is going on, and whoever waits on it is told by its own error.
"""

import os
import socket
import threading
import time
from collections.abc import Callable
from types import TracebackType
from typing import Any, Self, TypeVar

T = TypeVar("T")


class TooSlow(OSError):
    """The time is over."""


class Deadline:
    """So many seconds from now. Used by `with`: at the end nothing is watched any more."""

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        self.has_cut = False
        """Whether lines were cut: what was read of them last may be the half of it."""
        self._ends_at = time.monotonic() + seconds
        self._watched: list[socket.socket] = []
        self._lock = threading.Lock()
        self._timer = threading.Timer(seconds, self._cut)
        self._timer.daemon = True

    def __enter__(self) -> Self:
        self._timer.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._timer.cancel()
        with self._lock:
            for each in self._watched:
                each.close()
            self._watched.clear()

    @property
    def left(self) -> float:
        """Seconds that are left, never below nothing."""
        return max(0.0, self._ends_at - time.monotonic())

    @property
    def is_over(self) -> bool:
        """Whether the time is over."""
        return self.left == 0

    def watch(self, line: socket.socket) -> None:
        """Cut this line when the time is over, also once it has become an encrypted one."""
        with self._lock:
            self._watched.append(socket.socket(fileno=os.dup(line.fileno())))
        if self.is_over:
            self._cut()

    def ask(self, function: Callable[..., T], *given: Any) -> T:
        """What a function answers that knows no time limit, such as looking up a name. Raises TooSlow."""
        answers: list[T] = []
        errors: list[BaseException] = []

        def run() -> None:
            try:
                answers.append(function(*given))
            except BaseException as error:  # told to whoever asked
                errors.append(error)

        asking = threading.Thread(target=run, daemon=True)
        asking.start()
        asking.join(self.left)
        if errors:
            raise errors[0]
        if not answers:
            raise TooSlow(f"no answer within {self.seconds:g} seconds")
        return answers[0]

    def connect(self, host: str, port: int, *, each: float) -> socket.socket:
        """A watched line to a machine, by the first of its numbers that answers; each is tried so many seconds."""
        found = self.ask(socket.getaddrinfo, host, port, 0, socket.SOCK_STREAM)
        failed: OSError = OSError("no one has this name")
        for tried, (family, kind, protocol, _, address) in enumerate(found):
            if self.is_over:
                raise TooSlow(f"no connection within {self.seconds:g} seconds")
            line = socket.socket(family, kind, protocol)
            try:
                line.settimeout(max(0.1, min(each, self.left / (len(found) - tried))))
                line.connect(address)
            except OSError as error:
                line.close()
                failed = error
                continue
            line.settimeout(None)  # the deadline cuts it
            self.watch(line)
            return line
        raise failed

    def _cut(self) -> None:
        with self._lock:
            self.has_cut = True
            for each in self._watched:
                try:
                    each.shutdown(socket.SHUT_RDWR)
                except OSError:
                    continue  # the other side was first
