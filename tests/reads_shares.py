"""Somebody who reads of how many people so many are it, in every table and together, and looks for small numbers.

What is read is words: "12 of 30", "fewer than 5 of 30", "most of 84", "18 to 21 of 30". A row is one of several things
that are told of the same people (a course, or the level that it is of) and a group of them (an agency).
"""

import re
from collections.abc import Collection, Hashable, Iterable, Mapping, Sequence
from typing import Any

from lms.kit.telling.numbers import SMALL, is_small
from tests.adversary import Adversary

Row = tuple[Hashable, Hashable]
"""What it is about, and which group."""
ALL = "all"


class ReadsShares:
    """`truth`: of each row how many there are, and how many of them are it; sums over the groups are all of them.

    How many there are stands there. So there is one number to look for in each row, and those who are not follow.
    """

    def __init__(self, truth: Mapping[Row, tuple[int, int]]) -> None:
        self.shares = dict(truth)
        for what in {what for what, _ in truth}:
            of = [share for (about, _), share in truth.items() if about == what]
            self.shares[what, ALL] = sum(share[0] for share in of), sum(share[1] for share in of)
        self.known = Adversary({row: part for row, (_, part) in self.shares.items()})
        self.wanted: list[dict[Hashable, int]] = []
        for row, (number, part) in self.shares.items():
            self.known.is_told({row: 1}, 0, number)
            if not is_small(number):  # how many a very small agency has stands nowhere
                self._want({row: 1}, part, number - part)
        for what in {what for what, _ in truth}:
            self.known.is_told({(what, ALL): -1, **{row: 1 for row in truth if row[0] == what}}, 0, 0)

    def _want(self, parts: dict[Hashable, int], *numbers: int) -> None:
        """Somebody looks for it, where any of the numbers that it tells is small."""
        if any(is_small(each) for each in numbers):
            self.wanted.append(parts)

    def are_one_of(self, whole: Hashable, parts: Sequence[Hashable]) -> None:
        """Up to date with a level is who is so with one of its courses: those who are so with two of two follow."""
        for about, group in list(self.shares):
            if about != whole:
                continue
            there = [(part, group) for part in parts if (part, group) in self.shares]
            for row in there:
                self.known.is_told({(whole, group): 1, row: -1}, 0)
                if len(there) > 1:
                    self._want({(whole, group): 1, row: -1}, self.shares[whole, group][1] - self.shares[row][1])
            again: dict[Hashable, int] = {(whole, group): -1, **dict.fromkeys(there, 1)}
            self.known.is_told(again, 0)
            self._want(again, sum(self.shares[row][1] for row in there) - self.shares[whole, group][1])

    def read(self, what: Hashable, groups: Iterable[Hashable], shown: str, within: Iterable[Hashable] = ()) -> None:
        """A cell of a table: of these groups together. `within`: of which others they are a part, besides all.

        Where such a whole reads that it is small, or that nearly all are it, a part of it says so whatever it is.
        """
        there = [group for group in groups if (what, group) in self.shares]
        of = sum(self.shares[what, group][0] for group in there)
        parts = {(what, group): 1 for group in there}
        if there != [ALL] and shown.startswith(("fewer", "most")) and self._is_of_few(what, within):
            self.known.is_told(parts, *((0, SMALL - 1) if shown.startswith("fewer") else (of - SMALL + 1, of)))
            return
        words, _, said = shown.partition(" of ")
        if shown.startswith("most of "):
            assert shown == f"most of {of:,}", (what, shown, of)
        elif shown != "hidden":
            assert int(re.sub(r"\D", "", said)) == of, (what, shown, of)
        self.known.read(dict.fromkeys(parts, 1), shown if shown.startswith("most of ") else words)

    def _is_of_few(self, what: Hashable, within: Iterable[Hashable]) -> bool:
        """Whether of all, or of the whole that a line is in, very few are it, or very few are not."""
        several = [self.shares[what, group] for group in within if (what, group) in self.shares]
        wholes = [self.shares[what, ALL], tuple(map(sum, zip(*several, strict=True))) or (0, 0)]
        return any(is_small(part) or is_small(of - part) for of, part in wholes)

    def lines(self, what: Hashable, lines: Sequence[tuple[str, str]], together: Collection[Hashable]) -> None:
        """A table of groups by their names; those that are not named are told together: in one line, or in two, one of
        which is of those who are told `together` elsewhere."""
        there = [group for about, group in self.shares if about == what and group != ALL]
        named = {name for name, _ in lines}
        others = [group for group in there if group not in named]
        apart = [group for group in others if group in together], [group for group in others if group not in together]
        left = [each for each in apart if each] if sum(name not in there for name, _ in lines) > 1 else [others]
        for name, shown in sorted(lines, key=lambda line: line[1] == "hidden"):
            groups = [name] if name in there else self._those(what, left, shown)
            self.read(what, groups, shown)

    def _those(self, what: Hashable, left: list[list[Hashable]], shown: str) -> list[Hashable]:
        """Of which groups a line is that names none: as many people as it says are in them."""
        of = re.sub(r"\D", "", shown.rpartition(" of ")[2])
        found = next((each for each in left if of == str(sum(self.shares[what, group][0] for group in each))), left[-1])
        left.remove(found)
        return found

    def finds(self) -> list[Any]:
        """The small numbers that can be no other: who is it, who is not, and who is two things at once."""
        return self.known.finds(self.wanted)  # type: ignore[arg-type]
