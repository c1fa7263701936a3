"""Outcomes from minutes."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from courses.attendance.finalising.rules import (
    DayMarked,
    check_can_finalise,
    days_attended,
    outcome_of,
)
from courses.attendance.register.rules import MarkKind
from courses.booking.bookings.rules import Outcome
from courses.programme.events.rules import EventState
from lms.kit.errors import Conflict


@st.composite
def marked_days(draw: st.DrawFn) -> list[DayMarked]:
    days = []
    for number in range(1, draw(st.integers(1, 4)) + 1):
        kind, scheduled = draw(st.sampled_from(MarkKind)), draw(st.integers(30, 480))
        present = draw(st.integers(0, scheduled)) if kind is MarkKind.PRESENT else 0
        days.append(DayMarked(number, kind, scheduled, present))
    return days


@pytest.mark.parametrize(
    ("present", "outcome"),
    [
        (330, Outcome.ATTENDED),
        (297, Outcome.ATTENDED),
        (296, Outcome.PART_ATTENDED),
        (1, Outcome.PART_ATTENDED),
        (0, Outcome.DID_NOT_ATTEND),
    ],
)
def test_ninety_per_cent_of_the_minutes_is_attended(present: int, outcome: Outcome) -> None:
    assert outcome_of([DayMarked(1, MarkKind.PRESENT, 330, present)], 90) == outcome


def test_a_day_missed_of_two_is_attended_in_part() -> None:
    days = [DayMarked(1, MarkKind.PRESENT, 330, 330), DayMarked(2, MarkKind.ABSENT, 330, 0)]
    assert outcome_of(days, 90) == Outcome.PART_ATTENDED
    assert days_attended(days) == "1"


def test_turned_away_is_who_was_refused_on_every_day() -> None:
    away = DayMarked(1, MarkKind.TURNED_AWAY, 330, 0)
    assert outcome_of([away], 90) == Outcome.TURNED_AWAY
    assert outcome_of([away, DayMarked(2, MarkKind.ABSENT, 330, 0)], 90) == Outcome.DID_NOT_ATTEND
    assert outcome_of([away, DayMarked(2, MarkKind.PRESENT, 330, 330)], 90) == Outcome.PART_ATTENDED


@given(marked_days(), st.integers(1, 100))
def test_an_outcome_says_neither_more_nor_less_than_the_minutes(days: list[DayMarked], per_cent: int) -> None:
    present, scheduled = sum(d.present_minutes for d in days), sum(d.scheduled_minutes for d in days)
    outcome = outcome_of(days, per_cent)
    assert (outcome in (Outcome.DID_NOT_ATTEND, Outcome.TURNED_AWAY)) == (present == 0)
    assert (outcome == Outcome.ATTENDED) == (present > 0 and present / scheduled >= per_cent / 100 - 1e-12)
    assert bool(days_attended(days)) == (present > 0)


@given(marked_days(), st.data())
def test_more_minutes_never_make_the_outcome_worse(days: list[DayMarked], data: st.DataObject) -> None:
    order = [Outcome.TURNED_AWAY, Outcome.DID_NOT_ATTEND, Outcome.PART_ATTENDED, Outcome.ATTENDED]
    number = data.draw(st.integers(0, len(days) - 1))
    day = days[number]
    more = data.draw(st.integers(day.present_minutes, day.scheduled_minutes))
    better = [*days[:number], DayMarked(day.number, MarkKind.PRESENT, day.scheduled_minutes, more), *days[number + 1 :]]
    assert order.index(outcome_of(better, 90)) >= order.index(outcome_of(days, 90))


def test_finalising_names_how_many_marks_are_missing() -> None:
    end = datetime(2026, 4, 9, 15, 0, tzinfo=UTC)
    check_can_finalise(EventState.PUBLISHED, end, end, 0)
    with pytest.raises(Conflict, match="There are 3 marks missing"):
        check_can_finalise(EventState.PUBLISHED, end, end, 3)
    with pytest.raises(Conflict, match="last day has not ended"):
        check_can_finalise(EventState.PUBLISHED, end, end.replace(hour=14), 0)
    for state in set(EventState) - {EventState.PUBLISHED}:
        with pytest.raises(Conflict):
            check_can_finalise(state, end, end, 0)
