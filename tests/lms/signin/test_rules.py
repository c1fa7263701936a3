"""Where one may be led, how long codes and sessions last, who needs a second factor."""

from datetime import datetime, timedelta

import pytest

from lms.frame.access import Role
from lms.signin.rules import (
    code_works,
    is_fresh,
    local_path,
    needs_second_factor,
    plain_code,
    plain_identifier,
    session_is_over,
)
from tests.moments import NOW


@pytest.mark.parametrize("path", ["/", "/my", "/courses?month=2026-04&level=3", "/courses/SB1#dates"])
def test_a_path_here_is_kept(path: str) -> None:
    assert local_path(path) == path


@pytest.mark.parametrize(
    "path",
    [
        "",
        "my",
        "https://evil.example/",
        "//evil.example/",
        "///evil.example/",
        "/\\evil.example/",
        "\\\\evil.example",
        "/\t/evil.example",
        "/\n/evil.example",
        " //evil.example",
        "javascript:alert(1)",
        "http:evil.example",
        "/my\r\nSet-Cookie: a=b",
    ],
)
def test_another_sites_address_is_nothing(path: str) -> None:
    assert local_path(path) == ""


def test_what_people_put_between_digits_does_not_matter() -> None:
    assert plain_code(" 123 456 ") == plain_code("123-456") == "123456"
    assert plain_identifier(" Amara@RVCH.example ") == "amara@rvch.example"


@pytest.mark.parametrize(
    ("age", "wrong_tries", "used_at", "works"),
    [
        (timedelta(minutes=9, seconds=59), 4, None, True),
        (timedelta(minutes=10), 0, None, False),
        (timedelta(0), 5, None, False),
        (timedelta(0), 0, NOW, False),
    ],
)
def test_a_code_lasts_ten_minutes_five_tries_and_one_use(
    age: timedelta, wrong_tries: int, used_at: datetime | None, works: bool
) -> None:
    assert code_works(made_at=NOW - age, wrong_tries=wrong_tries, used_at=used_at, now=NOW) is works


@pytest.mark.parametrize("role", [Role.COORDINATOR, Role.BUSINESS_MANAGER, Role.REVIEW_OFFICER, Role.FINANCE])
def test_those_who_hold_much_need_a_second_factor(role: Role) -> None:
    assert needs_second_factor(frozenset({role}), has_one=False)


def test_a_delegate_needs_a_second_factor_only_once_they_have_one() -> None:
    assert not needs_second_factor(frozenset({Role.DELEGATE}), has_one=False)
    assert needs_second_factor(frozenset({Role.DELEGATE}), has_one=True)


@pytest.mark.parametrize(
    ("began", "idle", "holds_much", "is_over"),
    [
        (timedelta(hours=7), timedelta(hours=7, minutes=59), False, False),
        (timedelta(hours=8), timedelta(hours=8), False, True),
        (timedelta(hours=3), timedelta(hours=1, minutes=59), True, False),
        (timedelta(hours=3), timedelta(hours=2), True, True),
        (timedelta(hours=12), timedelta(0), False, True),
    ],
)
def test_a_session_ends_when_nobody_is_there_or_after_a_working_day(
    began: timedelta, idle: timedelta, holds_much: bool, is_over: bool
) -> None:
    assert session_is_over(began_at=NOW - began, seen_at=NOW - idle, holds_much=holds_much, now=NOW) is is_over


def test_only_a_session_of_the_last_half_hour_is_fresh() -> None:
    assert is_fresh(NOW - timedelta(minutes=29), NOW)
    assert not is_fresh(NOW - timedelta(minutes=30), NOW)
