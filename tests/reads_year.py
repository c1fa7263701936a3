"""Somebody who reads a whole financial year, its quarters, every table and the reports from before, for small numbers.

What is read is words, as a page, a workbook, an answer of the API or a published report prints them. Rows of each table
and each quarter are variables: one for each way in which a claim ended, and one for attendances of people seen before.
"""

from collections import Counter
from collections.abc import Collection, Hashable, Iterator, Mapping, Sequence
from typing import Any

from courses.figures.queries import PeriodRecords
from courses.figures.rules import Ending
from lms.kit.telling.numbers import is_small
from tests.adversary import Adversary

BOOKED = tuple(each for each in Ending if each < Ending.WALK_IN)
CAME = (Ending.ATTENDED, Ending.WALK_IN)
MEASURES: Mapping[str, tuple[Ending, ...]] = {
    "bookings": BOOKED,
    "attendances": CAME,
    "walk_ins": (Ending.WALK_IN,),
    "bookings_later_cancelled": (Ending.CANCELLED_IN_TIME, Ending.CANCELLED_LATE),
    "part_attended": (Ending.PART_ATTENDED, Ending.WALK_IN_PART),
    "did_not_attend": (Ending.DID_NOT_ATTEND,),
    "turned_away": (Ending.TURNED_AWAY,),
    "late_cancellations": (Ending.CANCELLED_LATE,),
    "places_passed_on": (Ending.PASSED_ON,),
}
PARTS: Mapping[str, tuple[Ending, ...]] = {"attendance_rate": (Ending.ATTENDED,)}
"""Measures of which a part is printed."""
ALL = "all"
ALL_ROW = (ALL, ALL)
Rows = Sequence[Mapping[str, Any]]


