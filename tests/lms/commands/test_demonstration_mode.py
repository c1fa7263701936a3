"""Demonstration mode runs on a database that is marked or empty, and on no other."""

import importlib.util
import os
from dataclasses import replace
from pathlib import Path
from types import ModuleType

import pytest
import sqlalchemy as sa
from flask import Flask
from flask_migrate import stamp, upgrade
from sqlalchemy.engine import Engine
from sqlalchemy.orm import Session

from lms.frame.settings import ROOT, Settings
from lms.frame.triggers import drop_triggers
from lms.partnership.models import Partnership
from lms.partnership.starting_up.queries import why_not_start
from lms.people.models import PersonAddress
from tests.make import Make


def demo(settings: Settings) -> Settings:
    return replace(settings, is_demo=True)


@pytest.fixture
def run() -> ModuleType:
    """`bin/run.py`, which is no package."""
    spec = importlib.util.spec_from_file_location("run", ROOT / "bin" / "run.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_a_typed_wish_is_refused_on_a_database_with_people_of_its_own(
    engine: Engine, settings: Settings, make: Make
) -> None:
    assert why_not_start(engine, demo(settings)) == ""
    make.person()
    make.commit()
    assert "LMS_DEMO=1, but" in why_not_start(engine, demo(settings))
    assert why_not_start(engine, settings) == ""
    make.mark_as_demonstration()
    make.commit()
    assert why_not_start(engine, demo(settings)) == ""


def test_a_database_that_is_not_there_yet_is_empty(settings: Settings, tmp_path: Path) -> None:
    engine = sa.create_engine(f"sqlite:///{tmp_path / 'new.sqlite3'}")
    assert why_not_start(engine, demo(settings)) == ""
    engine.dispose()


def test_it_is_told_by_exit_whether_it_fits(app: Flask, make: Make) -> None:
    fits = app.test_cli_runner().invoke
    make.commit()
    assert fits(args=["demo", "--fits"]).exit_code == 0
    make.person()
    make.commit()
    assert fits(args=["demo", "--fits"]).exit_code == 1


def test_the_file_of_settings_goes_before_what_the_starter_assumes(
    run: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "environ", {"LMS_INSTANCE": str(tmp_path), "LMS_MAIL_FROM": "a@b.example"})
    (tmp_path / "settings.env").write_text("LMS_DEMO=0\nLMS_BASE_URL=https://training.council.example\n")
    for name in ("LMS_DEMO", "LMS_BASE_URL", "LMS_MAIL_FROM", "LMS_TIMEZONE"):
        run.assume(name, "assumed")
    assert os.environ == {
        "LMS_INSTANCE": str(tmp_path),
        "LMS_MAIL_FROM": "a@b.example",
        "LMS_TIMEZONE": "assumed",
    }


@pytest.mark.slow
@pytest.mark.parametrize(
    ("what", "is_marked"),
    [("the demonstration", True), ("a person of one's own", False), ("a real address", False), ("nobody", False)],
)
def test_the_migration_marks_the_demonstration_and_nothing_else(
    app: Flask, make: Make, session: Session, engine: Engine, what: str, is_marked: bool
) -> None:
    if what != "nobody":
        make.person(ref="DEMO-COORDINATOR", email="p.hallowdale@rvscp.example")
        person = make.person(ref="RV00099", email="")
        person.addresses.append(PersonAddress(address="x@council.gov" if what == "a real address" else "x@y.example"))
    if what == "a person of one's own":
        make.person(ref="P00012", email="amara@rvch.example")
    make.commit()
    with engine.begin() as connection:
        drop_triggers(connection)
        connection.exec_driver_sql("ALTER TABLE partnership DROP COLUMN is_invented")
    with app.app_context():
        stamp(revision="0018")
        upgrade(revision="0019")
    session.rollback()
    assert session.scalars(sa.select(Partnership.is_invented)).one() is is_marked
