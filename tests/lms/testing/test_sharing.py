"""What processes of a run share is made once, whole or not at all; rows come over to the other kind as they are."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from lms.frame.db import Base, make_engine
from lms.people.models import Person
from lms.testing.databases import DatabaseKind
from lms.testing.rows_over import bring_rows_over
from lms.testing.sharing import FOLDER, once
from tests.make import Make


@pytest.fixture
def shared(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv(FOLDER, str(tmp_path))
    return tmp_path


def test_many_processes_make_a_thing_once(shared: Path) -> None:
    def make(path: Path) -> None:
        with (shared / "makers").open("a") as makers:
            makers.write("one\n")
        path.write_text("made")

    forks = []
    for _ in range(8):
        forks.append(os.fork())
        if forks[-1] == 0:
            os._exit(0 if once("thing", make).read_text() == "made" else 1)
    assert [os.waitpid(fork, 0)[1] for fork in forks] == [0] * 8
    assert (shared / "makers").read_text() == "one\n"


def test_what_was_not_made_to_the_end_is_not_there(shared: Path) -> None:
    def fail(path: Path) -> None:
        path.write_text("half")
        raise OSError("no room")

    with pytest.raises(OSError, match="no room"):
        once("thing", fail)
    assert not (shared / "thing").exists()
    assert once("thing", lambda path: path.write_text("whole")).read_text() == "whole"


@pytest.fixture
def kinds(_kinds: Callable[[str], DatabaseKind]) -> Callable[[str], DatabaseKind]:
    return _kinds


@pytest.mark.parametrize("kind", ["postgresql"])
def test_rows_come_over_as_they_are_and_numbers_go_on(kind: str, kinds: Callable[[str], DatabaseKind]) -> None:
    with kinds("sqlite").fresh() as begun, kinds(kind).empty() as url:
        source, target = make_engine(begun), make_engine(url)
        with Session(source) as session:
            make = Make(session)
            make.event(trainers=[make.person("Zoë Quillfeather")])
            make.commit()
        Base.metadata.create_all(target)
        bring_rows_over(Path(source.url.database or ""), url)
        with Session(source) as there, Session(target) as here:
            for table in Base.metadata.sorted_tables:
                assert _rows(there, table) == _rows(here, table), table.name
            last = here.scalar(sa.select(sa.func.max(Person.id))) or 0
            assert Make(here).person("Ines Farlow", ref="NEXT", email="", agency=None).id == last + 1
        source.dispose()
        target.dispose()


def _rows(session: Session, table: sa.Table) -> list[str]:
    return sorted(map(repr, session.execute(sa.select(table))))
