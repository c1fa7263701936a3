"""Every letter in words: what kinds there are, an example of each, and the snapshot that a reviewer reads."""

import os
from importlib import import_module
from pathlib import Path
from typing import Any

from flask import Flask

from lms.frame.settings import ROOT
from lms.mail.rendering import LetterWords, Renderer
from lms.testing.letters import PARTNERSHIP

SNAPSHOTS = Path(__file__).parent / "snapshots" / "letters"
EXAMPLES = Path(__file__).parent / "letter_examples"
UPDATE = "UPDATE_SNAPSHOTS"


def kinds() -> set[str]:
    """Every kind of letter: a folder `templates/email/<plugin>/<letter>`."""
    folders = (path.parent for path in (ROOT / "templates" / "email").glob("*/*/subject.txt"))
    return {f"{folder.parent.name}.{folder.name}" for folder in folders}


def examples() -> dict[str, dict[str, Any]]:
    """Every example by name: the kind, or the kind and a variation."""
    names = sorted(path.stem for path in EXAMPLES.glob("*.py") if path.stem != "__init__")
    found: dict[str, dict[str, Any]] = {}
    for name in names:
        found |= import_module(f"tests.letter_examples.{name}").EXAMPLES
    return found


def words_of(app: Flask, example: str) -> LetterWords:
    """An example put together as it would be delivered."""
    kind = example.partition(":")[0]
    renderer = Renderer(app, app.extensions["lms"].settings, PARTNERSHIP)
    return renderer.words(kind, examples()[example], "Amara Fenwick-Osei")


def rendered(app: Flask, example: str) -> dict[str, str]:
    """The files of an example: the subject and the text in one, the HTML in the other."""
    words, name = words_of(app, example), example.replace(":", "-")
    return {f"{name}.txt": f"Subject: {words.subject}\n\n{words.text}", f"{name}.html": words.html}


def check_snapshot(name: str, now: str) -> None:
    """Fails when a letter reads differently from its snapshot; with UPDATE_SNAPSHOTS=1, writes the snapshot."""
    path = SNAPSHOTS / name
    if os.environ.get(UPDATE) == "1":
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(now, encoding="utf-8")
    assert path.is_file(), f"{name} has no snapshot. Run with {UPDATE}=1, read what it wrote, and commit it."
    assert now == path.read_text(encoding="utf-8"), f"{name} reads differently. If that is right, run with {UPDATE}=1."
