"""Somebody who reads everything, knows the rules, and looks for whole numbers that agree with all of it.

Each number that nobody tells is a variable; what is told says between which bounds a sum of them lies. A number that
is hidden is safe when the variables can be changed so that it is another one and everything told still holds.
"""

from collections import defaultdict
from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass, field

Sum = Mapping[Hashable, int]
ANY = 10_000
MOST_MOVES = 18


@dataclass(frozen=True)
class Bound:
    """A sum of numbers, and between which two it lies."""

    parts: tuple[tuple[Hashable, int], ...]
    low: int
    high: int

    def misses(self, values: Mapping[Hashable, int]) -> int:
        """By how much it is too large, or, below zero, too small."""
        now = sum(times * values[name] for name, times in self.parts)
        return now - self.high if now > self.high else min(now - self.low, 0)


@dataclass
class Adversary:
    """What somebody knows: the true numbers are here only as one way in which everything agrees."""

    truth: Mapping[Hashable, int]
    bounds: list[Bound] = field(default_factory=list)

    def is_told(self, parts: Sum, low: int, high: int = ANY) -> None:
        """A sum lies between two numbers."""
        self.bounds.append(Bound(tuple(parts.items()), low, high))

    def read(self, parts: Sum, shown: object, least: int = 1) -> None:
        """A sum as a report shows it: 80, fewer than 5, most of 84, 42 to 45; hidden says nothing.

        `least`: what "fewer than 5" can be at least; nobody, where what it is a part of is small itself.
        """
        words = str(shown).replace(",", "").split()
        if words[0].isdigit():
            self.is_told(parts, int(words[0]), int(words[-1]))
        elif words[0] == "fewer":
            self.is_told(parts, least, 4)
        elif words[0] == "most":
            self.is_told(parts, int(words[2]) - 4, int(words[2]) - 1)

    def finds(self, secrets: Iterable[Sum]) -> list[Sum]:
        """Which of these sums can be no other number."""
        self._check()
        left = list(secrets)
        for each in list(left):
            if each in left:
                for step in (1, -1):
                    other = _Search(self, each).after(step)
                    if other is not None:
                        left = [one for one in left if _total(one, other) == _total(one, self.truth)]
                        break
        return left

    def forget_what_is_not_so(self) -> None:
        """Of a report from before something was corrected, what somebody knows to be as it was."""
        self.bounds = [each for each in self.bounds if not each.misses(self.truth)]

    def _check(self) -> None:
        wrong = [each for each in self.bounds if each.misses(self.truth)]
        assert not wrong, f"what is told is not so: {wrong[0]}, by {wrong[0].misses(self.truth)}"


def _total(parts: Sum, values: Mapping[Hashable, int]) -> int:
    return sum(times * values[name] for name, times in parts.items())


class _Search:
    """Looks for other numbers: what no longer agrees after a change is made to agree by another."""

    def __init__(self, known: Adversary, secret: Sum) -> None:
        self.known = known
        target = _total(secret, known.truth)
        self.secret, self.target = tuple(secret.items()), target
        self.bounds_of: dict[Hashable, list[Bound]] = defaultdict(list)
        for bound in known.bounds:
            for name, _ in bound.parts:
                self.bounds_of[name].append(bound)
        self.tries = 0

    def after(self, step: int) -> dict[Hashable, int] | None:
        """Numbers that agree with everything although the secret is more or less by `step`."""
        goal = Bound(self.secret, self.target + step, self.target + step)
        for name, _ in self.secret:
            self.bounds_of[name].append(goal)
        for moves in range(1, MOST_MOVES):
            self.tries = 0
            found = self._repaired(dict(self.known.truth), {goal}, frozenset(), moves)
            if found is not None:
                return found
        return None

    def _repaired(
        self, values: dict[Hashable, int], wrong: set[Bound], moved: frozenset[Hashable], moves: int
    ) -> dict[Hashable, int] | None:
        self.tries += 1
        if not wrong:
            return values
        if not moves or len(wrong) > 2 * moves or self.tries > 4000:
            return None
        bound = min(wrong, key=lambda each: sum(name not in moved for name, _ in each.parts))
        missing = -bound.misses(values)
        for name, times in sorted(bound.parts, key=lambda part: len(self.bounds_of[part[0]])):
            change = missing // times if missing % times == 0 else 0
            if name in moved or not change or values[name] + change < 0:
                continue
            after = {**values, name: values[name] + change}
            near = {each for each in self.bounds_of[name] if each.misses(after)}
            still = (wrong - set(self.bounds_of[name])) | near
            found = self._repaired(after, still, moved | {name}, moves - 1)
            if found is not None:
                return found
        return None
