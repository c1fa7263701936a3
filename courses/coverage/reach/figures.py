"""Whom events reached, by sector and agency, of the people they are for: as it is told. Pure."""

from collections import Counter
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from lms.kit.figures import share_shown
from lms.kit.telling.lines import all_named, line_named, lines_of
from lms.kit.telling.numbers import HIDDEN, Told, is_small
from lms.kit.telling.shares import NumbersBeside, part, tell_parts

Row = tuple[str, ...]
"""Everybody, (sector,) or (sector, agency)."""
Line = tuple[Row, ...]
EVERYBODY: Line = ((),)


@dataclass(frozen=True)
class ReachClaim:
    """A booking that held a place, or a walk-in."""

    event_id: int
    person_id: int
    is_walk_in: bool
    has_attended: bool
    is_cancelled: bool


@dataclass(frozen=True)
class ReachRow:
    """A sector or an agency, or several together: people reached, of the people in the audience."""

    name: str
    audience: int
    reached: Told
    agencies: tuple["ReachRow", ...] = ()

    @property
    def per_cent(self) -> float | None:
        return None if self.reached.number is None or not self.audience else 100 * self.reached.number / self.audience

    @property
    def share(self) -> str:
        return share_shown(self.reached, self.audience)


@dataclass(frozen=True)
class Reach:
    """Whom the events reached. What would tell a small number is not told exactly."""

    events: int
    by_course: tuple[str, ...]
    places: int
    bookings: Told
    later_cancelled: Told
    attended_booked: Told
    attendances: Told
    walk_ins: Told
    people: Told
    audience: int
    sectors: tuple[ReachRow, ...]

    @property
    def share(self) -> str:
        return share_shown(self.people, self.audience)

    @property
    def rate(self) -> str:
        """Attendance rate 93.3% (70 of 75), or what of it is told; nothing where bookings are not."""
        if self.bookings.number is None or self.attended_booked.shown == HIDDEN:
            return ""
        share = share_shown(self.attended_booked, self.bookings.number)
        return f"Attendance rate {share} ({self.attended_booked.of_whole(self.bookings.number)})"


def reach_told(
    delivered: tuple[int, tuple[str, ...], int],
    claims: Sequence[ReachClaim],
    audience: Mapping[int, tuple[str, str]],
    *,
    is_exact: bool,
) -> Reach:
    """`delivered`: events, of each course, and their places. `audience`: by person, the sector and agency of each."""
    reached = {claim.person_id for claim in claims if claim.has_attended}
    wholes: Counter[Row] = Counter()
    parts: Counter[Row] = Counter()
    for person_id, (sector, agency) in audience.items():
        rows: tuple[Row, ...] = ((), (sector,), (sector, agency))
        wholes.update(rows)
        parts.update(rows if person_id in reached else ())
    lines = _each_alone(wholes) if is_exact else _lines(wholes)
    told = _ReachTelling(wholes, parts, lines, _numbers(claims, len(reached)), is_exact=is_exact)
    events, by_course, places = delivered
    return Reach(
        events,
        by_course,
        places,
        **{name: told.beside(name) for name in ("bookings", "later_cancelled", "attendances", "walk_ins")},
        attended_booked=told.attended_booked(),
        people=told.people(EVERYBODY),
        audience=wholes[()],
        sectors=told.sectors(),
    )


def _each_alone(wholes: Mapping[Row, int]) -> dict[Line, list[Line]]:
    """Each sector and agency by itself."""
    return {(top,): [(row,) for row in wholes if len(row) == 2 and row[:1] == top] for top in wholes if len(top) == 1}


def _lines(wholes: Mapping[Row, int]) -> dict[Line, list[Line]]:
    """The sectors, small ones together, and the agencies of each sector that stands alone, small ones together."""
    sectors: dict[Row, list[int]] = {row: [number] for row, number in wholes.items() if len(row) == 1}
    found: dict[Line, list[Line]] = {}
    for top in lines_of(sectors):
        within: dict[Row, list[int]] = {
            row: [number] for row, number in wholes.items() if len(row) == 2 and row[:1] in top
        }
        found[top] = lines_of(within) if len(top) == 1 else [tuple(sorted(within))]
    return found


