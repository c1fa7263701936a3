"""Somebody who reads who is up to date with a level and each of its courses, agency by agency, finds nobody."""

import random
from dataclasses import dataclass

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from courses.records.compliance import figures
from courses.records.compliance.figures import ALL, What, level_told
from lms.kit.telling.shares import Share
from tests.reads_shares import ALL as EVERYBODY
from tests.reads_shares import ReadsShares

LEVEL = "2"


@dataclass(frozen=True)
class Counted:
    """By agency, of each person the courses with which they are up to date."""

    people: dict[int, list[frozenset[int]]]

    @property
    def agencies(self) -> dict[int, str]:
        return {each: f"Agency {each}" for each in self.people}

    def share(self, agency_id: int, what: What) -> Share:
        those = self.people[agency_id]
        return Share(len(those), sum(bool(each) if what == LEVEL else what in each for each in those))


def a_level(seed: int, courses: int) -> Counted:
    """Agencies of very different sizes, in which few or many are up to date."""
    make = random.Random(seed)
    share = make.random()
    return Counted(
        {
            agency: [
                frozenset(course for course in range(courses) if make.random() < share / courses)
                for _ in range(int(60 * make.random() ** 2) + 1)
            ]
            for agency in range(make.randrange(1, 9))
        }
    )


def finds(counted: Counted, courses: int) -> list[object]:
    whats: tuple[What, ...] = (*range(courses), LEVEL)
    told = level_told(counted, LEVEL, whats[:-1])
    reads = ReadsShares({(what, each): _numbers(counted, each, what) for what in whats for each in counted.people})
    reads.are_one_of(LEVEL, whats[:-1])
    for what in whats:
        reads.read(what, [EVERYBODY], told.shares[what, ALL].shown)
        for line in told.lines[what]:
            reads.read(what, line, told.shares[what, line].shown)
    return list(reads.finds())


def _numbers(counted: Counted, agency_id: int, what: What) -> tuple[int, int]:
    share = counted.share(agency_id, what)
    return share.of, share.valid


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 10**6), st.integers(1, 4))
def test_nobody_finds_who_is_up_to_date_with_one_or_with_two(seed: int, courses: int) -> None:
    assert finds(a_level(seed, courses), courses) == []


def test_somebody_finds_who_is_so_with_two_of_two_where_nothing_hides_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """51 of one and 63 of the other, 110 of either: four of both."""
    monkeypatch.setattr(figures, "_again", lambda *_: None)
    assert any(finds(a_level(seed, 2), 2) for seed in range(40))