class ReadsYear:
    """Everything that one reader is shown of a year."""

    def __init__(self, year: PeriodRecords, chosen: Collection[str]) -> None:
        """`chosen`: the types of which it is told how often people came; where none was held, all of them are."""
        self.year = year
        self.chosen = chosen if any(event.event_type in chosen for event in year.events) else ()
        self.counts: Counter[Hashable] = Counter()
        events = {event.id: event for event in year.events}
        people: dict[Hashable, set[int]] = {}
        for claim in year.claims:
            event = events[claim.event_id]
            rows = (
                ("agency", (claim.agency_id, claim.sector_id)),
                ("course", event.course_code),
                ("quarter", (event.on.month - 4) % 12 // 3),
                ALL_ROW,
            )
            for row in rows:
                self.counts[row, Ending(claim.ending)] += 1
                if claim.ending in CAME:
                    people.setdefault(row, set()).add(claim.person_id)
        self.rows: dict[str, list[Any]] = {
            "agency": [("agency", stamp) for stamp in year.agencies],
            "course": [("course", each) for each in sorted({event.course_code for event in year.events})],
            "quarter": [("quarter", each) for each in range(4)],
        }
        truth = {(row, ending): self.counts[row, ending] for row in self._rows() for ending in Ending}
        for row in self._rows():
            came = sum(truth[row, each] for each in CAME)
            truth[row, "again"] = came - len(people.get(row, set()))
        self.known = Adversary(truth)
        for rows_of in self.rows.values():
            for ending in Ending:
                self.known.is_told({(ALL_ROW, ending): -1, **{(row, ending): 1 for row in rows_of}}, 0, 0)

    def _rows(self) -> list[Any]:
        return [ALL_ROW, *(row for rows in self.rows.values() for row in rows)]

    def of(self, rows: list[Any], *endings: Ending) -> dict[Hashable, int]:
        return {(row, ending): 1 for row in rows for ending in endings}

    def people(self, rows: list[Any]) -> dict[Hashable, int]:
        return {**self.of(rows, *CAME), **{(row, "again"): -1 for row in rows}}

    def measures(self, quarter: int | None, shown: Mapping[str, object], parts: Mapping[str, object]) -> None:
        """The measures of the year, or of one of its quarters; `parts`: of a rate the number, where it is printed."""
        row = ALL_ROW if quarter is None else ("quarter", quarter)
        for name, words in shown.items():
            if name in MEASURES:
                self.known.read(self.of([row], *MEASURES[name]), words, self._least(row, MEASURES[name]))
            elif name == "distinct_people":
                self.known.read(self.people([row]), words, self._least(row, CAME, is_people=True))
            elif name == "chosen_attendances" and quarter is None:
                rows = [row for kind in self.chosen for row in self._courses(kind)] if self.chosen else [ALL_ROW]
                self.known.read(self.of(rows, *CAME), words)
        for name, number in parts.items():
            if name in PARTS:
                self.known.read(self.of([row], *PARTS[name]), number)

    def tables(self, tables: Mapping[str, Rows]) -> None:
        """The tables of the year."""
        for name, lines in tables.items():
            for cells in lines:
                rows = self._rows_of(name, cells, lines)
                if rows is None:
                    continue
                self.known.read(self.of(rows, *BOOKED), cells["bookings"])
                self.known.read(self.of(rows, Ending.ATTENDED), cells["attended_booked"])
                if str(cells["attended_booked"]).startswith("most"):
                    self.known.is_told(self.of(rows, *BOOKED[1:]), 1, 4)
                if len(rows) == 1:
                    self.known.read(self.people(rows), cells["distinct_people"])

    def _least(self, row: Any, endings: tuple[Ending, ...], *, is_people: bool = False) -> int:
        """What "fewer than 5" can be at least: nobody, where what it is a part of is small itself, as the rule says."""
        wholes = [(of, each) for of in (row, ALL_ROW) for each in (*MEASURES.values(), BOOKED[1:])]
        larger = [one for one in wholes if set(endings) <= set(one[1]) and (is_people or one != (row, endings))]
        return 0 if any(is_small(sum(self.counts[of, e] for e in each)) for of, each in larger) else 1

    def _courses(self, kind: str) -> list[Any]:
        return [("course", each) for each in sorted({e.course_code for e in self.year.events if e.event_type == kind})]

    def _rows_of(self, table: str, cells: Mapping[str, Any], lines: Rows) -> list[Any] | None:
        """The agencies or courses of a line: what has no line of its own is in the one that several are told in."""
        if table == "by_type":
            return [
                row
                for each in str(cells["type"]).replace(", together", "").replace(" and ", ", ").split(", ")
                for row in self._courses(each)
            ]
        column = {"by_sector": "sector", "by_agency": "agency_code", "by_course": "course_code"}.get(table)
        if column is None:
            return None
        if table == "by_course":
            own = {str(row[column] or "") for row in lines}
            kinds = str(cells["type"])
            return [
                ("course", e) for e in sorted({e.course_code for e in self.year.events if e.event_type in kinds})
                if e == cells[column] or (not cells[column] and e not in own)
            ]  # fmt: skip
        own = {str(row.get("agency_code") or "") for row in lines}
        return [
            ("agency", stamp)
            for stamp, each in self.year.agencies.items()
            if is_among(each.sector, str(cells["sector"]))
            and (table == "by_sector" or each.code == cells[column] or (not cells[column] and each.code not in own))
        ]

    def secrets(self) -> Iterator[dict[Hashable, int]]:
        """Every small number that somebody may look for."""
        for row in self._rows():
            wanted = [*MEASURES.values(), (Ending.ATTENDED,), BOOKED[1:]] if row[0] in (ALL, "quarter") else [
                BOOKED, BOOKED[1:], (Ending.ATTENDED,), CAME, (Ending.WALK_IN,)
            ]  # fmt: skip
            for endings in wanted:
                if is_small(sum(self.counts[row, each] for each in endings)):
                    yield self.of([row], *endings)

    def finds(self) -> list[Any]:
        """The small numbers that can be no other."""
        return self.known.finds(self.secrets())  # type: ignore[arg-type]


def is_among(name: str, words: str) -> bool:
    """Health; Health, Police and Probation, together"""
    return words == name or f", {name}," in f", {words.replace(', together', '').replace(' and ', ', ')},"
