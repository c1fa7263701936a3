"""People who read and write as a process of before does: it knows the columns that there were when it began."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import count

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Engine

from lms.frame.again import again_when_met
from lms.frame.db import READING, make_engine

ROWS_OF_A_PAGE = 50
CHANGED = {"event": "joining_note", "person": "job_title", "booking": "manager_name", "outbox": "to_name"}
COPIED = {"person": ("ref", "calendar_secret"), "outbox": ("key",)}
"""Tables whose rows are copied, with the columns that must be others in each."""


@dataclass
class Traffic:
    """Begins with `going_on`. `pages` and `changes` are how long each took, in seconds; `faults` what went wrong."""

    url: str
    pages: list[float] = field(default_factory=list)
    changes: list[float] = field(default_factory=list)
    faults: list[BaseException] = field(default_factory=list)

    @contextmanager
    def going_on(self) -> Iterator[None]:
        """Two read and one writes, until the end, and once more after it."""
        engine, over, numbers = make_engine(self.url), threading.Event(), count(1)
        tables = _columns(engine)

        def page(connection: Connection) -> None:
            for table, columns in tables.items():
                connection.execute(sa.select(*columns).select_from(sa.table(table)).limit(ROWS_OF_A_PAGE)).all()

        def change(connection: Connection) -> None:
            _change(connection, tables, next(numbers))

        def read() -> None:
            with engine.connect().execution_options(**READING) as connection, connection.begin():
                page(connection)

        def write() -> None:
            with engine.begin() as connection:
                change(connection)

        loops = [(read, self.pages), (read, self.pages), (lambda: again_when_met(write), self.changes)]
        threads = [threading.Thread(target=self._repeat, args=(*each, over)) for each in loops]
        for each in threads:
            each.start()
        try:
            self._wait_until_all_began()
            yield
        finally:
            over.set()
            for each in threads:
                each.join()
            engine.dispose()

    def _repeat(self, do: Callable[[], None], took: list[float], over: threading.Event) -> None:
        is_last = False
        while not is_last and not self.faults:
            is_last, began = over.is_set(), time.monotonic()
            try:
                do()
            except BaseException as fault:
                self.faults.append(fault)
            took.append(time.monotonic() - began)

    def _wait_until_all_began(self) -> None:
        while not (self.pages and self.changes) and not self.faults:
            time.sleep(0.01)


def _columns(engine: Engine) -> dict[str, list["sa.ColumnClause[object]"]]:
    told = sa.inspect(engine).get_multi_columns().items()
    return {str(table): [sa.column(each["name"]) for each in columns] for (_, table), columns in told}


def _change(connection: Connection, tables: dict[str, list["sa.ColumnClause[object]"]], number: int) -> None:
    """A row is written as it was, and another added."""
    for table, column in CHANGED.items():
        here = sa.table(table, sa.column("id"), sa.column(column))
        chosen = connection.scalar(sa.select(here.c.id).order_by(here.c.id).offset(number % 7).limit(1))
        connection.execute(sa.update(here).where(here.c.id == chosen).values({column: here.c[column]}))
    for table, unlike in COPIED.items():
        names = [each.name for each in tables[table] if each.name != "id"]
        here = sa.table(table, sa.column("id"), *map(sa.column, names))
        chosen = connection.scalar(sa.select(sa.func.min(here.c.id)))
        another = [sa.literal(f"traffic-{number}").label(each) if each in unlike else here.c[each] for each in names]
        connection.execute(sa.insert(here).from_select(names, sa.select(*another).where(here.c.id == chosen)))
