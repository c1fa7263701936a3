"""Somebody who reads every half-year, year, course, sector and agency of who was asked finds nobody."""

import random
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from surveys.impact.queries import AgencyNamed, AskedOfEvent, HeldEvent
from surveys.impact.reach import figures
from surveys.impact.reach.figures import BySector, ReachLine, by_course, by_sector
from surveys.impact.selected.figures import told_of
from surveys.selection.rules import Selection, Span, half_of
from tests.reads_reach import KINDS, LineRead, OneAsked, ReadsReach

TODAY = date(2026, 3, 16)
HALVES = (half_of(date(2024, 5, 1)), half_of(date(2024, 11, 1)))
YEAR = Span("2024", HALVES[0].from_on, HALVES[1].to_on, "the financial year 2024-25")
NAMED = {
    (agency, sector): AgencyNamed(f"Agency {agency}", f"Sector {sector}")
    for agency, sector in ((1, 1), (2, 1), (3, 1), (4, 2), (5, 3))
}


def a_year(seed: int, size: int) -> list[HeldEvent]:
    """Events of three courses in two half-years. Most are asked, few letters come back, some answer."""
    make = random.Random(seed)
    lost, answers = make.random() * 0.15, make.random()
    held = []
    for number in range(1, make.randrange(3, 9)):
        on = make.choice(HALVES).from_on + timedelta(days=make.randrange(150))
        closed = datetime(on.year, on.month, 1, tzinfo=UTC) + timedelta(days=140)
        asked = tuple(_asked(make, number, stamp, make.randrange(size), lost, answers) for stamp in NAMED)
        course_id = make.randrange(1, 4)
        held.append(HeldEvent(number, course_id, course_id, f"Course {course_id}", on, closed, asked))
    return sorted(held, key=lambda each: (each.closed_at, each.id))


def _asked(
    make: random.Random, event_id: int, stamp: tuple[int, int], there: int, lost: float, answers: float
) -> AskedOfEvent:
    kinds = make.choices(range(4), [answers * (1 - lost), (1 - answers) * (1 - lost), lost, lost / 2], k=there)
    attended, invited, delivered, answered = (sum(kind < most for kind in kinds) for most in (4, 3, 2, 1))
    part, walked = (min(make.randrange(3), attended) for _ in range(2))
    return AskedOfEvent(event_id, stamp, attended, part, walked, invited, delivered, answered, attended - invited, 0, 0)


def people(held: list[HeldEvent], today: date = TODAY) -> list[OneAsked]:
    """Everybody who was at an event that is told, one by one."""
    units = told_of(held, Selection(YEAR), today).units
    found = []
    for each in held:
        unit = units.of_event.get(each.id)
        for row in each.asked if unit and unit.half in HALVES else ():
            steps = (row.answered, row.delivered, row.invited, row.attended)
            numbers = [steps[0], *(after - before for before, after in pairwise(steps))]
            named = NAMED[row.stamp]
            found += [
                OneAsked(unit.half, each.course, named.sector, named.name, kind)
                for kind, number in zip(KINDS, numbers, strict=True)
                for _ in range(number)
            ]
    return found


def lines_read(by: str, lines: tuple[ReachLine, ...] | list[ReachLine]) -> list[LineRead]:
    return [LineRead(by, each.name, each.delivered.shown, each.answered.shown, each.parent) for each in lines]


def finds(held: list[HeldEvent]) -> list[object]:
    """Of each half-year and the year: the funnel, the tables, and the report of each course."""
    reads = ReadsReach(people(held))
    for span in (*HALVES, YEAR):
        told = told_of(held, Selection(span), TODAY)
        if not told.selected:
            continue
        funnel = told.funnel
        reads.steps(told.halves, {step: getattr(funnel, step).shown for step in ("attended", "invited")})
        reads.steps(told.halves, {"delivered": funnel.delivered.shown, "answered": funnel.answered.shown})
        tables: BySector = by_sector(held, told.units, told.halves, NAMED)
        reads.lines(told.halves, lines_read("course", by_course(held, told.units, told.halves)))
        reads.lines(told.halves, lines_read("sector", tables.sectors))
        reads.lines(told.halves, lines_read("agency", tables.agencies))
        for course_id in (1, 2, 3):
            one = told_of(held, Selection(span, course_id=course_id), TODAY)
            halves = sorted({unit.half for unit in one.selected}, key=lambda half: half.from_on)
            if halves:
                line = LineRead("course", f"Course {course_id}", one.funnel.delivered.shown, one.funnel.answered.shown)
                reads.lines(halves, [line])
    return list(reads.finds())


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 10**6), st.sampled_from([4, 9, 16]))
def test_nobody_finds_who_was_not_reached_or_did_not_answer(seed: int, size: int) -> None:
    assert finds(a_year(seed, size)) == []


def test_somebody_finds_what_is_told_too_well(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each step as it is: 290 beside 288 is two. Each course and agency by itself: two of them answered."""
    with monkeypatch.context() as patched:
        patched.setattr(figures, "tell_steps", lambda numbers, *_, **__: tuple(map(figures.Told, numbers)))
        assert any(finds(a_year(seed, 9)) for seed in range(12))
    with monkeypatch.context() as patched:
        patched.setattr(figures, "lines_of", lambda numbers: [(name,) for name in numbers])
        assert any(finds(a_year(seed, 9)) for seed in range(12))
