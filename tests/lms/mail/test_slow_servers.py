"""A mail server that hangs or drips has one deadline for a letter, whatever the step; the next letter goes."""

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy.engine import Engine

from lms.frame.settings import Settings
from lms.mail import transport
from lms.mail.rules import LetterState
from tests.application import lent
from tests.conftest import Clock
from tests.lms.mail.conftest import Post, Server, know_test_letters, letter
from tests.lms.slow_server import How, SlowServer, listening, talk_smtp
from tests.moments import NOW

pytestmark = pytest.mark.slow

SENT, WAITING, GIVEN_UP = LetterState.SENT, LetterState.WAITING, LetterState.GIVEN_UP
Slow = Callable[[str, How], object]


@pytest.fixture
def slow(
    settings: Settings, engine: Engine, clock: Clock, socket_enabled: None, monkeypatch: pytest.MonkeyPatch
) -> Slow:
    monkeypatch.setattr(transport, "LETTER_SECONDS", 1)
    monkeypatch.setattr(transport, "GOODBYE_SECONDS", 0.2)

    @contextmanager
    def posting(step: str, how: How) -> Iterator[tuple[Post, SlowServer]]:
        with listening(SlowServer(step, how), talk_smtp) as server:
            there = replace(settings, mail_url=f"smtp://127.0.0.1:{server.port}")
            with lent(there, clock, know_test_letters) as app:
                yield Post(app, engine, clock, Server()), server

    return posting


@pytest.mark.parametrize("how", How)
@pytest.mark.parametrize("step", ["rcpt", "data", "dot"])
def test_one_letter_over_which_the_server_never_ends_does_not_keep_the_next(slow: Slow, step: str, how: How) -> None:
    with slow(step, how) as (post, server):  # type: ignore[attr-defined]
        bad, honest = post.put(letter(1, to="bad@rvch.example"), letter(2))
        had_all = step == "dot"
        assert post.deliver() == Counter({GIVEN_UP if had_all else WAITING: 1, SENT: 1})
        assert post.row(bad).last_error == "The mail server took longer than 1 seconds over it."
        assert post.row(bad).retry_at == (None if had_all else NOW + timedelta(minutes=1))
        assert post.row(bad).may_have_gone_at == (NOW if had_all else None)
        assert post.row(honest).state is SENT
        assert server.taken == ["amara@rvch.example"]


@pytest.mark.parametrize("how", How)
@pytest.mark.parametrize("step", ["banner", "ehlo"])
def test_a_server_that_never_begins_costs_one_try_a_round(slow: Slow, step: str, how: How) -> None:
    with slow(step, how) as (post, _):  # type: ignore[attr-defined]
        first, second = post.put(letter(1), letter(2))
        assert post.deliver() == Counter({WAITING: 1})
        assert post.row(first).last_error
        assert (post.row(second).state, post.row(second).tries) == (WAITING, 0)


def test_a_server_that_is_slow_with_everybody_is_left_alone_after_two(slow: Slow) -> None:
    with slow("mail", How.DRIPS) as (post, _):  # type: ignore[attr-defined]
        post.put(*(letter(number) for number in range(5)))
        assert post.deliver() == Counter({WAITING: 2})


def test_a_server_that_does_not_say_goodbye_keeps_nobody(slow: Slow) -> None:
    with slow("quit", How.CHATTERS) as (post, server):  # type: ignore[attr-defined]
        post.put(letter(1))
        assert post.deliver() == Counter({SENT: 1})
        assert "QUIT" in [each.upper() for each in server.heard]
