"""SQLite's connections stay open from test to test, on a file that is made again as it was.

Each new one reads the whole schema with its hundreds of triggers: 10 ms of processor time, several times a test.
"""

import os
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

from sqlalchemy import event
from sqlalchemy.engine import Dialect, Engine

AS_NEW = ("query_only=OFF", "ignore_check_constraints=OFF", "busy_timeout={milliseconds}")
"""What somebody may have said to a connection, and is said by nobody who gets it next."""


class StayingConnection(sqlite3.Connection):
    """One that whoever closes it gives back, ready for the next one."""

    given_back: Callable[["StayingConnection"], bool] | None = None

    def close(self) -> None:
        """Really, where nobody takes it."""
        if self.given_back is None or not self.given_back(self):
            super().close()

    def end(self) -> None:
        """Really, whoever would take it."""
        super().close()


_files: dict[str, "ReusedFile"] = {}


class ReusedFile:
    """A copy of a template that one test after another has to itself, and the connections to it that stay.

    A process that was forked from this one makes its own.
    """

    def __init__(self, template: Path, file: Path) -> None:
        self.template, self.file, self.process = template, file, os.getpid()
        self.file.write_bytes(template.read_bytes())
        self.inode = file.stat().st_ino
        self.idle: list[tuple[str, StayingConnection]] = []
        self.lent: dict[int, str] = {}
        self.copier = sqlite3.connect(file, isolation_level=None, check_same_thread=False, timeout=1)
        self.copier.execute("PRAGMA synchronous=OFF")
        _files[str(file)] = self

    def connection(self, options: dict[str, Any]) -> StayingConnection:
        """One that is idle, as if it were new; or a new one."""
        alike = repr(sorted(options.items()))
        for number, (which, idle) in enumerate(self.idle):
            if which == alike:
                del self.idle[number]
                for pragma in AS_NEW:
                    idle.execute("PRAGMA " + pragma.format(milliseconds=int(options.get("timeout", 5) * 1000)))
                self.lent[id(idle)] = alike
                return idle
        made: StayingConnection = sqlite3.connect(self.file, factory=StayingConnection, **options)
        made.given_back = self.take_back
        self.lent[id(made)] = alike
        return made

    def take_back(self, connection: StayingConnection) -> bool:
        """Whether it stays: where it was lent in this process. With the last one, all is in the file, as ever."""
        alike = self.lent.pop(id(connection), None)
        if alike is None or os.getpid() != self.process:
            return False
        connection.rollback()
        if not self.lent:
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        self.idle.append((alike, connection))
        return True

    def as_it_was(self) -> bool:
        """Make it again what the template is. False where somebody still has it, or made another of it.

        With the schema's number of before, so that whoever has read the schema need not read it again.
        """
        if self.lent or not self.file.exists() or self.file.stat().st_ino != self.inode:
            return False
        try:
            with closing(sqlite3.connect(f"file:{self.template}?mode=ro&immutable=1", uri=True)) as template:
                template.backup(self.copier)
                number = template.execute("PRAGMA schema_version").fetchone()[0]
            self.copier.execute(f"PRAGMA schema_version={number}")
        except sqlite3.Error:
            return False
        for beside in self._beside():
            os.truncate(beside, 0)
        return True

    def _beside(self) -> list[Path]:
        """What the application keeps beside its database, as its counts of tries; not what SQLite does."""
        own = {f"{self.file.name}{end}" for end in ("", "-wal", "-shm", "-journal")}
        return [each for each in self.file.parent.glob(f"{self.file.name}*") if each.name not in own]

    def end(self) -> None:
        """Nothing of it stays."""
        del _files[str(self.file)]
        for _, connection in self.idle:
            connection.end()
        self.copier.close()
        for left in self.file.parent.glob(f"{self.file.name}*"):
            left.unlink()


@event.listens_for(Engine, "do_connect")
def _connect(
    _dialect: Dialect, _record: Any, arguments: list[Any], options: dict[str, Any]
) -> sqlite3.Connection | None:
    """None, so that it is made as always, for whatever is no such file."""
    reused = _files.get(str(arguments[0])) if arguments else None
    return reused.connection(options) if reused is not None and reused.process == os.getpid() else None
