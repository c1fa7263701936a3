"""A copy, an erasure and retention from the command line."""

import json
from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask

from lms.people.models import Person
from tests.make import Make
from tests.moments import NOW


def run(app: Flask, *given: str) -> tuple[int, str]:
    result = app.test_cli_runner().invoke(args=list(given))
    return result.exit_code, result.output


@pytest.mark.slow
def test_somebody_is_copied_and_erased_by_command(app: Flask, make: Make, tmp_path: Path) -> None:
    person = make.person("Zoë Quillfeather", ref="RV90210")
    owner = make.person("Odalys Marsh", ref="RV90211")
    make.action(owner=owner)
    make.commit()
    code, printed = run(app, "person", "export", "RV90210")
    assert (code, json.loads(printed)["person"]["name"]) == (0, "Zoë Quillfeather")
    file = tmp_path / "copy.html"
    assert run(app, "person", "export", "RV90210", "--format", "html", "--out", str(file))[0] == 0
    assert "Zoë Quillfeather" in file.read_text("utf-8")
    assert file.stat().st_mode & 0o077 == 0
    assert run(app, "person", "export", "NOBODY")[0] == 2
    code, printed = run(app, "person", "erase", "RV90211", "--reason", "Asked", "--commit")
    assert (code, "owns an action" in printed) == (1, True)
    code, printed = run(app, "person", "erase", "RV90210", "--reason", "Asked")
    assert (code, "Nothing was changed" in printed) == (0, True)
    name = sa.select(Person.name).where(Person.id == person.id)
    make.commit()
    assert make.session.scalar(name) == "Zoë Quillfeather"
    assert run(app, "person", "erase", "RV90210", "--reason", "Asked", "--commit")[0] == 0
    make.commit()
    assert make.session.scalar(name) == "Erased person"


@pytest.mark.slow
def test_the_command_prints_every_text_and_asks_for_their_number(app: Flask, make: Make) -> None:
    person = make.person("Zoë Quillfeather", ref="RV90210")
    make.course(summary="Led by Zoë Quillfeather.")
    for number in range(22):
        make.person(f"Delegate {number}", manager_name="Zoë Quillfeather")
    make.commit()
    command = ("person", "erase", "RV90210", "--reason", "Asked")
    code, printed = run(app, *command)
    assert (code, "Nothing was changed" in printed) == (0, True)
    assert "Loses words: Person, manager name" in printed
    assert "(22 times): [[Zoë Quillfeather]]" in printed
    assert "Stays, look at it: Course version, summary" in printed
    for number in ((), ("--yes-texts", "21")):
        code, printed = run(app, *command, "--commit", *number)
        assert (code, "--yes-texts 22" in printed) == (1, True)
    make.commit()
    names = sa.select(Person.name).where(Person.id == person.id)
    assert make.session.scalar(names) == "Zoë Quillfeather"
    assert run(app, *command, "--commit", "--yes-texts", "22")[0] == 0
    make.commit()
    assert make.session.scalar(names) == "Erased person"


def test_retention_says_what_would_go_before_it_goes(app: Flask, make: Make) -> None:
    person = make.person("Long Gone", left_on=NOW.date() - timedelta(days=3000))
    make.commit()
    code, printed = run(app, "retention", "run")
    assert code == 0
    assert "1  personal_data.former_people" in printed
    make.commit()
    assert make.session.scalar(sa.select(Person.name).where(Person.id == person.id)) == "Long Gone"
    assert "Nothing was changed" not in run(app, "retention", "run", "--commit")[1]
    make.commit()
    assert make.session.scalar(sa.select(Person.name).where(Person.id == person.id)) == "Erased person"
