"""Who is up to date, as it is told to those who do not see the names: small agencies together. Pure.

A level and its courses are told together: whoever is up to date with a course is so with its level, and the others of
the level follow from both.
"""

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from lms.kit.telling.lines import line_named, lines_of, lines_over
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
    """One level and its courses: the lines of agencies of each, with their names, and each share as it is told."""

    lines: Mapping[What, Mapping[Line, str]]
    shares: Mapping[tuple[What, Line], Share]

    def rows(self, what: What) -> list[tuple[str, Share]]:
        """The lines of a course or level that it is for."""
        found = [(name, self.shares[what, line]) for line, name in self.lines[what].items()]
        return [(name, share) for name, share in found if share.of]


def level_told(counted: CountedByAgency, level: What, courses: Sequence[What]) -> LevelTold:
    """What is told of a level and its courses, of all agencies and of each line of them."""
    there = [agency_id for agency_id in counted.agencies if counted.share(agency_id, level).of]
    counts = {what: {each: counted.share(each, what) for each in there} for what in (*courses, level)}
    lines = _lines(counts, level)
    exact = {
        (what, line): _added([counts[what][each] for each in (line or there)])
        for what in counts
        for line in dict.fromkeys((*lines[what], ALL))
    }
    told = tell_parts(
        {key: share.of for key, share in exact.items()},
        {key: share.valid for key, share in exact.items()},
        [((what, ALL), tuple((what, line) for line in lines[what])) for what in counts],
        _others_of_level(exact, lines, level, courses),
    )
    shares = {key: Share(share.of, share.valid, told.parts[key]) for key, share in exact.items()}
    return LevelTold({what: _named(counted.agencies, those) for what, those in lines.items()}, shares)


def _lines(counts: Mapping[What, Mapping[int, Share]], level: What) -> dict[What, list[Line]]:
    """The lines of a level; and of each course the same, with those together of who it is for few."""
    of_level = lines_of({each: [share.of] for each, share in counts[level].items()})
    found = dict.fromkeys(counts, of_level)
    for what in counts:
        sizes = {line: [sum(counts[what][each].of for each in line)] for line in of_level}
        merged = lines_of({line: size for line, size in sizes.items() if size[0]})
        nobody = [line for line, size in sizes.items() if not size[0]]
        found[what] = [*(tuple(sorted(each for line in those for each in line)) for those in merged), *nobody]
    return found


def _named(agencies: Mapping[int, str], lines: Sequence[Line]) -> dict[Line, str]:
    """Lines by the names of their agencies, those of several last."""
    order = sorted(lines, key=lambda line: (len(line) > 1, min(agencies[each] for each in line)))
    return {
        line: line_named([agencies[each] for each in line], "agency", "agencies", is_only=len(order) == 1)
        for line in order
    }


def _others_of_level(
    exact: Mapping[tuple[What, Line], Share], lines: Mapping[What, Sequence[Line]], level: What, courses: Sequence[What]
) -> NumbersBeside:
    """Those who are up to date with the level by another course than this one: they stand nowhere, but follow."""
    numbers: dict[Hashable, int] = {}
    sums: list[Sum[Hashable]] = []
    for (what, line), share in exact.items():
        if what not in courses:
            continue
        within = [(level, each) for each in lines[level] if set(each) <= set(line)] if line else [(level, ALL)]
        whole, others = ("level", what, line), ("others", what, line)
        numbers[whole] = sum(exact[key].valid for key in within)
        numbers[others] = numbers[whole] - share.valid
        sums += [(whole, tuple(part(key) for key in within)), (whole, (part((what, line)), others))]
    for together in (ALL, *lines_over(list(lines.values()))) if len(courses) > 1 else ():
        _again(exact, lines, level, courses, together, numbers, sums)
    return NumbersBeside(numbers, sums, frozenset(numbers))


def _again(
    exact: Mapping[tuple[What, Line], Share],
    lines: Mapping[What, Sequence[Line]],
    level: What,
    courses: Sequence[What],
    together: Line,
    numbers: dict[Hashable, int],
    sums: list[Sum[Hashable]],
) -> None:
    """How often somebody of these agencies is up to date with one more course of the level: it stands nowhere, but
    follows from how many are so with each of its courses and how many with any."""

    def rows(what: What) -> list[tuple[What, Line]]:
        return [(what, each) for each in lines[what] if set(each) <= set(together)] if together else [(what, ALL)]

    of_courses = [key for what in courses for key in rows(what)]
    times, again = ("times", together), ("again", together)
    numbers[times] = sum(exact[key].valid for key in of_courses)
    numbers[again] = numbers[times] - sum(exact[key].valid for key in rows(level))
    sums += [
        (times, tuple(part(key) for key in of_courses)),
        (times, (*(part(key) for key in rows(level)), again)),
    ]


def _added(shares: Sequence[Share]) -> Share:
    return Share(sum(each.of for each in shares), sum(each.valid for each in shares))
