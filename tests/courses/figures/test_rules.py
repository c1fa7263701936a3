"""The measures, counted from claims."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from courses.figures.lines.rules import EVERYBODY, WHOLE, lines_told
from courses.figures.rules import (
    Claim,
    Counts,
    Delivered,
    Ending,
    amounts,
    at_least,
    events_attended,
    joined,
    quality,
    tallied_by,
)
from courses.figures.small.rules import ATTENDED, BOOKINGS, Reader, YearCounted, untold_cells
from lms.kit.figures import Figure

EVENT = Delivered(1, "E1", date(2026, 4, 9), "C1", "Safer babies", "course", "3", "Ashbeck Centre", 20)


def counted(*endings: Ending) -> Counts:
    claims = [Claim(1, person, None, ending) for person, ending in enumerate(endings)]
    return joined(tallied_by(claims, lambda claim: claim.event_id).values())


def told(counts: Counts, places: int = 20) -> dict[str, Figure]:
    return {each.name: each for each in (*amounts(counts, [EVENT]), *quality(counts, places))}


def test_each_measure_counts_what_the_glossary_says() -> None:
    found = told(counted(*Ending, Ending.ATTENDED))
    values = {name: figure.value for name, figure in found.items() if figure.denominator is None}
    assert values == {
        "events_delivered": 1,
        "courses_delivered": 1,
        "places_offered": 20,
        "bookings": 9,  # all but the three who walked in
        "bookings_later_cancelled": 2,
        "attendances": 3,  # two who had booked and a walk-in
        "walk_ins": 1,
        "distinct_people": 3,
        "part_attended": 2,
        "did_not_attend": 1,
        "turned_away": 1,
        "late_cancellations": 1,
        "places_passed_on": 1,
    }
    rates = {name: (figure.numerator, figure.denominator) for name, figure in found.items() if figure.denominator}
    assert rates == {
        "booking_fill_rate": (9, 20),
        "attendance_rate": (2, 9),
        "course_utilisation_rate": (3, 20),
    }


def test_a_rate_of_nothing_is_not_applicable() -> None:
    found = told(Counts(), places=0)
    assert [(found[name].value, found[name].shown) for name in ("attendance_rate", "booking_fill_rate")] == [
        (None, "not applicable"),
        (None, "not applicable"),
    ]


@given(st.lists(st.sampled_from(Ending)), st.lists(st.sampled_from([Ending.WALK_IN, Ending.WALK_IN_PART])))
def test_walk_ins_never_change_the_attendance_rate_and_every_claim_is_counted_once(
    endings: list[Ending], walk_ins: list[Ending]
) -> None:
    before, after = counted(*endings), counted(*endings, *walk_ins)
    rates = [told(each)["attendance_rate"] for each in (before, after)]
    assert rates[0] == rates[1]
    assert after.of(*Ending) == len(endings) + len(walk_ins)
    assert after.attendances >= before.attendances


def test_people_are_counted_by_how_many_events_they_attended() -> None:
    attended = [(1, 1), (1, 2), (1, 3), (2, 1), (2, 2), (3, 3), (3, 3)]
    claims = [Claim(event, person, None, Ending.ATTENDED) for person, event in attended]
    exactly = events_attended([*claims, Claim(4, 3, None, Ending.PART_ATTENDED)])
    assert exactly == {1: 1, 2: 1, 3: 1}
    assert [at_least(exactly, number) for number in (1, 2, 3, 4)] == [3, 2, 1, 0]


@pytest.mark.parametrize("absent", [0, 3])
def test_who_sees_no_rows_does_not_learn_how_few_did_not_come(absent: int) -> None:
    """Bookings less those who came would say it, so one of the two is not told exactly where it is few."""
    many, few = Counts(), Counts()
    many.endings[Ending.ATTENDED], many.endings[Ending.DID_NOT_ATTEND] = 60, 20
    few.endings[Ending.ATTENDED], few.endings[Ending.DID_NOT_ATTEND] = 30, absent
    rows = {("sector", "Health"): many, ("sector", "Police"): few, WHOLE: joined([many, few])}
    lines = lines_told({row: counts for row, counts in rows.items() if row != WHOLE})
    year = YearCounted(rows, [rows[WHOLE], *[Counts()] * 3], lines)
    reader = Reader(untold_cells(year))
    police, health = (("sector", "Police"),), (("sector", "Health"),)
    told = {
        line: (reader.attended(line, year.of(line)).shown, reader.rate(line, year.of(line)))
        for line in (police, health)
    }
    if not absent:
        assert told == {police: ("30", "100.0%"), health: ("60", "75.0%")}
    else:
        assert told == {police: ("most of 33", "at least 87.9%"), health: ("58 to 61", "72.5% to 76.3%")}
    assert not reader.hides(EVERYBODY, BOOKINGS)
    assert not reader.hides(EVERYBODY, ATTENDED)