def _numbers(claims: Sequence[ReachClaim], people: int) -> dict[str, int]:
    """How often people came, with a booking and without. Each tells the others, and those who did not come."""
    attended = [claim for claim in claims if claim.has_attended]
    bookings = [claim for claim in claims if not claim.is_walk_in]
    cancelled = [claim for claim in bookings if claim.is_cancelled]
    absent = [claim for claim in bookings if not claim.has_attended]
    return {
        "walk_ins": sum(claim.is_walk_in for claim in attended),
        "attended_booked": len(bookings) - len(absent),
        "absent": len(absent),
        "attendances": len(attended),
        "bookings": len(bookings),
        "later_cancelled": len(cancelled),
        "other_absent": len(absent) - len(cancelled),
        "again": len(attended) - people,
    }


class _ReachTelling:
    """Everything that the two steps say, told together."""

    def __init__(
        self,
        wholes: Mapping[Row, int],
        parts: Mapping[Row, int],
        lines: Mapping[Line, Sequence[Line]],
        numbers: Mapping[str, int],
        *,
        is_exact: bool,
    ) -> None:
        self.lines, self.numbers, self.is_exact = lines, numbers, is_exact
        every = [EVERYBODY, *lines, *(each for below in lines.values() for each in below)]
        self.wholes = {line: sum(wholes[row] for row in line) for line in every}
        self.parts = {line: sum(parts.get(row, 0) for row in line) for line in every}
        sums = [(EVERYBODY, tuple(lines)), *((top, tuple(below)) for top, below in lines.items())]
        self.told = tell_parts(self.wholes, self.parts, [] if is_exact else sums, self._beside())

    def _beside(self) -> NumbersBeside:
        people = part(EVERYBODY)
        numbers: dict[Hashable, int] = dict(self.numbers.items())
        return NumbersBeside(
            numbers,
            [
                ("attendances", ("attended_booked", "walk_ins")),
                ("attendances", (people, "again")),
                ("bookings", ("attended_booked", "absent")),
                ("absent", ("later_cancelled", "other_absent")),
            ],
            frozenset({"again", "other_absent"}),
            {"bookings": 9, "attended_booked": 8, "attendances": 5, people: 4},
        )

    def beside(self, name: str) -> Told:
        return Told(self.numbers[name]) if self.is_exact else self.told.beside[name]

    def attended_booked(self) -> Told:
        """Who came of those who had booked: most of them, where the others are few."""
        told, bookings = self.beside("attended_booked"), self.beside("bookings")
        if told.number is None and bookings.number is not None and is_small(self.numbers["absent"]):
            return Told(None, out_of=bookings.number)
        return told

    def people(self, line: Line) -> Told:
        return Told(self.parts[line]) if self.is_exact else self.told.parts[line]

    def sectors(self) -> tuple[ReachRow, ...]:
        """The largest share first, as far as it is told."""
        made = [self._row(line, all_named([row[0] for row in line]), below) for line, below in self.lines.items()]
        return tuple(sorted(made, key=lambda row: (-row.reached.least / (row.audience or 1), row.name)))

    def _row(self, line: Line, name: str, below: Iterable[Line] = ()) -> ReachRow:
        within = list(below)
        agencies = [self._row(each, self._agency(each, is_only=len(within) == 1)) for each in within]
        order = {each.name: len(line) > 1 for each, line in zip(agencies, within, strict=True)}
        agencies.sort(key=lambda each: (order[each.name], each.name))
        return ReachRow(name, self.wholes[line], self.people(line), tuple(agencies))

    @staticmethod
    def _agency(line: Line, *, is_only: bool) -> str:
        names = [row[1] for row in line]
        if is_only:
            return line_named(names, "agency", "agencies", is_only=True)
        return line_named(names, "agency of this sector", "agencies of this sector")
