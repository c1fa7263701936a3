"""Tries are counted in one store that every process shares, whatever becomes of the request that tried."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask
from limits import parse
from sqlalchemy.engine import Engine
from sqlalchemy.orm import Session

from lms.frame.db import begin_reading, make_engine
from lms.frame.network import network_address
from lms.frame.settings import Settings
from lms.frame.work import Work
from lms.hosting.app import create_app
from lms.limits.limiter import limiter
from lms.limits.services import count, forget, hit, is_spent, sweep
from lms.limits.store import COUNTS, Store
from tests.built_in import BUILT_IN
from tests.conftest import Clock
from tests.make import Make
from tests.moments import NOW

HOUR = timedelta(hours=1)
WRONG = parse("300 per hour").key_for("127.0.0.1", "wrong links")


def test_so_many_tries_are_within_the_limit_and_the_next_is_not(work: Work) -> None:
    answers = [hit(work, "register", "wren@home.example", most=3, per=HOUR) for _ in range(5)]
    assert answers == [True, True, True, False, False]
    assert hit(work, "register", "else@home.example", most=3, per=HOUR)
    assert hit(work, "verify", "wren@home.example", most=3, per=HOUR)
    assert count(work, "register", "wren@home.example") == 5


def test_the_first_try_begins_a_window_and_the_count_ends_with_it(work: Work) -> None:
    assert hit(work, "register", 7, most=1, per=HOUR)
    work.now += HOUR - timedelta(seconds=1)
    assert not hit(work, "register", 7, most=1, per=HOUR)
    assert is_spent(work, "register", 7, most=1)
    work.now += timedelta(seconds=1)
    assert not is_spent(work, "register", 7, most=1)
    assert hit(work, "register", 7, most=1, per=HOUR)


def test_a_count_stands_although_the_request_is_undone_and_while_it_only_reads(
    work: Work, database_url: str, make: Make
) -> None:
    make.person()
    assert hit(work, "register", "a", most=9, per=HOUR)
    work.session.rollback()
    begin_reading(work.session)
    assert work.session.scalar(sa.text("SELECT count(*) FROM person")) == 0
    assert hit(work, "register", "a", most=9, per=HOUR)
    other = Session(make_engine(database_url))
    assert count(Work(other, work.actor, work.now, work.site), "register", "a") == 2
    other.close()
    other.get_bind().engine.dispose()


def test_counting_does_not_wait_for_whoever_writes_the_database(work: Work, engine: Engine) -> None:
    with engine.begin() as writer:
        writer.execute(sa.text("UPDATE person SET name = name"))
        assert hit(work, "register", "a", most=9, per=HOUR)


def test_many_who_count_at_once_are_all_counted(engine: Engine) -> None:
    """Also those who find no table yet, and each makes it."""

    def tries(_: int) -> list[int]:
        return [Store(engine, "a key for tests, long enough").add("x", per=HOUR, now=NOW) for _ in range(10)]

    with ThreadPoolExecutor(6) as pool:
        seen = [number for each in pool.map(tries, range(6)) for number in each]
    assert sorted(seen) == list(range(1, 61))


def test_nothing_of_who_tried_can_be_read_from_the_store(work: Work, engine: Engine) -> None:
    hit(work, "register", "wren@home.example", most=3, per=HOUR)
    kept = Store(engine, "a key for tests, long enough")
    with kept._connected() as connection:
        rows = [tuple(row) for row in connection.execute(sa.select(COUNTS))]
    assert len(rows) == 1
    assert "wren" not in str(rows)
    assert Store(engine, "another key, as long as that").number("register\0wren@home.example", now=NOW) == 0
    assert kept.number("register\0wren@home.example", now=NOW) == 1


def test_what_has_ended_is_swept_and_one_count_can_be_forgotten(work: Work) -> None:
    hit(work, "short", "a", most=9, per=timedelta(minutes=1))
    hit(work, "long", "a", most=9, per=HOUR)
    hit(work, "long", "b", most=9, per=HOUR)
    forget(work, "long", "b")
    assert count(work, "long", "b") == 0
    work.now += timedelta(minutes=2)
    sweep(work)
    work.now = NOW
    assert (count(work, "short", "a"), count(work, "long", "a")) == (0, 1)


@pytest.mark.slow
def test_two_web_processes_share_what_pages_count(app: Flask, settings: Settings, make: Make, clock: Clock) -> None:
    """300 wrong links an hour for an address, half at each process: the next is refused at both."""
    make.commit()
    other = create_app(settings, BUILT_IN, clock=clock)
    other.config.update(TESTING=True)
    browsers = [app.test_client(), other.test_client()]
    for number in range(300):
        assert browsers[number % 2].get("/calendar/guessed.ics").status_code == 404
    assert [browser.get("/calendar/guessed.ics").status_code for browser in browsers] == [429, 429]
    clock.now += HOUR
    assert browsers[0].get("/calendar/guessed.ics").status_code == 404
    with app.app_context():
        assert limiter.storage.get(WRONG) == 1
    with other.app_context():
        other.extensions["sqlalchemy"].engine.dispose()


def test_the_file_beside_sqlite_belongs_to_its_owner_alone(work: Work, database_url: str) -> None:
    hit(work, "register", "a", most=9, per=HOUR)
    if database_url.startswith("sqlite"):
        path = Path(database_url.removeprefix("sqlite:///") + "-limits")
        assert oct(path.stat().st_mode & 0o777) == "0o600"


@pytest.mark.parametrize(
    ("address", "counted"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2::9", "2001:db8:1:2::/64"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("unix:", "unix:"),
    ],
)
def test_a_network_is_counted_not_each_of_its_many_addresses(app: Flask, address: str, counted: str) -> None:
    with app.test_request_context(environ_base={"REMOTE_ADDR": address}):
        assert network_address() == counted
