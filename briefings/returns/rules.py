"""Sums of what was sent, discussed and changed, and how small numbers of people are said. Pure."""

from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from briefings.cascade.rules import CascadeRag
from lms.kit.telling import lines
from lms.kit.telling.numbers import Told, told
from lms.kit.telling.sums import Sum, left_open, protect_sums

SENT = "People whom a briefing was sent to: a copy left for them, or waits to leave. Each person once a briefing."
DELIVERED = "People whose copy the mail server took. Nothing tells us whether they opened it."
BOUNCED = "People whose copy was refused, had no address that works, or was given up after three days."
ACKNOWLEDGED = "Agencies that said that they received it, of the agencies that were asked."
DISCUSSED = "Agencies in which at least one team discussed it, by their own return, of the agencies that were asked."
TEAMS = "Discussions in teams that were told: a date and a number of people each. The same told twice is one."
REACHED = (
    "People who took part in these discussions, as each team counted itself; of each agency at most as many as the "
    "briefing was meant for there."
)
CHANGES = "Changes that agencies recorded because of it, in their own words."


@dataclass(frozen=True)
class AgencyFigures:
    """One briefing at one agency, or the sum of several. Numbers of people are exact here."""

    agency_id: int
    agency: str
    sector: str
    is_asked: bool
    rag: CascadeRag
    sent: int = 0
    delivered: int = 0
    bounced: int = 0
    waiting: int = 0
    is_acknowledged: bool = False
    teams: int = 0
    people: int = 0
    audience: int = 0
    changes: tuple[str, ...] = ()
    reminders: int = 0

    @property
    def stamp(self) -> "Stamp":
        """The agency in the sector that it was of: one that moved is two lines, each with one sector above it."""
        return (self.agency_id, self.sector)

    @property
    def reached(self) -> int:
        """People who discussed it, at most as many as it was meant for."""
        return min(self.people, self.audience) if self.audience else self.people


@dataclass(frozen=True)
class Sums:
    """The figures of several rows together."""

    name: str
    asked: int
    sent: int
    delivered: int
    bounced: int
    waiting: int
    acknowledged: int
    discussed: int
    no_return: int
    teams: int
    people: int
    audience: int
    changes: int
    changed_agencies: int


def add_up(name: str, rows: Iterable[AgencyFigures]) -> Sums:
    """The sums over rows: people are added, agencies are counted."""
    those = list(rows)
    asked = [row for row in those if row.is_asked]
    return Sums(
        name=name,
        asked=len({row.agency_id for row in asked}),
        sent=sum(row.sent for row in those),
        delivered=sum(row.delivered for row in those),
        bounced=sum(row.bounced for row in those),
        waiting=sum(row.waiting for row in those),
        acknowledged=sum(1 for row in asked if row.is_acknowledged or row.teams),
        discussed=sum(1 for row in asked if row.teams),
        no_return=sum(1 for row in asked if row.rag is CascadeRag.RED),
        teams=sum(row.teams for row in those),
        people=sum(row.reached for row in those),
        audience=sum(row.audience for row in asked),
        changes=sum(len(row.changes) for row in those),
        changed_agencies=len({row.agency_id for row in those if row.changes}),
    )


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


Counting = Callable[[AgencyFigures], int]
Rows = Sequence[tuple[int, AgencyFigures]]


def lines_of(rows: Iterable[AgencyFigures]) -> dict[Stamp, Kind]:
    """Under which line an agency's people are told: its own, or that of the small agencies of its sector."""
    sizes: dict[str, dict[Stamp, list[int]]] = {}
    for row in rows:
        of_sector = sizes.setdefault(row.sector, {})
        of_sector[row.stamp] = [of_sector.get(row.stamp, [0])[0] + row.sent]
    found: dict[Stamp, Kind] = {}
    for name, of_sector in sizes.items():
        for line in lines.lines_of(of_sector):
            is_alone = len(line) == 1 and of_sector[line[0]][0] >= lines.OWN_LINE
            found |= {stamp: agency(stamp) if is_alone else others(name) for stamp in line}
    return found


