"""Somebody who reads a whole year, its quarters and every table, and knows the rules, finds no small number."""

import random
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
from lms.reports.rules import financial_year, quarter
from tests.adversary import Adversary
from tests.reads_year import ReadsYear

YEAR = ReportQuestion(financial_year(2025))
QUARTERS = tuple(ReportQuestion(quarter(2025, each)) for each in (1, 2, 3, 4))
SUMMIT = ("summit",)
DAYS = (date(2025, 4, 9), date(2025, 8, 6), date(2025, 11, 5), date(2026, 2, 4))


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


class Reads(ReadsYear):
    """The same of content, before it is printed."""

    def take(
        self, question: ReportQuestion, earlier: Earlier = NOTHING, year: PeriodRecords | None = None
    ) -> tuple[Any, ...]:
        """Read a report to the end; of an earlier one what still holds. Answers what is kept with it."""
        of = year or self.year
        content = protected_programme(of, question, SUMMIT, earlier)
        figures = (*content.figures, *protected_quality(of, question, SUMMIT, earlier))
        quarter = None if question == YEAR else QUARTERS.index(question)
        parts = {each.name: each.numerator for each in figures if each.numerator is not None}
        self.measures(quarter, {each.name: each.shown for each in figures}, parts)
        self.tables({table.name: table.rows for table in content.tables})
        if of is not self.year:
            self.known.forget_what_is_not_so()
        return content.kept


def finds(year: PeriodRecords) -> list[Any]:
    reads = Reads(year, SUMMIT)
    for question in (YEAR, *QUARTERS):
        reads.take(question)
    return reads.finds()


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
    reads, kept = Reads(corrected(first, seed), SUMMIT), []
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
    return reads.finds()


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
