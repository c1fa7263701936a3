"""Where one may be led, how long codes and sessions last, who needs a second factor."""

from datetime import datetime, timedelta

import pytest

from lms.frame.access import Role
from lms.signin.rules import (
    code_works,
    local_path,
    needs_second_factor,
    plain_code,
    plain_identifier,
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
