"""What people answered in their own words: examples and themes."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from lms.kit.telling.numbers import SMALL, told
from surveys.impact.content.queries import SheetRead, TextRead

SHOWN_EXAMPLES = 6


def groups_of_five(sheets: Iterable[SheetRead]) -> list[SheetRead]:
    """Only the sheets of groups of five or more: what is let out is, so this only makes sure."""
    kept = list(sheets)
    sizes = Counter(each.group for each in kept)
    return [each for each in kept if sizes[each.group] >= SMALL]


# Words


@dataclass(frozen=True)
class Example:
    """What somebody does differently, in their own words."""

    words: str
    sector: str
    course: str

    @property
    def source(self) -> str:
        """Health. Safer babies"""
        return ". ".join(part for part in (self.sector, self.course.partition(":")[0]) if part)


@dataclass(frozen=True)
class ThemeRow:
    """How many answers a person gave this theme."""

    name: str
    shown: str


def examples_of(texts: Sequence[TextRead]) -> list[Example]:
    """Those that somebody chose to be shown, at most six, each once."""
    chosen = {each.words: each for each in reversed(texts) if each.is_example}
    return [Example(each.words, each.sector, each.course) for each in reversed(chosen.values())][:SHOWN_EXAMPLES]


def themes_of(texts: Sequence[TextRead]) -> list[ThemeRow]:
    """What coded answers are about, the most frequent first as far as that is told. One text can have several."""
    counted = Counter(name for each in texts if each.is_coded for name in each.themes)
    those = {name: told(number) for name, number in counted.items()}
    return [ThemeRow(name, those[name].shown) for name in sorted(those, key=lambda name: (-those[name].least, name))]
