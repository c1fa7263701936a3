"""How long a session lasts, and what a browser is called."""

from datetime import timedelta

import pytest

from lms.sessions.rules import device_words, is_fresh, session_is_over
from tests.moments import NOW


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


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ("Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:143.0) Gecko/20100101 Firefox/143.0", "Firefox on Windows"),
        (
            "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 "
            "Safari/537.36 Edg/140.0.0.0",
            "Edge on Windows",
        ),
        (
            "Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) "
            "Version/18.6 Mobile/15E148 Safari/604.1",
            "Safari on an iPhone",
        ),
        (
            "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Mobile "
            "Safari/537.36",
            "Chrome on Android",
        ),
        (
            "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.6 "
            "Safari/605.1.15",
            "Safari on a Mac",
        ),
        ("curl/8.15.0", "A browser"),
        ("", "A browser"),
        ("<script>alert(1)</script>", "A browser"),
    ],
)
def test_a_browser_is_called_what_its_owner_would_call_it(said: str, words: str) -> None:
    assert device_words(said) == words
