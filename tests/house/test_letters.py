"""Every letter has an example, reads as its snapshot, and says who it is from."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask

from lms.frame.settings import Settings
from lms.hosting.app import create_app
from lms.testing.letters import PARTNERSHIP, faults_of_letter
from tests.built_in import BUILT_IN
from tests.letters import SNAPSHOTS, check_snapshot, examples, kinds, rendered, words_of


@pytest.fixture(scope="module")
def writing_app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """An application that only puts letters together: no letter needs a database."""
    folder: Path = tmp_path_factory.mktemp("letters")
    made = create_app(
        Settings(
            secret_key="a key for tests, long enough",
            database_url=f"sqlite:///{folder / 'none.sqlite3'}",
            mail_url=f"file://{folder / 'mailbox'}",
            mail_from="Training team <training@rowanvalleyscp.example>",
            base_url="https://training.rowanvalleyscp.example",
            instance=folder,
        ),
        BUILT_IN,
    )
    yield made
    with made.app_context():
        made.extensions["sqlalchemy"].engine.dispose()


def test_every_letter_has_an_example_and_every_example_a_letter() -> None:
    shown = {name.partition(":")[0] for name in examples()}
    assert kinds() == shown, f"without example: {kinds() - shown}; without templates: {shown - kinds()}"


@pytest.mark.parametrize("example", sorted(examples()))
def test_a_letter_reads_as_its_snapshot(writing_app: Flask, example: str) -> None:
    for name, now in rendered(writing_app, example).items():
        check_snapshot(name, now)


def test_no_snapshot_is_left_of_a_letter_that_is_gone() -> None:
    expected = {f"{name.replace(':', '-')}.{kind}" for name in examples() for kind in ("txt", "html")}
    assert {path.name for path in SNAPSHOTS.iterdir()} == expected


@pytest.mark.parametrize("example", sorted(examples()))
def test_a_letter_is_readable_anywhere(writing_app: Flask, example: str) -> None:
    assert list(faults_of_letter(words_of(writing_app, example), PARTNERSHIP)) == []
