"""Every contradiction of `contradictions.toml`, tried by SQL: the database refuses it, or `lms check` tells of it."""

import tomllib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.engine import Engine
from sqlalchemy.orm import Session

from lms.frame.access import program
from lms.frame.db import Base, make_engine
from lms.frame.plugins import Check
from lms.frame.settings import ROOT
from lms.frame.work import Work
from lms.hosting.host import PLUGINS as OF_THE_HOST
from lms.testing.databases import DatabaseKind
from tests.built_in import BUILT_IN
from tests.databases import NoSite
from tests.moments import NOW
from tests.rows import Rows


@dataclass(frozen=True)
class Contradiction:
    """One statement (see the file)."""

    words: str
    rows: str
    statement: str
    noticed_by: str = ""
    first: str = ""
    fixed: dict[str, dict[str, Any]] = field(default_factory=dict)


TOLD = tomllib.loads((ROOT / "tests" / "house" / "contradictions.toml").read_text(encoding="utf-8"))
ALL = [Contradiction(**each) for group in TOLD.values() for each in group]
CHECKS: dict[str, Check] = {check.name: check for plugin in (*OF_THE_HOST, *BUILT_IN) for check in plugin.checks}


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def filled(request: pytest.FixtureRequest, _kinds: Callable[[str], DatabaseKind]) -> Iterator[Engine]:
    """One database for all of them: each is taken back."""
    with _kinds(request.param).fresh() as url:
        engine = make_engine(url)
        yield engine
        engine.dispose()


def test_there_are_no_fewer_than_were_tried() -> None:
    assert len(ALL) >= 99
    assert len({each.words for each in ALL}) == len(ALL)


@pytest.mark.parametrize("tried", ALL, ids=lambda each: each.words.replace(" ", "-"))
def test_a_contradiction_is_refused_or_noticed(filled: Engine, tried: Contradiction) -> None:
    with Session(filled) as session:
        numbers = rows_for(session, tried)
        for statement in filter(None, tried.first.split("; ")):
            session.execute(sa.text(statement), numbers)
        before = set(noticed(session, tried.noticed_by))
        if not tried.noticed_by:
            with pytest.raises((sa.exc.IntegrityError, sa.exc.DataError, sa.exc.ProgrammingError)):
                do(session, tried, numbers)
        else:
            do(session, tried, numbers)
            assert set(noticed(session, tried.noticed_by)) > before
        session.rollback()


def rows_for(session: Session, tried: Contradiction) -> dict[str, Any]:
    """The rows that it is about, each by every rule that there is, and their numbers."""
    rows, numbers, columns = Rows(session), {}, {}
    for word in tried.rows.split():
        name, _, table = word.rpartition("=")
        wanted = tried.fixed.get(name or table, {})
        fixed = {key: _value(value, columns) for key, value in wanted.items()}
        made = rows.row(Base.metadata.tables[table], **fixed)
        columns |= {f":{name or table}.{column}": value for column, value in made.items()}
        numbers[name or table] = next(iter(made.values())) if "id" not in made else made["id"]
    return numbers


def _value(said: Any, columns: dict[str, Any]) -> Any:
    """As the file has it: "NULL" is nothing, ":event.id" a column of a row that was made before."""
    if not isinstance(said, str):
        return said
    return None if said == "NULL" else columns.get(said, said)


def do(session: Session, tried: Contradiction, numbers: dict[str, Any]) -> None:
    """The statement, and what the database asks when a transaction ends."""
    found = session.execute(sa.text(tried.statement.replace('"pace":', '"pace"\\:')), numbers)
    assert found.rowcount > 0, "it is about some row"
    if session.get_bind().dialect.name == "sqlite":
        if session.connection().exec_driver_sql("PRAGMA foreign_key_check").fetchall():
            raise sa.exc.IntegrityError("", None, Exception("the transaction could not end"))
    else:
        session.execute(sa.text("SET CONSTRAINTS ALL IMMEDIATE"))


def noticed(session: Session, check: str) -> list[str]:
    if not check:
        return []
    session.expire_all()
    work = Work(session=session, actor=program("test"), now=NOW, site=NoSite())
    return list(CHECKS[check].find(work))
