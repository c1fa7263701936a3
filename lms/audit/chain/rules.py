"""What a seal is made of. Pure."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

BEGINNING = ""
"""What stands before the first seal."""


@dataclass(frozen=True)
class SealedLine:
    """A line of the audit: what stays of it, and its words, which erasing may change."""

    entry_id: int
    at: datetime
    facts: tuple[Any, ...]
    words: tuple[Any, ...]

    @property
    def facts_digest(self) -> str:
        return digest(self.facts)

    def words_digest(self, salt: str) -> str:
        """Over the words and a salt, without which nobody can try out what they were."""
        return digest((salt, *self.words))


def seal_hash(before: str, number: int, line: tuple[int, datetime], digests: Sequence[str]) -> str:
    """The hash of a seal, over the one before it."""
    entry_id, at = line
    return digest((before, number, entry_id, at.astimezone(UTC).isoformat(timespec="microseconds"), *digests))


def digest(values: Sequence[Any]) -> str:
    """SHA-256 over plain values, written in one way only."""
    text = json.dumps(list(values), ensure_ascii=True, sort_keys=True, separators=(",", ":"), default=str)
    return hashlib.sha256(text.encode()).hexdigest()
