"""Which agencies of a round are told alone: nobody's number is a sum or a difference of what is told."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms.kit.errors import Conflict, Invalid
from lms.kit.telling.numbers import is_small
from surveys.workforce.staffing.rules import (
    AgencyCount,
    answer_lines,
    check_staff,
    response_lines,
    stamps,
)

STAFF = st.one_of(st.none(), st.integers(1, 40))
AGENCIES = st.lists(st.tuples(st.integers(1, 3), st.integers(0, 14), STAFF), min_size=1, max_size=9)


def _counts(drawn: list[tuple[int, int, int | None]]) -> list[AgencyCount]:
    return [AgencyCount(number, *each) for number, each in enumerate(drawn, start=1)]


@given(AGENCIES)
def test_no_line_has_one_to_four_people_on_either_side(drawn: list[tuple[int, int, int | None]]) -> None:
    counts = _counts(drawn)
    lines = response_lines(counts)
    in_lines = [agency for line in lines for agency in line.agency_ids]
    left_out = [each for each in counts if each.agency_id not in in_lines]
    assert len(in_lines) == len(set(in_lines))
    assert sum(line.answered for line in lines) == sum(each.answered for each in counts)
    assert all(not each.answered and not each.is_known for each in left_out)
    by_id = {each.agency_id: each for each in counts}
    for line in lines:
        those = [by_id[each] for each in line.agency_ids]
        assert line.answered == sum(each.answered for each in those)
        if line.staff is not None:
            assert line.staff == sum(each.staff or 0 for each in those)
            assert not is_small(line.staff - line.answered)
        if len(lines) > 1:
            assert not is_small(line.answered)


@given(AGENCIES)
def test_what_people_said_is_told_in_lines_of_those_who_answered(drawn: list[tuple[int, int, int | None]]) -> None:
    """Each is whole lines of the other table, so that no difference of the two is 1 to 4 people."""
    counts = _counts(drawn)
    answered = {each.agency_id: each.answered for each in counts}
    lines = response_lines(counts)
    told = answer_lines(lines, counts)
    assert sum(answered[each] for line in told for each in line) == sum(answered.values())
    for line in told:
        assert len(told) == 1 or sum(answered[each] for each in line) >= 10
        within = [each for each in lines if each.answered and set(each.agency_ids) & set(line)]
        assert {agency for each in within for agency in each.agency_ids} == set(line)


@given(AGENCIES)
def test_a_sheet_keeps_its_agency_only_where_that_has_a_line_of_its_own(
    drawn: list[tuple[int, int, int | None]],
) -> None:
    counts = _counts(drawn)
    told = answer_lines(response_lines(counts), counts)
    kept = stamps(told, counts)
    by_id = {each.agency_id: each for each in counts}
    sizes: dict[tuple[int | None, int | None], int] = {}
    for agency_id, stamp in kept.items():
        assert stamp[0] in (None, agency_id)
        assert (stamp[0] is not None) == ((agency_id,) in told)
        assert stamp[1] in (None, by_id[agency_id].sector_id)
        sizes[stamp] = sizes.get(stamp, 0) + by_id[agency_id].answered
    assert len(sizes) <= 1 or all(size >= 10 for size in sizes.values())


def test_six_of_one_school_are_never_told_alone() -> None:
    school, police, health = AgencyCount(1, 1, 6, 6), AgencyCount(2, 1, 30, 200), AgencyCount(3, 2, 12, None)
    lines = response_lines([school, police, health])
    assert [(each.agency_ids, each.answered, each.staff) for each in lines] == [((1, 2), 36, 206), ((3,), 12, None)]
    assert answer_lines(lines, [school, police, health]) == [(1, 2), (3,)]


def test_more_answers_than_people_is_a_number_that_is_not_known() -> None:
    assert not AgencyCount(1, 1, 12, 11).is_known
    assert AgencyCount(1, 1, 12, 12).is_known


@pytest.mark.parametrize("staff", [None, 0, -3, 100_001])
def test_a_workforce_is_a_whole_number_of_people(staff: int | None) -> None:
    with pytest.raises(Invalid):
        check_staff(staff, is_let_out=False)


def test_a_workforce_stays_once_results_are_out() -> None:
    assert check_staff(12, is_let_out=False) == 12
    with pytest.raises(Conflict):
        check_staff(12, is_let_out=True)
