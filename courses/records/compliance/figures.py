"""Who is up to date, as it is told to those who do not see the names: small agencies together. Pure.

A level and its courses are told together: whoever is up to date with a course is so with its level, and the others of
the level follow from both.
"""

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from lms.kit.telling.lines import line_named, lines_of
from lms.kit.telling.shares import NumbersBeside, Share, part, tell_parts
from lms.kit.telling.sums import Sum

What = int | str
"""A course by its id, or a level by its name."""
Line = tuple[int, ...]
"""Agencies told together, by their ids; none of them: all agencies."""
ALL: Line = ()


class CountedByAgency(Protocol):
    """What was counted of each agency."""

    @property
    def agencies(self) -> Mapping[int, str]: ...

    def share(self, agency_id: int, what: What) -> Share: ...


@dataclass(frozen=True)
class LevelTold:
    """One level and its courses: the lines of agencies, and each share as it is told."""

    lines: Sequence[Line]
    names: Mapping[Line, str]
    shares: Mapping[tuple[What, Line], Share]

    def rows(self, what: What) -> list[tuple[str, Share]]:
        """The lines of a course or level that it is for."""
        found = [(self.names[line], self.shares[what, line]) for line in self.lines]
        return [(name, share) for name, share in found if share.of]


def level_told(counted: CountedByAgency, level: What, courses: Sequence[What]) -> LevelTold:
    """What is told of a level and its courses, of all agencies and of each line of them."""
    whats = [*courses, level]
    there = [agency_id for agency_id in counted.agencies if counted.share(agency_id, level).of]
    counts = {what: {agency_id: counted.share(agency_id, what) for agency_id in there} for what in whats}

    def sizes(names: Sequence[int]) -> list[int]:
        """The smallest whole of a line, of those courses that are for anybody of it."""
        return [min((of for what in whats if (of := sum(counts[what][each].of for each in names))), default=0)]

    lines = lines_of({each: sizes([each]) for each in there}, together_are=sizes) if there else []
    lines.sort(key=lambda line: (len(line) > 1, min(counted.agencies[each] for each in line)))
    exact = {
        (what, line): _added([counts[what][each] for each in (line or there)])
        for what in whats
        for line in dict.fromkeys((*lines, ALL))
    }
    told = tell_parts(
        {key: share.of for key, share in exact.items()},
        {key: share.valid for key, share in exact.items()},
        [((what, ALL), tuple((what, line) for line in lines)) for what in whats],
        _others_of_level(exact, level, courses),
    )
    shares = {key: Share(share.of, share.valid, told.parts[key]) for key, share in exact.items()}
    names = {
        line: line_named([counted.agencies[each] for each in line], "agency", "agencies", is_only=len(lines) == 1)
        for line in lines
    }
    return LevelTold(lines, names, shares)


def _others_of_level(exact: Mapping[tuple[What, Line], Share], level: What, courses: Sequence[What]) -> NumbersBeside:
    """Those who are up to date with the level by another course than this one: they stand nowhere, but follow."""
    numbers: dict[Hashable, int] = {}
    sums: list[Sum[Hashable]] = []
    for (what, line), share in exact.items():
        if what in courses:
            others = ("others", what, line)
            numbers[others] = exact[level, line].valid - share.valid
            sums.append((part((level, line)), (part((what, line)), others)))
    return NumbersBeside(numbers, sums, frozenset(numbers))


def _added(shares: Sequence[Share]) -> Share:
    return Share(sum(each.of for each in shares), sum(each.valid for each in shares))
