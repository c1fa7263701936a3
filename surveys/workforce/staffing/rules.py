"""How many work at an agency, and which agencies of a round are told alone and which together. Pure.

Two tables stand on one page: who answered, of how many; and what they said. Each line of the second is one or several
lines of the first, so that neither is a smaller number less than the other.
"""

from collections import defaultdict
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

from lms.kit.errors import Conflict, Invalid
from lms.kit.telling.lines import added_up, lines_of
from lms.kit.telling.numbers import is_small

Name = TypeVar("Name", bound=Hashable)
Line = tuple[int, ...]
"""Agencies that are told together, by their ids."""
Stamp = tuple[int | None, int | None]
"""What an answer sheet keeps: its agency and its sector, as far as they are told alone."""
MOST_STAFF = 100_000
TOGETHER = 0
"""The agencies of sectors that are not told alone."""


def check_staff(staff: int | None, *, is_let_out: bool) -> int:
    """How many people an agency says the survey is for. Results stay as they were told."""
    if is_let_out:
        raise Conflict(
            "The results are out, so you can no longer change how many people work at each agency. We’ll ask "
            "again in the next survey."
        )
    if staff is None or not 0 < staff <= MOST_STAFF:
        raise Invalid(f"Enter a whole number from 1 to {MOST_STAFF:,}.", field="staff")
    return staff


@dataclass(frozen=True)
class AgencyCount:
    """An agency of a round: how many answered there, of how many people; None where it has not said."""

    agency_id: int
    sector_id: int
    answered: int
    staff: int | None

    @property
    def is_known(self) -> bool:
        """Whether a share can be told. More answers than people: the number was wrong, or the link went further."""
        return self.staff is not None and self.staff >= self.answered


@dataclass(frozen=True)
class ResponseLine:
    """One agency, or several that are told together.

    `staff` None: not all of them have said how many work there, or 1 to 4 of so few in all did not answer.
    """

    agency_ids: Line
    answered: int
    staff: int | None

    @property
    def missing(self) -> int | None:
        """How many did not answer."""
        return None if self.staff is None else self.staff - self.answered


def response_lines(counts: Sequence[AgencyCount]) -> list[ResponseLine]:
    """Who answered, of how many: agencies within their sector, small ones together.

    Those who have not said how many work there are together within their sector; where nobody answered there, they
    are in no line.
    """
    by_id = {each.agency_id: each for each in counts}
    numbers: dict[Line, list[int]] = {(each.agency_id,): _numbers(each) for each in counts if each.is_known}
    for sector_id in sorted({each.sector_id for each in counts}):
        unknown = [each for each in counts if each.sector_id == sector_id and not each.is_known]
        if answered := sum(each.answered for each in unknown):
            numbers[tuple(sorted(each.agency_id for each in unknown))] = [answered, answered, 0]
    return [_line([by_id[each] for each in ids]) for ids in _joined(numbers, by_id)]


def answer_lines(lines: Sequence[ResponseLine], counts: Sequence[AgencyCount]) -> list[Line]:
    """What people said: the same lines, as many of them together as it takes to be ten people."""
    by_id = {each.agency_id: each for each in counts}
    return _joined({each.agency_ids: [each.answered] for each in lines if each.answered}, by_id)


def stamps(lines: Sequence[Line], counts: Sequence[AgencyCount]) -> dict[int, Stamp]:
    """What the sheets of each agency keep of it: itself where it has a line of its own, its sector where that has."""
    sector_of = {each.agency_id: each.sector_id for each in counts}
    made: dict[int, Stamp] = {}
    for line in lines:
        sectors = {sector_of[each] for each in line}
        sector = next(iter(sectors)) if len(sectors) == 1 else None
        made |= dict.fromkeys(line, (line[0] if len(line) == 1 else None, sector))
    return made


def nested_lines(numbers: Mapping[Name, Sequence[int]], group_of: Mapping[Name, Hashable]) -> list[tuple[Name, ...]]:
    """Lines within groups; groups that are too small are one line, of which no part is told."""
    groups: dict[Hashable, list[Name]] = defaultdict(list)
    for name in numbers:
        groups[group_of[name]].append(name)
    made: list[tuple[Name, ...]] = []
    for line in lines_of({group: added_up(numbers[name] for name in names) for group, names in groups.items()}):
        if len(line) == 1:
            made += lines_of({name: numbers[name] for name in groups[line[0]]})
        else:
            made.append(tuple(name for group in line for name in groups[group]))
    return made


def _joined(numbers: Mapping[Line, Sequence[int]], by_id: Mapping[int, AgencyCount]) -> list[Line]:
    group_of = {line: _sector(line, by_id) for line in numbers}
    return [tuple(sorted(each for line in lines for each in line)) for lines in nested_lines(numbers, group_of)]


def _sector(line: Line, by_id: Mapping[int, AgencyCount]) -> int:
    sectors = {by_id[each].sector_id for each in line}
    return sectors.pop() if len(sectors) == 1 else TOGETHER


def _numbers(count: AgencyCount) -> list[int]:
    staff = count.staff or 0
    return [staff, count.answered, staff - count.answered]


def _line(counts: Sequence[AgencyCount]) -> ResponseLine:
    answered, staff = sum(each.answered for each in counts), sum(each.staff or 0 for each in counts)
    is_told = all(each.is_known for each in counts) and not is_small(staff - answered)
    return ResponseLine(tuple(each.agency_id for each in counts), answered, staff if is_told else None)
