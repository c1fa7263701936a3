"""The headline of the day: no statement is called the first by chance."""

import pytest

from surveys.impact.shares.rules import Portion
from surveys.on_the_day.rules import Agreed, most_and_fewest


def agreed(*numbers: int, of: int = 526) -> list[Agreed]:
    return [Agreed(f"S{place}", f"{number} of {of}", Portion(number, of)) for place, number in enumerate(numbers, 1)]


@pytest.mark.parametrize(
    ("told", "said"),
    [
        (agreed(), "Nothing of what people said on the day can be told yet."),
        (agreed(400), "Agreed with “S1”: 400 of 526."),
        (agreed(400, 400), "As many agreed with both statements: 400 of 526."),
        # 88.8% and 90.7% of the same 526: two points, as chance makes them
        (
            agreed(475, 467, 477),
            "About as many agreed with all 3 statements: 467 of 526 to 477 of 526, no clear difference.",
        ),
        (agreed(475, 430, 477), "Most agreed with “S3” (477 of 526), fewest with “S2” (430 of 526)."),
        # clear for two, by Newcombe's interval from 0.2 to 9.4 points; not for the best and the worst of five
        (agreed(430, 455), "Most agreed with “S2” (455 of 526), fewest with “S1” (430 of 526)."),
        (
            agreed(430, 440, 441, 442, 455),
            "About as many agreed with all 5 statements: 430 of 526 to 455 of 526, no clear difference.",
        ),
    ],
)
def test_most_and_fewest_are_named_only_where_it_is_clear(told: list[Agreed], said: str) -> None:
    assert most_and_fewest(told) == said
