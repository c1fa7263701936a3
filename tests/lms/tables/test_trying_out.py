"""While a file is only looked at, everybody else writes on: the dry run of a long file takes long."""

import io
import threading
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.engine import Engine
from sqlalchemy.orm import Session

from lms.agencies.models import Agency, Sector
from lms.agencies.tables import IMPORT as AGENCIES
from lms.audit.models import AuditEntry
from lms.frame.db import writing_if_free
from lms.frame.plugins import Change, RowReader
from lms.frame.work import Work
from lms.people.models import Person
from lms.tables.models import Upload
from tests.lms.tables.test_imports import AGENCY_FILE
from tests.make import Make

LONGEST_WAIT_SECONDS = 30
A_SECOND = timedelta(seconds=1)


@dataclass
class Held:
    """The kind `agencies`, whose reader stops before the last row, when all others are written, until it may go on."""

    has_come: threading.Event = field(default_factory=threading.Event)
    may_go_on: threading.Event = field(default_factory=threading.Event)

    def reader(self, work: Work, rows: list[Mapping[str, str]]) -> RowReader:
        read, left = AGENCIES.reader(work, rows), len(rows)

        def stop_before_the_last(row: Mapping[str, str]) -> Change:
            nonlocal left
            left -= 1
            if left == 0:
                work.session.flush()
                self.has_come.set()
                self.may_go_on.wait(LONGEST_WAIT_SECONDS)
            return read(row)

        return stop_before_the_last

    @contextmanager
    def in_the_middle_of(self, do: Callable[[], Any]) -> Iterator[Future[Any]]:
        with ThreadPoolExecutor(1) as other:
            doing = other.submit(do)
            try:
                assert self.has_come.wait(LONGEST_WAIT_SECONDS)
                yield doing
            finally:
                self.may_go_on.set()


@pytest.fixture
def held(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Held:
    made, site = Held(), app.extensions["lms"]
    others = tuple(each for each in site.imports if each.kind != "agencies")
    slow = replace(AGENCIES, reader=made.reader)
    monkeypatch.setitem(app.extensions, "lms", replace(site, imports=(slow, *others)))
    return made


def write_at_once(engine: Engine) -> None:
    with writing_if_free(engine, wait=A_SECOND) as session:
        session.add(Sector(name="Written meanwhile"))


def kept(engine: Engine) -> tuple[list[str], list[str]]:
    with Session(engine) as session:
        codes = sa.select(Agency.code).where(Agency.code.in_(["OLD", "NEW", "VOL"]))
        imported = sa.select(AuditEntry.event).where(AuditEntry.event.contains("import"))
        return list(session.scalars(codes)), list(session.scalars(imported))


def test_others_write_while_a_command_only_looks(app: Flask, engine: Engine, held: Held, tmp_path: Path) -> None:
    file = tmp_path / "agencies.csv"
    file.write_text(AGENCY_FILE)
    looks = ["import", "agencies", str(file)]
    with held.in_the_middle_of(lambda: app.test_cli_runner().invoke(args=looks)) as doing:
        write_at_once(engine)
    said = doing.result()
    assert said.exit_code == 0
    assert "agencies: 3 added, 0 changed, 0 unchanged, 0 rejected." in said.output
    assert "Nothing was saved: this was a dry run." in said.output
    assert kept(engine) == ([], [])
    assert "Saved." in app.test_cli_runner().invoke(args=[*looks, "--commit"]).output
    assert sorted(kept(engine)[0]) == ["NEW", "OLD", "VOL"]
    assert "0 added, 0 changed, 3 unchanged" in app.test_cli_runner().invoke(args=looks).output


def test_others_write_while_a_page_only_looks(
    engine: Engine, held: Held, sign_in: Callable[[Person], FlaskClient], make: Make
) -> None:
    browser = sign_in(make.coordinator())
    form = {"kind": "agencies", "file": (io.BytesIO(AGENCY_FILE.encode()), "agencies.csv")}
    with held.in_the_middle_of(lambda: browser.post("/tables", data=form)) as doing:
        write_at_once(engine)
    answer = doing.result()
    assert answer.status_code == 303
    assert kept(engine) == ([], [])
    with Session(engine) as session:
        preview = session.scalars(sa.select(Upload.preview)).one()
    assert preview == {"added": 3, "changed": 0, "unchanged": 0, "rejected": 0, "problems": [], "warnings": []}
    assert "Save 3 rows" in browser.get(answer.headers["Location"]).text


def test_a_command_that_exports_lets_others_write(app: Flask, engine: Engine, held: Held) -> None:
    """It only reads, and the database sees to that."""
    site = app.extensions["lms"]

    def export(work: Work) -> Iterator[Mapping[str, str]]:
        work.session.scalar(sa.select(sa.func.count(Agency.id)))
        held.has_come.set()
        held.may_go_on.wait(LONGEST_WAIT_SECONDS)
        yield from AGENCIES.export(work)

    app.extensions["lms"] = replace(site, imports=(replace(AGENCIES, export=export),))
    with held.in_the_middle_of(lambda: app.test_cli_runner().invoke(args=["export", "agencies"])) as doing:
        write_at_once(engine)
    assert doing.result().output.startswith("code,name,sector")
