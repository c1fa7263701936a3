"""One question whole: no small answer is found, and no answer that is not a yes is hidden."""

from collections import defaultdict
from collections.abc import Hashable, Iterable, Iterator, Sequence
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms.kit.telling import scales, together
from lms.kit.telling.numbers import is_small
from lms.kit.telling.scales import Scale, ToldScale, added, tell_scale
from lms.kit.telling.together import tell_table, tell_twice

USED = Scale(("often", "once", "not yet", "no"), yes=2)
ASKED = Scale(("yes", "no", "no answer"), yes=1, blank=1)
HOW_MANY = Scale(("none", "one or two", "more"))


def read(told: ToldScale, scale: Scale) -> dict[str, str]:
    return {" or ".join(scale.words[place] for place in part.places): told.shown(part) for part in told.parts}


@pytest.mark.parametrize(
    ("counts", "reads"),
    [
        ((60, 84, 38, 13), {"often": "60", "once": "84", "not yet": "38", "no": "13"}),
        ((60, 84, 48, 3), {"often": "60", "once": "84", "not yet or no": "51"}),
        ((3, 20, 0, 9), {"often or once": "23", "not yet": "0", "no": "9"}),
        ((10, 7, 2, 1), {"often or once": "most of 20", "not yet or no": "fewer than 5"}),
        ((2, 1, 9, 8), {"often or once": "fewer than 5", "not yet or no": "most of 20"}),
        ((5, 1, 1, 0), {"often or once or not yet or no": "7"}),
        ((2, 2, 0, 0), {}),
    ],
)
def test_a_small_answer_goes_with_its_neighbour_and_never_a_yes_with_a_no(
    counts: tuple[int, ...], reads: dict[str, str]
) -> None:
    assert read(tell_scale(counts, USED), USED) == reads


def test_who_did_not_answer_stands_last_and_goes_with_those_who_said_no_where_they_are_few() -> None:
    assert read(tell_scale((9, 8, 7), ASKED), ASKED) == {"yes": "9", "no": "8", "no answer": "7"}
    assert read(tell_scale((9, 8, 2), ASKED), ASKED) == {"yes": "9", "no or no answer": "10"}
    assert read(tell_scale((9, 2, 8), ASKED), ASKED) == {"yes": "9", "no or no answer": "10"}


def test_without_yes_and_no_any_neighbours_go_together() -> None:
    assert read(tell_scale((9, 3, 8), HOW_MANY), HOW_MANY) == {"none or one or two": "12", "more": "8"}
    assert read(tell_scale((30, 2, 1), HOW_MANY), HOW_MANY) == {
        "none": "most of 33",
        "one or two or more": "fewer than 5",
    }


# The adversary: knows these rules, and everything that is told


def cells(counts: Sequence[int]) -> Iterator[tuple[Hashable, int]]:
    """Every number that somebody may look for: each answer, and neighbouring answers together."""
    for first in range(len(counts)):
        for end in range(first, len(counts)):
            yield (first, end), sum(counts[first : end + 1])


def found(worlds: Iterable[tuple[Hashable, list[tuple[Hashable, int]]]]) -> list[object]:
    """The small numbers that can be no other: of all worlds that look the same, each has the same there."""
    looks: dict[Hashable, dict[Hashable, set[int]]] = defaultdict(lambda: defaultdict(set))
    for look, numbers in worlds:
        for cell, number in numbers:
            looks[look][cell].add(number)
    return [
        (look, cell, number)
        for look, known in looks.items()
        for cell, numbers in known.items()
        if len(numbers) == 1
        for number in numbers
        if is_small(number)
    ]


def compositions(of: int, places: int) -> Iterator[tuple[int, ...]]:
    if places == 1:
        yield (of,)
        return
    for first in range(of + 1):
        for rest in compositions(of - first, places - 1):
            yield (first, *rest)


@pytest.mark.parametrize("of", [5, 6, 9, 10, 11, 14, 18])
@pytest.mark.parametrize("scale", [USED, ASKED, HOW_MANY, Scale(("a", "b", "c", "d", "e"), yes=2, blank=1)])
def test_every_small_answer_has_another_number_that_looks_the_same(of: int, scale: Scale) -> None:
    """Every way in which so many people can answer, tried out."""
    assert not found((tell_scale(c, scale), list(cells(c))) for c in compositions(of, len(scale.words)))


