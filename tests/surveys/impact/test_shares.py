"""Intervals of shares, against those that Newcombe printed (Statistics in Medicine 17, 1998), and who is told which."""

import pytest

from surveys.impact.change.rules import Group, groups_of
from surveys.impact.shares.rules import DifferenceOfShares, Portion


@pytest.mark.parametrize(
    ("now", "before", "low", "high"),
    [
        ((56, 70), (48, 80), 0.0524, 0.3339),
        ((9, 10), (3, 10), 0.1705, 0.8090),
        ((6, 7), (2, 7), 0.0582, 0.8062),
        ((5, 56), (0, 29), -0.0381, 0.1926),
        ((0, 10), (0, 20), -0.1611, 0.2775),
        ((10, 10), (0, 10), 0.6075, 1.0),
    ],
)
def test_the_difference_of_two_shares_as_it_was_published(
    now: tuple[int, int], before: tuple[int, int], low: float, high: float
) -> None:
    assert DifferenceOfShares(Portion(*now), Portion(*before)).interval() == pytest.approx((low, high), abs=0.00006)


@pytest.mark.parametrize(("number", "of", "low", "high"), [(81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605)])
def test_one_share_as_it_was_published(number: int, of: int, low: float, high: float) -> None:
    """Two-sided confidence intervals for the single proportion, the same volume, method 3."""
    assert Portion(number, of).interval() == pytest.approx((low, high), abs=0.00006)


def test_several_shares_are_held_against_wider_intervals() -> None:
    clear, likely = (
        DifferenceOfShares(Portion(90, 100), Portion(50, 100)),
        DifferenceOfShares(Portion(60, 100), Portion(46, 100)),
    )
    assert groups_of([likely]) == [Group.STRONGER]
    assert groups_of([clear, likely, likely]) == [Group.STRONGER, Group.SAME, Group.SAME]
    assert DifferenceOfShares(Portion(10, 10), Portion(10, 10)).likely == 1
