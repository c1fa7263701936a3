"""How numbers of people in briefings are told: everybody, sectors, agencies and briefings together. Pure."""

from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from briefings.returns.rules import AgencyFigures
from lms.kit.telling import lines
from lms.kit.telling.earlier import Kept, ToldEarlier, kept_cells, told_earlier
from lms.kit.telling.numbers import Told, is_silent, told
from lms.kit.telling.silence import silent_parts
from lms.kit.telling.sums import LEFT_OPEN, Sum, left_open, protect_sums

Kind = tuple[str, Hashable]
Stamp = tuple[int, str]
EVERYBODY: Kind = ("everybody", "")


def sector(name: str) -> Kind:
    """The numbers of one sector."""
    return ("sector", name)


def agency(stamp: Stamp) -> Kind:
    """The numbers of one agency, as long as it was of one sector."""
    return ("agency", stamp)


def briefing(briefing_id: int) -> Kind:
    """The numbers of one briefing."""
    return ("briefing", briefing_id)


def others(sector_name: str) -> Kind:
    """The numbers of the small agencies of a sector together."""
    return ("others", sector_name)


Rows = Sequence[tuple[int, AgencyFigures]]
Found = Mapping[int, Sequence[AgencyFigures]]
"""The rows of each briefing, by its id."""
YEAR = -1


class BriefingCell(NamedTuple):
    """One number of people: what it counts, of whom, and of which quarter of the year (0 to 3), or of all of it."""

    what: str
    of: Kind
    quarter: int = YEAR


Counting = Callable[[AgencyFigures], int]
MAIL: Mapping[str, Counting] = {
    "sent": lambda row: row.sent,
    "delivered": lambda row: row.delivered,
    "bounced": lambda row: row.bounced,
    "waiting": lambda row: row.waiting,
}
COUNTED: Mapping[str, Counting] = {**MAIL, "people": lambda row: row.reached}
Earlier = ToldEarlier[BriefingCell]
NOTHING: Earlier = ToldEarlier()


def lines_of(rows: Iterable[AgencyFigures], earlier: Earlier = NOTHING) -> dict[Stamp, Kind]:
    """Under which line an agency's people are told: its own, or that of the small agencies of its sector.

    Where an earlier report told an agency with others, it stays with them.
    """
    sizes: dict[str, dict[Stamp, list[int]]] = {}
    for row in rows:
        of_sector = sizes.setdefault(row.sector, {})
        of_sector[row.stamp] = [of_sector.get(row.stamp, [0])[0] + row.sent]
    before = {cell.of for cell in earlier.cells}
    found: dict[Stamp, Kind] = {}
    for name, of_sector in sizes.items():
        for line in lines.lines_of(of_sector):
            is_alone = len(line) == 1 and of_sector[line[0]][0] >= lines.OWN_LINE
            is_bound = others(name) in before and agency(line[0]) not in before
            found |= {stamp: agency(stamp) if is_alone and not is_bound else others(name) for stamp in line}
    return found


@dataclass(frozen=True)
class Numbers:
    """Numbers of people as one reader is told them: of everybody, sectors, agencies and briefings, protected together.

    Each is added up from the others in more than one way, so no table may be protected by itself. `lines` says under
    which line an agency stands.
    """

    lines: Mapping[Stamp, Kind]
    told: Mapping[BriefingCell, Told]
    kept: tuple[Kept, ...] = ()
    """Of the year, to be kept with a report; those of its quarters are found by `kept_of`."""

    def of(self, what: str, kind: Kind, quarter: int = YEAR) -> Told:
        """People sent to, delivered, bounced, waiting, or who discussed it (`people`)."""
        return self.told[BriefingCell(what, kind, quarter)]

    def people_of(self, row: AgencyFigures) -> Told:
        """People of one agency who discussed it; nothing where it is told together with others."""
        line = self.lines[row.stamp]
        return self.of("people", line) if line == agency(row.stamp) else Told(None)

    def kept_of(self, quarter: int) -> tuple[Kept, ...]:
        """What a report of a quarter or of the year keeps; with a year its quarters as they read then."""
        return tuple(each for each in self.kept if quarter in (YEAR, each[2]))


def numbers_told(
    found: Found, *, is_exact: bool, quarters: Sequence[Found] = (), earlier: Earlier = NOTHING
) -> Numbers:
    """The numbers of people in these briefings. `is_exact`: the reader sees the rows behind.

    `quarters`: of a financial year what was so in each of them, which is told of everybody; `earlier`: what reports of
    the year told before.
    """
    rows = _rows(found)
    own = {row.stamp: agency(row.stamp) for _, row in rows}
    lines_told = own if is_exact else lines_of((row for _, row in rows), earlier)
    return _Numbers(rows, lines_told, [_rows(each) for each in quarters]).told(earlier, is_exact=is_exact)


def _rows(found: Found) -> Rows:
    return [(of, row) for of, those in found.items() for row in those]


