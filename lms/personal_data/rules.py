"""What tells who somebody is, and taking it out of words. Pure."""

import json
import re
from collections.abc import Collection
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

ERASED_NAME = "Erased person"
ERASED_WORDS = "[erased]"
SHORTEST_REF_IN_WORDS = 5
"""A shorter reference is an ordinary number or word too often to be taken out of sentences."""


@dataclass(frozen=True)
class Identity:
    """Names, addresses, references and telephone numbers, now and before, of one person."""

    names: frozenset[str] = field(default=frozenset())
    addresses: frozenset[str] = field(default=frozenset())
    refs: frozenset[str] = field(default=frozenset())
    phones: frozenset[str] = field(default=frozenset())

    def without(self, others: Collection[str]) -> "Identity":
        """What is left when what belongs to somebody else as well is not counted."""
        theirs = {each.casefold() for each in others}
        kept = [
            frozenset(each for each in kind if each.casefold() not in theirs)
            for kind in (self.names, self.addresses, self.refs, self.phones)
        ]
        return Identity(*kept)

    @property
    def needles(self) -> list[str]:
        """What a text is looked through for."""
        return sorted({*self.whole, *self.within})

    @cached_property
    def whole(self) -> dict[str, str]:
        """What stands instead of a text that is nothing else, by the text in small letters."""
        refs = {each for each in self.refs if re.search(r"[^\W\d_]", each) or len(each) >= SHORTEST_REF_IN_WORDS}
        found = {each.casefold(): ERASED_NAME for each in self.names}
        found |= {each.casefold(): ERASED_WORDS for each in refs}
        return found | {each.casefold(): "" for each in (*self.addresses, *self.phones)}

    @cached_property
    def within(self) -> frozenset[str]:
        """What is taken out of longer texts: names of several words, addresses, long references and numbers."""
        names = {each for each in self.names if " " in each.strip() or "-" in each}
        refs = {each for each in self.refs if len(each) >= SHORTEST_REF_IN_WORDS}
        return frozenset({*names, *self.addresses, *refs, *self.phones})

    @cached_property
    def _pattern(self) -> re.Pattern[str] | None:
        longest_first = sorted(self.within, key=lambda each: (-len(each), each))
        words = "|".join(r"\s+".join(re.escape(part) for part in each.split()) for each in longest_first)
        return re.compile(rf"(?<!\w)(?:{words})(?!\w)", re.IGNORECASE) if words else None

    def erased_from(self, text: str) -> str:
        """The text without anything of this. A text that is nothing else becomes what `whole` says."""
        instead = self.whole.get(text.strip().casefold())
        if instead is not None:
            return instead
        return self._pattern.sub(ERASED_WORDS, text) if self._pattern else text

    def erased_from_json(self, value: Any) -> Any:
        """The same for every text inside a JSON value."""
        if isinstance(value, str):
            return self.erased_from(value)
        if isinstance(value, list):
            return [self.erased_from_json(each) for each in value]
        if isinstance(value, dict):
            return {name: self.erased_from_json(each) for name, each in value.items()}
        return value


def as_in_json(text: str) -> str:
    """A text as it stands inside stored JSON, where letters with accents are written as numbers."""
    return json.dumps(text)[1:-1]


def without_words(details: dict[str, Any]) -> dict[str, Any]:
    """Numbers and yes or no stay; everything said in words goes."""
    return {name: value for name, value in details.items() if isinstance(value, bool | int | float)}
