"""A year and its quarters: whoever reads all of it, and every report from before, finds no small number."""

from collections import defaultdict
from collections.abc import Hashable, Sequence
from itertools import product

from hypothesis import given, settings
from hypothesis import strategies as st

from lms.kit.telling import years
from lms.kit.telling.numbers import is_small
from lms.kit.telling.years import NOTHING, YEAR, YearNumbers, YearTold, tell_year, year_before
from tests.adversary import Adversary


def told(*quarters: int) -> tuple[str, ...]:
    made = tell_year(YearNumbers({"charges": sum(quarters)}, [{"charges": each} for each in quarters]))
    return tuple(made.of("charges", place).shown for place in (YEAR, *range(len(quarters))))


def test_a_small_quarter_takes_as_little_with_it_as_it_can() -> None:
    assert told(20, 30, 12, 9) == ("71", "20", "30", "12", "9")
    assert told(20, 30, 2, 9) == ("61", "20", "30", "fewer than 5", "7 to 10")
    assert told(1, 1, 1, 0) == ("fewer than 5",) * 5  # of a year that is small no quarter says whether there was any
    assert told(0, 0, 0, 0) == ("0",) * 5


MOST = 12


def test_every_small_number_has_another_one_that_looks_the_same() -> None:
    """Two quarters, and three, tried out by somebody who knows the rule; those at the edge have others beyond it."""
    looks: dict[Hashable, list[set[int]]] = defaultdict(lambda: [set() for _ in range(4)])
    edge = set()
    for quarters in (*product(range(MOST + 9), repeat=2), *product(range(MOST), repeat=3)):
        look = told(*quarters)
        edge |= {look} if max(quarters) == (MOST - 1 if len(quarters) == 3 else MOST + 8) else set()
        for known, number in zip(looks[look], (sum(quarters), *quarters), strict=False):
            known.add(number)
    found = [
        (look, numbers)
        for look, known in looks.items()
        for numbers in known
        if len(numbers) == 1 and is_small(min(numbers)) and look not in edge
    ]
    assert not found


PERIODS = st.lists(st.tuples(st.integers(0, 14), st.integers(0, 6)), min_size=4, max_size=4)


def counted(quarters: Sequence[tuple[int, int]], shared: int) -> YearNumbers:
    """People and completions beyond the first, by quarter; `shared` people came in more than one."""
    periods = [{"completions": people + again, "people": people, "again": again} for people, again in quarters]
    people = max(sum(each["people"] for each in periods) - shared, *(each["people"] for each in periods))
    completions = sum(each["completions"] for each in periods)
    whole = {"completions": completions, "people": people, "again": completions - people}
    sums = [("completions", ("people", "again"))]
    return YearNumbers(whole, periods, sums, frozenset({"people"}), frozenset({"again"}))


class Knows(Adversary):
    """Who reads completions and people of a year, its quarters and the reports before."""

    def __init__(self, numbers: YearNumbers) -> None:
        truth = {(what, place): number for (what, place), number in numbers.cells.items() if what != "completions"}
        super().__init__(truth)
        places = range(len(numbers.quarters))
        everybody = {("people", place): 1 for place in places}
        self.is_told({("people", YEAR): -1, **everybody}, 0)
        for place in places:
            self.is_told({("people", YEAR): 1, ("people", place): -1}, 0)
        by_quarter = {(what, place): 1 for what in ("people", "again") for place in places}
        self.is_told({("people", YEAR): -1, ("again", YEAR): -1, **by_quarter}, 0, 0)

    def take(self, report: YearTold, numbers: YearNumbers, place: int) -> None:
        for what, parts in (("people", ("people",)), ("completions", ("people", "again"))):
            shown = report.of(what, place)
            small = is_small(numbers.cells[years.YearCell(what, place)])
            self.read({(part, place): 1 for part in parts}, shown.shown, 1 if small else 0)


def secrets(numbers: YearNumbers) -> list[dict[Hashable, int]]:
    return [
        {(part, place): 1 for part in (("people", "again") if what == "completions" else (what,))}
        for (what, place), number in numbers.cells.items()
        if is_small(number)
    ]


@settings(max_examples=60, deadline=None)
@given(PERIODS, st.integers(0, 6), st.integers(0, 3), st.integers(-2, 2))
def test_nobody_finds_one_with_every_report_that_was_published(
    quarters: list[tuple[int, int]], shared: int, corrected: int, by: int
) -> None:
    """Each quarter is told as it ends, then the year; then one is corrected, and all of it is told again."""
    kept = []
    reports: list[tuple[YearTold, YearNumbers, int]] = []
    for place in range(4):
        so_far = counted([*quarters[: place + 1], *[(0, 0)] * (3 - place)], 0)
        report = tell_year(so_far, year_before(kept))
        reports.append((report, so_far, place))
        kept.append(report.kept(place))
    whole = counted(quarters, shared)
    report = tell_year(whole, year_before(kept))
    reports.append((report, whole, YEAR))
    kept.append(report.kept(YEAR))
    people, again = quarters[corrected]
    now = counted([*quarters[:corrected], (max(people + by, 0), again), *quarters[corrected + 1 :]], shared)
    again_told = tell_year(now, year_before(kept))
    knows = Knows(now)
    for one, numbers, place in reports:
        knows.take(one, numbers, place)
    knows.forget_what_is_not_so()
    for place in (YEAR, *range(4)):
        knows.take(again_told, now, place)
    assert knows.finds(secrets(now)) == []


def test_without_what_was_told_before_a_correction_gives_a_number_away() -> None:
    """What the rule is for: three of a quarter were hidden behind another one, and then are six."""
    then = YearNumbers({"c": 53}, [{"c": each} for each in (3, 9, 20, 21)])
    first = tell_year(then)
    assert [first.of("c", place).shown for place in (YEAR, 0, 1, 2, 3)] == ["53", "fewer than 5", "9", "20", "20 to 23"]
    now = YearNumbers({"c": 56}, [{"c": each} for each in (6, 9, 20, 21)])
    assert tell_year(now, NOTHING).of("c", 3).shown == "21"  # and 53 less 9, 20 and 21 is 3
    bound = tell_year(now, year_before([first.kept(YEAR)]))
    assert [bound.of("c", place).number for place in (0, 3)] == [None, None]
