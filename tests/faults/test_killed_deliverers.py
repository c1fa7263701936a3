"""A deliverer is killed a hundred times with a letter in hand: nothing is lost, and at most one goes twice."""

import multiprocessing
import os
import random
import signal
import time
from collections import Counter

import pytest
import sqlalchemy as sa
from sqlalchemy.engine import Engine

from lms.frame.db import writing
from lms.mail.models import OutboxLetter
from lms.mail.rules import LetterState
from tests.lms.mail.conftest import Post, letter

KILLS = 100
LETTERS = 1500


def _deliver_for_ever(post: Post) -> None:
    while True:
        post.deliver()
        time.sleep(0.001)


@pytest.mark.parametrize("database_url", ["sqlite", "postgresql"], indirect=True)
def test_a_hundred_kills(post: Post, engine: Engine) -> None:
    chance = random.Random(11)
    post.put(*(letter(number, to=f"person{number}@rvch.example") for number in range(LETTERS)))
    for _ in range(KILLS):
        post.dispose()
        engine.dispose()
        before = len(post.server.taken)
        process = multiprocessing.get_context("fork").Process(target=_deliver_for_ever, args=(post,))
        process.start()
        assert process.pid is not None
        until = time.monotonic() + 30
        while len(post.server.taken) < before + 3 and time.monotonic() < until:
            time.sleep(0.0005)
        time.sleep(chance.random() * 0.02)
        os.kill(process.pid, signal.SIGKILL)
        process.join(30)
    while post.deliver():
        pass
    arrived = Counter(message["Message-ID"] for message in post.server.taken)
    with writing(engine) as session:
        states = Counter(session.scalars(sa.select(OutboxLetter.state)).all())
        unclear = session.scalar(sa.select(sa.func.count()).where(OutboxLetter.may_have_gone_at.is_not(None))) or 0
    twice = [name for name, number in arrived.items() if number > 1]
    said = f"{KILLS} kills: {len(arrived)} of {LETTERS} arrived, {len(twice)} twice, {unclear} for a person to decide"
    print(said)  # noqa: T201
    assert len(arrived) == LETTERS, "nothing is lost"
    assert len(twice) <= 1
    assert states == Counter({LetterState.SENT: LETTERS - unclear, LetterState.GIVEN_UP: unclear})
