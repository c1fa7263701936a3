"""Who answered a round, of how many, by agency; and how agencies that are told together are called."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from lms.kit.figures import shown_rate
from lms.kit.telling.lines import others_named
from lms.kit.words import count
from surveys.workforce.models import RoundLink
from surveys.workforce.results.queries import RoundSheetRead
from surveys.workforce.staffing.rules import AgencyCount, Line, Stamp, nested_lines, response_lines

ALL_AGENCIES = "All agencies, together"
OTHER_SECTORS = "Other sectors, together"
NOT_KNOWN = "not known"
SEVERAL_SECTORS = "~"
"""Stands behind every sector's name."""


@dataclass(frozen=True, order=True)
class LineName:
    """What a line is called: an agency, or several. Lines of a sector stand together, its others last."""

    sector: str
    is_several: bool
    name: str

    @property
    def is_one(self) -> bool:
        return not self.is_several

    @property
    def sector_words(self) -> str:
        """The sector, where the line is of one."""
        return "" if self.sector == SEVERAL_SECTORS else self.sector


@dataclass(frozen=True)
class Names:
    """Agencies and sectors by their ids."""

    agencies: Mapping[int, str]
    sectors: Mapping[int, str]

    def one(self, agency_id: int, sector_id: int | None) -> LineName:
        """A line of one agency."""
        return LineName(self.sectors.get(sector_id or 0, ""), False, self.agencies[agency_id])

    def several(self, sectors: set[int | None], number: int, *, is_whole: bool, is_only: bool) -> LineName:
        """A line of so many agencies, 0 where nobody wrote down how many. `is_whole`: there is no other line of their
        sector; `is_only`: there is no other line.
        """
        sector_id = next(iter(sectors)) if len(sectors) == 1 else None
        if sector_id is None:
            return LineName(SEVERAL_SECTORS, True, ALL_AGENCIES if is_only else OTHER_SECTORS)
        if is_whole:
            return LineName(self.sectors[sector_id], True, "All agencies of this sector, together")
        many = "agencies of this sector"
        name = f"Other {many}" if not number else others_named(number, "agency of this sector", many)
        return LineName(self.sectors[sector_id], True, name)


@dataclass(frozen=True)
class ResponseRow:
    """A line: how many answered, of how many. `per_cent` None: nobody has said of how many."""

    name: LineName
    answered: int
    staff: int | None

    @property
    def of(self) -> str:
        return NOT_KNOWN if self.staff is None else f"{self.staff:,}"

    @property
    def rate(self) -> str:
        return "" if self.staff is None else shown_rate(self.answered, self.staff)

    @property
    def per_cent(self) -> float | None:
        return 100 * self.answered / self.staff if self.staff else None


@dataclass(frozen=True)
class RoundResponse:
    """Who answered. `staff` is the workforce of the lines where it is known, `of_known` who answered there."""

    answered: int
    staff: int
    of_known: int
    said: int
    agencies: int
    rows: tuple[ResponseRow, ...]

    @property
    def is_whole(self) -> bool:
        """Whether the workforce is known of everybody who answered."""
        return bool(self.staff) and self.of_known == self.answered

    @property
    def rate(self) -> str:
        return shown_rate(self.of_known, self.staff)

    @property
    def words(self) -> str:
        """312 of 1,240 people answered (25.2%)."""
        people = count(self.answered, "person", "people")
        if self.is_whole:
            return f"{self.answered:,} of {self.staff:,} people answered ({self.rate})."
        if not self.staff:
            return f"{people} answered. How many people it was for is not known, so no one can say what share that is."
        return (
            f"{people} answered. Where the workforce is known, {self.of_known:,} of {self.staff:,} did ({self.rate})."
        )

    @property
    def said_words(self) -> str:
        """11 of 14 agencies said how many people it was for."""
        return f"{self.said:,} of {count(self.agencies, 'agency', 'agencies')} said how many people it was for."


def response_of(links: Sequence[RoundLink], answered: int, names: Names) -> RoundResponse:
    """Who answered, by what was written down when the answers came out; before that was kept, nothing but how many."""
    counts = counts_of(links)
    lines = response_lines(counts)
    ids = [each.agency_ids for each in lines]
    rows = [ResponseRow(_name(each.agency_ids, ids, links, names), each.answered, each.staff) for each in lines]
    known = [each for each in rows if each.staff is not None]
    return RoundResponse(
        answered,
        sum(each.staff or 0 for each in known),
        sum(each.answered for each in known),
        sum(each.staff is not None for each in counts),
        len(links),
        tuple(sorted(rows, key=lambda row: row.name)),
    )


def counts_of(links: Sequence[RoundLink]) -> list[AgencyCount]:
    """The agencies of a round with how many answered, once that is written down."""
    return [
        AgencyCount(each.agency_id, each.sector_id, each.answered, each.staff)
        for each in sorted(links, key=lambda link: link.agency_id)
        if each.answered is not None and each.sector_id is not None
    ]


def named_lines(
    sheets: Sequence[RoundSheetRead], links: Sequence[RoundLink], names: Names
) -> dict[LineName, list[RoundSheetRead]]:
    """The answer sheets in the lines that are told, ten and more each, by what the sheets say of their agency."""
    stamped: dict[Stamp, list[RoundSheetRead]] = defaultdict(list)
    for sheet in sheets:
        stamped[sheet.agency_id, sheet.sector_id].append(sheet)
    lines = nested_lines({stamp: [len(those)] for stamp, those in stamped.items()}, {each: each[1] for each in stamped})
    made: dict[LineName, list[RoundSheetRead]] = {}
    for line in lines:
        name = _name_of_stamps(line, lines, links, names)
        made.setdefault(name, []).extend(sheet for stamp in line for sheet in stamped[stamp])
    return made


def _name_of_stamps(
    line: Sequence[Stamp], lines: Sequence[Sequence[Stamp]], links: Sequence[RoundLink], names: Names
) -> LineName:
    agency_id, sector_id = line[0]
    if len(line) == 1 and agency_id is not None:
        return names.one(agency_id, sector_id)
    sectors = {sector for _, sector in line}
    alone = {stamp[0][0] for stamp in lines if len(stamp) == 1}
    others = [each for each in links if each.sector_id in sectors and each.answered and each.agency_id not in alone]
    is_whole = not any(other is not line and sectors & {sector for _, sector in other} for other in lines)
    return names.several(sectors, len(others), is_whole=is_whole, is_only=len(lines) == 1)


def _name(line: Line, lines: Sequence[Line], links: Sequence[RoundLink], names: Names) -> LineName:
    sectors = _sectors(line, links)
    if len(line) == 1:
        return names.one(line[0], next(iter(sectors)))
    is_whole = not any(other != line and sectors & _sectors(other, links) for other in lines)
    return names.several(sectors, len(line), is_whole=is_whole, is_only=len(lines) == 1)


def _sectors(line: Line, links: Sequence[RoundLink]) -> set[int | None]:
    return {each.sector_id for each in links if each.agency_id in line}
