"""What the topics' demonstrations share: tables kept beside them, and chance that is the same every time."""

import csv
import tomllib
from pathlib import Path
from random import Random
from typing import Any

Row = dict[str, str]


def read_rows(module: str, name: str = "demonstration.csv") -> list[Row]:
    """The rows of a CSV file beside the module whose `__file__` this is."""
    with Path(module).with_name(name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def read_words(module: str, name: str = "demonstration.toml") -> dict[str, Any]:
    """The content of a TOML file beside the module whose `__file__` this is."""
    return tomllib.loads(Path(module).with_name(name).read_text(encoding="utf-8"))


def chance(topic: str) -> Random:
    """A topic's own chance: invented people must be the same at every loading, so nothing here is secret."""
    return Random(f"Rowan Valley {topic}")  # noqa: S311
