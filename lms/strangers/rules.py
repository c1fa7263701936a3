"""What is written down of a plugin's tables before they go."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class KeptTable:
    """A table with all its rows; columns by name, with their types."""

    name: str
    columns: Mapping[str, str]
    rows: tuple[Mapping[str, Any], ...]