def table_worlds(sizes: Sequence[int], scale: Scale) -> Iterator[tuple[Hashable, list[tuple[Hashable, int]]]]:
    """Every way in which groups of these sizes can answer; with the groups, what they answered together."""
    for rows in product(*(list(compositions(size, len(scale.words))) for size in sizes)):
        told = tell_table(dict(enumerate(rows)), scale)
        total = [sum(column) for column in zip(*rows, strict=True)]
        numbers: list[tuple[Hashable, int]] = [(("all", cell), n) for cell, n in cells(total)]
        numbers += [((row, cell), n) for row, counts in enumerate(rows) for cell, n in cells(counts)]
        yield (told.total, tuple(told.rows.values())), numbers


@pytest.mark.parametrize("sizes", [[10], [5, 6], [10, 12], [10, 10, 10], [10, 11, 13]])
def test_no_sum_of_groups_tells_a_small_answer(sizes: list[int]) -> None:
    assert not found(table_worlds(sizes, Scale(("yes", "no"), yes=1)))


@pytest.mark.parametrize("sizes", [[5, 6], [7, 8]])
def test_two_groups_or_one_tell_no_more_of_a_longer_scale(sizes: list[int]) -> None:
    assert not found(table_worlds(sizes, ASKED))
    assert not found(table_worlds(sizes, HOW_MANY))


def twice_worlds(of: int, scale: Scale) -> Iterator[tuple[Hashable, list[tuple[Hashable, int]]]]:
    """Every way in which so many people can answer twice, with those who left it out the same both times."""
    ways = [each for each in compositions(of, len(scale.words)) if each[-1] < of]
    for before, after in product(ways, ways):
        if before[-1] == after[-1]:
            first, last = tell_twice({0: before}, {0: after}, scale)
            sides = (("before", before), ("after", after))
            numbers: list[tuple[Hashable, int]] = [((side, cell), n) for side, each in sides for cell, n in cells(each)]
            yield (first.total, last.total), numbers


@pytest.mark.parametrize("of", [5, 9, 10, 12, 16])
def test_what_is_asked_twice_tells_no_more_of_who_left_it_out(of: int) -> None:
    assert not found(twice_worlds(of, ASKED))


def test_each_time_by_itself_would_tell(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nine gave no answer, as the one table says; then of twelve who did not say yes in the other, three said no."""
    monkeypatch.setattr(together, "_are_apart", lambda *_: True)
    assert found(twice_worlds(16, ASKED))


def test_the_adversary_finds_what_is_told_too_well(monkeypatch: pytest.MonkeyPatch) -> None:
    """A test that cannot fail is a defect: of six, "fewer than 5" beside "most" is one."""
    monkeypatch.setattr(scales, "SPLIT_FROM", 0)
    assert found((tell_scale(c, ASKED), list(cells(c))) for c in compositions(6, 3))


COUNTS = st.lists(st.integers(0, 30), min_size=4, max_size=4)


@given(COUNTS)
def test_a_table_adds_up_to_all_answers_and_a_no_is_seen(counts: list[int]) -> None:
    told = tell_scale(counts, USED)
    assert told.of == sum(counts)
    assert not told.parts or [place for part in told.parts for place in part.places] == [0, 1, 2, 3]
    assert all(part.low <= sum(counts[place] for place in part.places) <= part.high for part in told.parts)
    if told.of >= scales.SPLIT_FROM:
        assert told.is_told
        assert not any({1, 2} <= set(part.places) for part in told.parts)
    if all(part.number is not None for part in told.parts):
        assert sum(part.low for part in told.parts) == (told.of if told.parts else 0)
    assert not [part for part in told.parts if part.number is not None and is_small(part.number)]


@given(st.lists(COUNTS, min_size=1, max_size=4))
def test_what_is_told_of_several_is_a_sum_of_what_each_tells(several: list[list[int]]) -> None:
    told = [tell_scale(counts, USED) for counts in several]
    sum_ = added(told)
    kept = [counts for counts, each in zip(several, told, strict=True) if each.parts]
    for part in sum_.parts:
        assert part.low <= sum(counts[place] for counts in kept for place in part.places) <= part.high
        assert (part.low, part.high) == tuple(
            sum(each.within(part.places[0], part.places[-1])[end] for each in told if each.parts) for end in (0, 1)
        )


@given(st.dictionaries(st.integers(0, 5), COUNTS.filter(lambda counts: sum(counts) >= 5), min_size=1))
def test_all_together_are_told_as_fully_as_without_groups(counts: dict[int, list[int]]) -> None:
    total = [sum(column) for column in zip(*counts.values(), strict=True)]
    assert tell_table(counts, USED).total == tell_scale(total, USED)
