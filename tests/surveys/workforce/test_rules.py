"""Rounds: their days, which agencies are told, and gaps."""

from datetime import date

import pytest

from lms.kit.errors import Invalid
from surveys.workforce.rules import Need, RoundState, check_days, state_of

TODAY = date(2026, 3, 16)


def test_a_round_is_open_on_both_of_its_days() -> None:
    days = date(2026, 3, 16), date(2026, 3, 20)
    states = [state_of(*days, is_let_out=False, today=date(2026, 3, day)) for day in (15, 16, 20, 21)]
    assert states == [RoundState.TO_COME, RoundState.OPEN, RoundState.OPEN, RoundState.CLOSED]


@pytest.mark.parametrize(
    ("opens", "closes", "field"),
    [
        (date(2026, 3, 15), date(2026, 3, 20), "opens_on"),
        (date(2026, 3, 20), date(2026, 3, 19), "closes_on"),
        (date(2026, 3, 20), date(2026, 9, 19), "closes_on"),
        (None, date(2026, 9, 19), "opens_on"),
    ],
)
def test_impossible_days_are_refused_at_their_field(opens: date | None, closes: date, field: str) -> None:
    with pytest.raises(Invalid) as refused:
        check_days(opens, closes, TODAY)
    assert refused.value.field == field


def test_a_gap_is_what_is_needed_less_what_is_left() -> None:
    assert Need("Neglect", "neglect", 60, "", 2, 48, 30, 4).gap == 42
    assert Need("Neglect", "neglect", 10, "", 2, 48, 30, 4).gap == 0
    assert Need("Neglect", "neglect", None, "fewer than 5", 2, 48, 30, 4).gap is None
    assert Need("Neglect", "neglect", 5, "", 1, 24, 30, 0).gap == 5  # over-booked: nothing is left
    few = Need("Neglect", "neglect", None, "fewer than 5", 2, 48, 30, 4)
    assert (few.needed, few.short_by) == ("fewer than 5", "not told")
