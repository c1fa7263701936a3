"""How many of the pairs there are come out: a partnership of 54 events a year, simulated with the rules of the product.

    python -m bench.pairs

A pair is somebody who answered before and three months on. Two years are simulated; of the first it is counted what had
come out when the second was complete, each half-year with what joined it from the one before.
"""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from lms.kit.telling.numbers import SMALL
from surveys.pairs.rules import Said, Sheet, coming_out, half_to_join, sheet_of

FIRST_DAY = date(2025, 4, 1)
CLOSES_AFTER = timedelta(days=122)
ITEMS = frozenset({("practice", 0)})
HEAD = "| answer before, on the day, later | delegates | pairs an event | told | with the day, of those who have it |"
WAYS = ((60, 85, 25), (60, 85, 40), (60, 85, 15), (40, 70, 20), (80, 90, 45))


@dataclass(frozen=True)
class Partnership:
    """So many events a year, courses and people, and how many of 100 answer before, on the day and three months on."""

    answer: tuple[int, int, int] = (60, 85, 25)
    events: int = 54
    courses: int = 10
    delegates: int = 24


@dataclass(frozen=True)
class Counted:
    """Pairs of the first year: how many there are, came out, and came out with what they said on the day."""

    pairs: int
    told: int
    with_day: int
    answered_day: int
    events: int
    fewest_together: int

    @property
    def share(self) -> float:
        return self.told / self.pairs if self.pairs else 1.0


def simulate(made: Partnership, chance: Random, years: int = 2) -> Counted:
    """Every night from the first event until all half-years are complete."""
    events = _events(made, chance, years)
    year = {number for number, (_, held_on, _) in events.items() if held_on < FIRST_DAY.replace(year=2026)}
    waiting: dict[tuple[int, date], list[tuple[int, Sheet]]] = defaultdict(list)
    told: list[tuple[int, bool]] = []
    together = []
    day = FIRST_DAY
    while day < FIRST_DAY.replace(year=FIRST_DAY.year + years) + timedelta(days=160):
        for number, (course, held_on, sheets) in events.items():
            if held_on + CLOSES_AFTER == day:
                waiting[course, half_to_join(held_on, day)] += [(number, each) for each in sheets]
        for course, half_on in sorted(waiting):
            some = waiting.pop((course, half_on))
            chance.shuffle(some)
            out = coming_out([each for _, each in some], half_on, day)
            together += [len(out)] if out else []
            told += [(some[place][0], each.has_day) for place, each in out]
            left = set(range(len(some))) - {place for place, _ in out}
            if left:
                waiting[course, half_to_join(half_on, day)] += [some[place] for place in sorted(left)]
        day += timedelta(days=1)
    pairs = [each for number in year for each in events[number][2]]
    ours = [has_day for number, has_day in told if number in year]
    return Counted(
        pairs=len(pairs),
        told=len(ours),
        with_day=sum(ours),
        answered_day=sum(each.has_day for each in pairs),
        events=len(year),
        fewest_together=min(together, default=SMALL),
    )


def _events(made: Partnership, chance: Random, years: int) -> dict[int, tuple[int, date, list[Sheet]]]:
    found = {}
    for number in range(made.events * years):
        held_on = FIRST_DAY + timedelta(days=365 * number // made.events)
        sheets = [sheet for _ in range(made.delegates) if (sheet := _person(made.answer, chance)) is not None]
        found[number] = (number % made.courses, held_on, sheets)
    return found


def _person(answer: tuple[int, int, int], chance: Random) -> Sheet | None:
    """What a person who came said; None for one who did not answer both before and three months on."""
    before, day, after = (
        Said(ITEMS, {("practice", 0): 5}) if chance.random() * 100 < each else None for each in answer
    )
    return sheet_of(before, day, after) if before and after else None


def lines() -> list[str]:
    """The table of docs/surveys.md."""
    made = [HEAD, "|---|---|---|---|---|"]
    for delegates in (24, 12):
        for answer in WAYS:
            partnership = Partnership(answer, delegates=delegates)
            counted = [simulate(partnership, Random(seed)) for seed in range(20)]
            pairs, told = sum(each.pairs for each in counted), sum(each.told for each in counted)
            days, answered = sum(each.with_day for each in counted), sum(each.answered_day for each in counted)
            events = sum(each.events for each in counted)
            made.append(
                f"| {', '.join(f'{each}%' for each in answer)} | {delegates} | {pairs / events:.1f} | "
                f"{100 * told / pairs:.0f}% | {100 * days / answered:.0f}% |"
            )
    return made


if __name__ == "__main__":
    print("\n".join(lines()))
