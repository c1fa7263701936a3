"""Somebody who reads a whole year, its quarters and every table, and knows the rules, finds no small number."""

import random
from collections import Counter
from collections.abc import Hashable, Iterator
from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from courses.figures.earlier.rules import earlier_of
from courses.figures.protected.figures import protected_programme, protected_quality
from courses.figures.queries import PeriodRecords, ReportedAgency
from courses.figures.rules import Claim, Delivered, Ending
from courses.figures.small.rules import NOTHING, Earlier
from lms.kit.figures import ReportQuestion
from lms.kit.telling.numbers import is_small
from lms.reports.rules import financial_year, quarter
from tests.adversary import Adversary

YEAR = ReportQuestion(financial_year(2025))
QUARTERS = tuple(ReportQuestion(quarter(2025, each)) for each in (1, 2, 3, 4))
DAYS = (date(2025, 4, 9), date(2025, 8, 6), date(2025, 11, 5), date(2026, 2, 4))
BOOKED = tuple(each for each in Ending if each < Ending.WALK_IN)
CAME = (Ending.ATTENDED, Ending.WALK_IN)
MEASURES: dict[str, tuple[Ending, ...]] = {
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
ALL = "all"


def a_year(seed: int, sectors: tuple[int, ...], courses: int, events: int, size: int) -> PeriodRecords:
    """A year of events; agencies are of very different sizes."""
    make = random.Random(seed)
    agencies: dict[Any, ReportedAgency] = {}
    for sector, number in enumerate(sectors):
        for _ in range(number):
            place = len(agencies)
            agencies[place, sector] = ReportedAgency(place, f"A{place}", f"Agency {place}", f"Sector {sector}")
    weights = [make.random() ** 3 + 0.01 for _ in agencies]
    absent = make.random() * 2
    endings = [70, 2 * absent, 5 * absent, absent, 6, 4 * absent, absent, 0, 3, 0.3, 0]
    held = [
        Delivered(each, f"E{each}", DAYS[make.randrange(4)], f"C{each % courses}", f"Course {each % courses}",
                  "course" if each % courses < courses - 1 else "summit", "3", "Hall", 24)
        for each in range(events)
    ]  # fmt: skip
    claims = [
        Claim(event.id, make.randrange(size * 3), agency, int(make.choices(list(Ending), endings)[0]), sector)
        for event in held
        for agency, sector in make.choices(list(agencies), weights, k=make.randrange(size + 1))
    ]
    return PeriodRecords(held, claims, agencies)


class Reads:
    """Everything that one reader is shown of a year, put together by somebody who looks for small numbers.

    Rows of each table and each quarter are variables, one for each ending and for attendances of people seen before.
    """

    def __init__(self, year: PeriodRecords) -> None:
        self.year = year
        self.counts: Counter[Hashable] = Counter()
        events = {event.id: event for event in year.events}
        people: dict[Hashable, set[int]] = {}
        for claim in year.claims:
            event = events[claim.event_id]
            rows = (
                ("agency", claim.agency_id),
                ("course", event.course_code),
                ("quarter", (event.on.month - 4) % 12 // 3),
                (ALL, ALL),
            )
            for row in rows:
                self.counts[row, Ending(claim.ending)] += 1
                if claim.ending in CAME:
                    people.setdefault(row, set()).add(claim.person_id)
        self.rows = {
            "agency": [("agency", each.id) for each in year.agencies.values()],
            "course": [("course", each) for each in sorted({event.course_code for event in year.events})],
            "quarter": [("quarter", each) for each in range(4)],
        }
        truth = {(row, ending): self.counts[row, ending] for row in self._rows() for ending in Ending}
        for row in self._rows():
            came = sum(truth[row, each] for each in CAME)
            truth[row, "again"] = came - len(people.get(row, set()))
        self.known = Adversary(truth)
        for rows in self.rows.values():
            for ending in Ending:
                self.known.is_told({(ALL_ROW, ending): -1, **{(row, ending): 1 for row in rows}}, 0, 0)

    def _rows(self) -> list[Any]:
        return [ALL_ROW, *(row for rows in self.rows.values() for row in rows)]

    def of(self, rows: list[Any], *endings: Ending) -> dict[Hashable, int]:
        return {(row, ending): 1 for row in rows for ending in endings}

    def people(self, rows: list[Any]) -> dict[Hashable, int]:
        return {**self.of(rows, *CAME), **{(row, "again"): -1 for row in rows}}

    def take(
        self, question: ReportQuestion, earlier: Earlier = NOTHING, year: PeriodRecords | None = None
    ) -> tuple[Any, ...]:
        """Read a report to the end; of an earlier one what still holds. Answers what is kept with it."""
        of = year or self.year
        content = protected_programme(of, question, ("summit",), earlier)
        figures = (*content.figures, *protected_quality(of, question, ("summit",), earlier))
        row = ALL_ROW if question == YEAR else ("quarter", QUARTERS.index(question))
        for figure in figures:
            if figure.name in MEASURES:
                least = self._least(row, MEASURES[figure.name])
                self.known.read(self.of([row], *MEASURES[figure.name]), figure.shown, least)
            elif figure.name == "distinct_people":
                self.known.read(self.people([row]), figure.shown, self._least(row, CAME, is_people=True))
            elif figure.name == "attendance_rate" and figure.numerator is not None:
                self.known.read(self.of([row], Ending.ATTENDED), figure.numerator)
            elif figure.name == "chosen_attendances" and question == YEAR:
                self.known.read(self.of(self._courses("summit"), *CAME), figure.shown)
        for table in content.tables:
            for cells in table.rows:
                rows = self._rows_of(table.name, cells, table.rows)
                if rows is None:
                    continue
                self.known.read(self.of(rows, *BOOKED), cells["bookings"])
                self.known.read(self.of(rows, Ending.ATTENDED), cells["attended_booked"])
                if str(cells["attended_booked"]).startswith("most"):
                    self.known.is_told(self.of(rows, *BOOKED[1:]), 1, 4)
                if len(rows) == 1:
                    self.known.read(self.people(rows), cells["distinct_people"])
        if of is not self.year:
            self.known.forget_what_is_not_so()
        return content.kept

    def _least(self, row: Any, endings: tuple[Ending, ...], *, is_people: bool = False) -> int:
        """What "fewer than 5" can be at least: nobody, where what it is a part of is small itself, as the rule says."""
        wholes = [(of, each) for of in (row, ALL_ROW) for each in (*MEASURES.values(), BOOKED[1:])]
        larger = [one for one in wholes if set(endings) <= set(one[1]) and (is_people or one != (row, endings))]
        return 0 if any(is_small(sum(self.counts[of, e] for e in each)) for of, each in larger) else 1

    def _courses(self, kind: str) -> list[Any]:
        return [("course", each) for each in sorted({e.course_code for e in self.year.events if e.event_type == kind})]

    def _rows_of(self, table: str, cells: Any, rows: Any) -> list[Any] | None:
        """The agencies or courses of a line: what has no line of its own is in the one that several are told in."""
        if table == "by_type":
            return [
                row
                for each in str(cells["type"]).replace(", together", "").split(" and ")
                for row in self._courses(each)
            ]
        column = {"by_sector": "sector", "by_agency": "agency_code", "by_course": "course_code"}.get(table)
        if column is None:
            return None
        if table == "by_course":
            own = {str(row[column]) for row in rows}
            kinds = str(cells["type"])
            return [
                ("course", e) for e in sorted({e.course_code for e in self.year.events if e.event_type in kinds})
                if e == cells[column] or (not cells[column] and e not in own)
            ]  # fmt: skip
        own = {str(row.get("agency_code")) for row in rows}
        return [
            ("agency", each.id)
            for (_, sector), each in self.year.agencies.items()
            if each.sector in str(cells["sector"])
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


ALL_ROW = (ALL, ALL)


def finds(year: PeriodRecords) -> list[Any]:
    reads = Reads(year)
    for question in (YEAR, *QUARTERS):
        reads.take(question)
    return reads.known.finds(reads.secrets())


def test_nobody_finds_a_small_number_in_a_year_of_a_partnership() -> None:
    assert finds(a_year(5, (8, 1, 3, 18, 8, 2), courses=12, events=54, size=22)) == []


def test_somebody_finds_what_follows() -> None:
    """Of nine and "fewer than 5" together twelve, three; of two small ones that are eight together, four each."""
    known = Adversary({"a": 9, "b": 3, "c": 4, "d": 4})
    known.read({"a": 1, "b": 1}, 12)
    known.read({"a": 1}, 9)
    for small in "bcd":
        known.read({small: 1}, "fewer than 5")
    secrets = [{name: 1} for name in "bcd"]
    assert known.finds(secrets) == [{"b": 1}]
    known.read({"c": 1, "d": 1}, 8)
    assert known.finds(secrets) == secrets


@pytest.mark.slow
@settings(max_examples=3, deadline=None)
@given(
    st.integers(0, 10**6), st.sampled_from([(3, 2), (1, 1), (6,), (2, 2, 2)]), st.integers(4, 14), st.integers(3, 14)
)
def test_nobody_finds_one_in_any_small_year(seed: int, sectors: tuple[int, ...], events: int, size: int) -> None:
    assert finds(a_year(seed, sectors, courses=3, events=events, size=size)) == []


def bound_finds(seed: int, sectors: tuple[int, ...], events: int, size: int) -> list[Any]:
    """Quarters are told as they end, then the year; registers are corrected, and everything is told again."""
    first = a_year(seed, sectors, courses=3, events=events, size=size)
    reads, kept = Reads(corrected(first, seed)), []
    for place, question in enumerate(QUARTERS):
        so_far = {event.id for event in first.events if event.on <= DAYS[place]}
        then = PeriodRecords(
            [event for event in first.events if event.id in so_far],
            [claim for claim in first.claims if claim.event_id in so_far],
            first.agencies,
        )
        kept.append(reads.take(question, earlier_of(kept), then))
    kept.append(reads.take(YEAR, earlier_of(kept), first))
    for question in (YEAR, *QUARTERS):
        reads.take(question, earlier_of(kept))
    return reads.known.finds(reads.secrets())


def corrected(year: PeriodRecords, seed: int) -> PeriodRecords:
    """A register or two marked otherwise, afterwards."""
    make, claims = random.Random(seed), list(year.claims)
    for _ in range(make.randrange(4) if claims else 0):
        place = make.randrange(len(claims))
        claims[place] = claims[place]._replace(ending=int(make.choice([Ending.ATTENDED, Ending.DID_NOT_ATTEND])))
    return PeriodRecords(year.events, claims, year.agencies)


@pytest.mark.slow
@settings(max_examples=3, deadline=None)
@given(
    st.integers(0, 10**6), st.sampled_from([(3, 2), (1, 1), (6,), (2, 2, 2)]), st.integers(4, 14), st.integers(3, 14)
)
def test_nobody_finds_one_with_every_report_that_was_published(
    seed: int, sectors: tuple[int, ...], events: int, size: int
) -> None:
    assert bound_finds(seed, sectors, events, size) == []