class _Numbers:
    """Every number of people in some briefings, and the ways in which they add up."""

    def __init__(self, rows: Rows, lines_told: Mapping[Stamp, Kind], quarters: Sequence[Rows]) -> None:
        self.rows, self.lines, self.quarters = rows, lines_told, quarters
        self.numbers: dict[BriefingCell, int] = {}
        self.bounds: dict[BriefingCell, int] = {}
        self.sums: list[Sum[BriefingCell]] = []
        parts = self._tables()
        for what, counting in COUNTED.items():
            self._add_up(what, counting, parts)
        for place, those in enumerate(quarters):
            for what, counting in COUNTED.items():
                self.numbers[BriefingCell(what, EVERYBODY, place)] = sum(counting(row) for _, row in those)
        self._over_quarters()
        self._mail()
        self.unshown = {cell for cell in self.numbers if cell.of[0] == "part" or self._stands_nowhere(cell)}

    @staticmethod
    def _stands_nowhere(cell: BriefingCell) -> bool:
        return cell.what == "waiting" and cell.of != EVERYBODY

    def _tables(self) -> tuple[dict[Kind, dict[Kind, None]], ...]:
        """Lines, sectors and briefings of their parts."""
        tables: tuple[dict[Kind, dict[Kind, None]], ...] = ({}, {}, {})
        for of, row in self.rows:
            for table, kind in zip(tables, (self.lines[row.stamp], sector(row.sector), briefing(of)), strict=True):
                table.setdefault(kind, {})[self._part(of, row)] = None
        return tables

    def _part(self, of: int, row: AgencyFigures) -> Kind:
        return ("part", (of, self.lines[row.stamp]))

    def _add_up(self, what: str, counting: Counting, tables: Iterable[Mapping[Kind, Mapping[Kind, None]]]) -> None:
        added, audience = dict[Kind, int](), dict[Kind, int]()
        for of, row in self.rows:
            part = self._part(of, row)
            added[part] = added.get(part, 0) + counting(row)
            audience[part] = audience.get(part, 0) + (row.audience or row.reached)
        everybody = sum(added.values()), sum(audience.values())
        added[EVERYBODY], audience[EVERYBODY] = everybody
        for table in tables:
            for kind, parts in table.items():
                added[kind], audience[kind] = (sum(of[each] for each in parts) for of in (added, audience))
                self.sums.append((BriefingCell(what, kind), tuple(BriefingCell(what, each) for each in parts)))
            self.sums.append((BriefingCell(what, EVERYBODY), tuple(BriefingCell(what, kind) for kind in table)))
        self.numbers |= {BriefingCell(what, kind): number for kind, number in added.items()}
        if what == "people":
            self.bounds |= {BriefingCell(what, kind): of for kind, of in audience.items() if kind[0] != "part"}

    def _over_quarters(self) -> None:
        """A year and its quarters, where they add up: of a team that met twice no more are counted than it has."""
        for what in COUNTED if self.quarters else ():
            year = BriefingCell(what, EVERYBODY)
            parts = tuple(year._replace(quarter=place) for place in range(len(self.quarters)))
            if self.numbers[year] == sum(self.numbers[each] for each in parts):
                self.sums.append((year, parts))

    def _mail(self) -> None:
        """What was sent was delivered, came back, or waits."""
        for cell in [cell for cell in self.numbers if cell.what == "sent"]:
            parts = tuple(cell._replace(what=what) for what in MAIL if what != "sent")
            if self.numbers[cell] == sum(self.numbers[each] for each in parts):
                self.sums.append((cell, parts))

    def told(self, earlier: Earlier, *, is_exact: bool) -> Numbers:
        """Each number as it is told."""
        if is_exact:
            return Numbers(self.lines, {cell: Told(number) for cell, number in self.numbers.items()})
        before = earlier.beside(self.numbers)
        silent = silent_parts(self.numbers, self.sums, self.unshown)
        nowhere = self.unshown | silent
        hidden = protect_sums(
            self.numbers, self.sums, _rank, self.bounds, nowhere, before, covers=True, apart=LEFT_OPEN
        )
        ranges = left_open(self.numbers, self.sums, hidden, nowhere, before, self.bounds)
        made = {
            cell: Told(None, is_small=not is_silent(self.bounds.get(cell)))
            if cell in silent
            else told(number, is_hidden=cell in hidden, bound=self.bounds.get(cell), within=ranges.get(cell))
            for cell, number in self.numbers.items()
            if cell not in self.unshown
        }
        shown = {cell: self.numbers[cell] for cell in made}
        return Numbers(self.lines, made, kept_cells(shown, {cell: ranges.get(cell) for cell in hidden}, _plain))


def _plain(cell: BriefingCell) -> tuple[object, ...]:
    kind, name = cell.of
    return (cell.what, [kind, list(name) if isinstance(name, tuple) else name], cell.quarter)


def told_before(reports: Iterable[Iterable[Kept]]) -> Earlier:
    """What reports told of people before."""
    return told_earlier(reports, _cell)


def _cell(what: str, of: Sequence[Any], quarter: int) -> BriefingCell:
    kind, name = of
    return BriefingCell(what, (kind, tuple(name) if isinstance(name, list) else name), quarter)


KINDS_FIRST = ("part", "others", "agency", "briefing", "sector", "everybody")
WHATS_FIRST = ("waiting", "delivered", "bounced", "people", "sent")


def _rank(cell: BriefingCell) -> int:
    """What goes first when something larger has to: parts before agencies, everybody last; what was sent last."""
    return len(WHATS_FIRST) * KINDS_FIRST.index(cell.of[0]) + WHATS_FIRST.index(cell.what)
