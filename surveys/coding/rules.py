"""How far two people who coded the same texts agree: Cohen's kappa, in words. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from lms.kit.words import count

ENOUGH = 20
"""Of fewer texts that two people coded, agreement says nothing."""
STRENGTHS = ((0.81, "almost perfect"), (0.61, "substantial"), (0.41, "moderate"), (0.21, "fair"), (0.0, "slight"))
"""Landis and Koch (1977)."""
NO_AGREEMENT = "no better than chance"
Coded = tuple[frozenset[int], frozenset[int]]
"""The themes that each of two people gave a text."""


@dataclass(frozen=True)
class ThemeAgreement:
    """One theme: how often both, one or neither gave it, and the agreement beyond chance."""

    name: str
    both: int
    one: int
    neither: int
    kappa: float | None

    @property
    def shown(self) -> str:
        """0.71, substantial"""
        return shown(self.kappa)


@dataclass(frozen=True)
class Agreement:
    """Of `texts` that two people coded apart, `same` got the same themes from both."""

    texts: int
    same: int
    kappa: float | None
    themes: tuple[ThemeAgreement, ...]

    @property
    def words(self) -> str:
        """Two people coded 40 texts apart, and gave the same themes to 31. Agreement is substantial (kappa 0.71)."""
        if not self.texts:
            return "No text has been coded by two people yet."
        said = f"Two people coded {count(self.texts, 'text')} apart, and gave the same themes to {self.same} of them."
        if self.texts < ENOUGH or self.kappa is None:
            return f"{said} From {ENOUGH} texts on, that tells how far their coding can be relied on."
        return (
            f"{said} Beyond chance, agreement on single themes is {strength(self.kappa)} "
            f"(Cohen’s kappa {self.kappa:.2f})."
        )


def kappa(pairs: Sequence[tuple[bool, bool]]) -> float | None:
    """Cohen's kappa of two people's yes and no; None where both always said the same one thing."""
    n = len(pairs)
    if not n:
        return None
    observed = sum(one == other for one, other in pairs) / n
    first, second = (sum(pair[place] for pair in pairs) / n for place in (0, 1))
    expected = first * second + (1 - first) * (1 - second)
    return None if expected == 1 else (observed - expected) / (1 - expected)


def strength(number: float) -> str:
    """In words, from almost perfect to no better than chance."""
    return next((words for least, words in STRENGTHS if round(number, 2) >= least), NO_AGREEMENT)


def shown(number: float | None) -> str:
    """0.71, substantial"""
    return "not applicable" if number is None else f"{number:.2f}, {strength(number)}".replace("-", "−")


def agreement(coded: Iterable[Coded], themes: Mapping[int, str]) -> Agreement:
    """How far two people agree: theme by theme, and on all single decisions together."""
    texts = list(coded)
    pairs = {theme: [(theme in one, theme in other) for one, other in texts] for theme in themes}
    rows = [
        ThemeAgreement(
            themes[theme],
            sum(one and other for one, other in those),
            sum(one != other for one, other in those),
            sum(not (one or other) for one, other in those),
            kappa(those),
        )
        for theme, those in pairs.items()
    ]
    everything = [pair for those in pairs.values() for pair in those]
    used = [row for row in rows if row.both or row.one]
    return Agreement(len(texts), sum(one == other for one, other in texts), kappa(everything), tuple(used))