@dataclass(frozen=True)
class Numbers:
    """Numbers of people as one reader is told them: of everybody, sectors, agencies and briefings, protected together.

    Each is added up from the others in more than one way, so no table may be protected by itself. `lines` says under
    which line an agency stands.
    """

    lines: Mapping[Stamp, Kind]
    people: Mapping[Kind, Told]
    sent: Mapping[Kind, Told]
    bounced: Mapping[Kind, Told]

    def delivered(self, kind: Kind, number: int) -> Told:
        """What was delivered tells what came back, and the other way round."""
        return Told(None if None in (self.sent[kind].number, self.bounced[kind].number) else number)

    def people_of(self, row: AgencyFigures) -> Told:
        """People of one agency who discussed it; nothing where it is told together with others."""
        line = self.lines[row.stamp]
        return self.people[line] if line == agency(row.stamp) else Told(None)


def numbers_told(found: Mapping[int, Sequence[AgencyFigures]], *, is_exact: bool) -> Numbers:
    """The numbers of people in these briefings, by the briefing's id. `is_exact`: the reader sees the rows behind."""
    rows = [(of, row) for of, those in found.items() for row in those]
    own = {row.stamp: agency(row.stamp) for _, row in rows}
    lines = own if is_exact else lines_of(row for _, row in rows)
    sums = _Sums(rows, lines, _sums_of(rows, lines), is_exact)
    return Numbers(
        lines=lines,
        people=sums.told(lambda row: row.reached, lambda row: row.audience or row.reached),
        sent=sums.told(lambda row: row.sent),
        bounced=sums.told(lambda row: row.bounced),
    )


def _part(of: int, row: AgencyFigures, lines: Mapping[Stamp, Kind]) -> Kind:
    return ("part", (of, lines[row.stamp]))


def _sums_of(rows: Rows, lines: Mapping[Stamp, Kind]) -> list[Sum[Kind]]:
    """Lines, sectors and briefings of their parts, and everybody of each of these."""
    tables: tuple[dict[Kind, dict[Kind, None]], ...] = ({}, {}, {})
    for of, row in rows:
        part = _part(of, row, lines)
        for table, kind in zip(tables, (lines[row.stamp], sector(row.sector), briefing(of)), strict=True):
            table.setdefault(kind, {})[part] = None
    sums = [(kind, tuple(parts)) for table in tables for kind, parts in table.items()]
    return [*sums, *((EVERYBODY, tuple(table)) for table in tables)]


@dataclass(frozen=True)
class _Sums:
    """The numbers of rows, each with its briefing, and the ways in which they add up."""

    rows: Rows
    lines: Mapping[Stamp, Kind]
    sums: Sequence[Sum[Kind]]
    is_exact: bool

    def told(self, counting: Counting, bounding: Counting | None = None) -> Mapping[Kind, Told]:
        """Each sum as it is told. `bounding`: what stands beside it and says how many it could be at most."""
        numbers = self._added(counting)
        unshown = [kind for kind in numbers if kind[0] == "part"]
        bounds = self._added(bounding) if bounding else {}
        bounds = {kind: bound for kind, bound in bounds.items() if kind[0] != "part"}
        hidden = frozenset() if self.is_exact else protect_sums(numbers, self.sums, _rank, bounds, unshown)
        ranges = left_open(numbers, self.sums, hidden, unshown, bounds=bounds) if hidden else {}
        return {
            kind: told(n, is_hidden=kind in hidden, bound=bounds.get(kind), within=ranges.get(kind))
            for kind, n in numbers.items()
        }

    def _added(self, counting: Counting) -> dict[Kind, int]:
        numbers: dict[Kind, int] = {}
        for of, row in self.rows:
            part = _part(of, row, self.lines)
            numbers[part] = numbers.get(part, 0) + counting(row)
        for kind, parts in self.sums:
            numbers[kind] = sum(numbers[each] for each in parts)
        return numbers


def _rank(kind: Kind) -> int:
    """What goes first when something larger has to: parts before agencies, everybody last."""
    return ("part", "others", "agency", "briefing", "sector", "everybody").index(kind[0])
