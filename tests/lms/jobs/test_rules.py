"""When jobs are due, across downtime and clock changes."""

from datetime import UTC, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms.jobs.rules import is_due, is_from_a_rehearsal, latest_due, next_due
from lms.kit.working_days import london


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("now", "at", "due"),
    [
        ("2026-03-16 09:52", time(6), "2026-03-16 06:00"),
        ("2026-03-16 05:59", time(6), "2026-03-15 06:00"),
        ("2026-03-16 06:00", time(6), "2026-03-16 06:00"),
        ("2026-07-01 05:00", time(6), "2026-07-01 05:00"),  # 06:00 in summer
        ("2026-07-01 04:59", time(6), "2026-06-30 05:00"),
        ("2026-06-30 23:30", time(0, 15), "2026-06-30 23:15"),  # already the next day in London
        ("2026-03-29 12:00", time(1, 30), "2026-03-29 01:30"),  # skipped: shown as 02:30
        ("2026-10-25 12:00", time(1, 30), "2026-10-25 00:30"),  # passed twice: the first
        ("2026-10-25 01:45", time(1, 30), "2026-10-25 00:30"),
    ],
)
def test_a_daily_job_is_due_at_its_london_time(now: str, at: time, due: str) -> None:
    assert latest_due(utc(now), daily_at=at) == utc(due)


def test_a_frequent_job_is_due_at_round_moments_that_all_workers_agree_on() -> None:
    assert latest_due(utc("2026-03-16 09:52"), every=timedelta(minutes=5)) == utc("2026-03-16 09:50")
    assert next_due(utc("2026-03-16 09:50"), every=timedelta(minutes=5)) == utc("2026-03-16 09:55")


moments = st.datetimes(datetime(2024, 1, 1), datetime(2028, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001


@given(now=moments, at=st.times())
def test_the_latest_moment_is_never_ahead_nor_two_days_old_and_the_next_is_ahead(now: datetime, at: time) -> None:
    due = latest_due(now, daily_at=at)
    assert now - timedelta(hours=25) <= due <= now < next_due(now, daily_at=at)


@given(start=moments, at=st.times(), steps=st.lists(st.integers(1, 50_000), max_size=40))
def test_each_day_is_carried_out_once_however_often_it_is_looked_at(
    start: datetime, at: time, steps: list[int]
) -> None:
    done_until, now, done = start, start, []
    for step in steps:
        now += timedelta(seconds=step)
        due = latest_due(now, daily_at=at)
        if is_due(due, done_until=done_until, failed_at=None, now=now):
            done.append(london(due).date())
            done_until = due
    assert len(done) == len(set(done))
    assert all(due > start for due in [done_until] if done)


def test_after_a_failure_there_are_ten_minutes_of_peace() -> None:
    now = utc("2026-03-16 06:05")
    due, failed_at = utc("2026-03-16 06:00"), utc("2026-03-16 06:00")
    assert not is_due(due, done_until=utc("2026-03-15 06:00"), failed_at=failed_at, now=now)
    assert is_due(due, done_until=utc("2026-03-15 06:00"), failed_at=failed_at, now=now + timedelta(minutes=5))


def test_a_moment_far_ahead_was_a_rehearsal() -> None:
    now = utc("2026-03-16 06:05")
    assert is_from_a_rehearsal(now + timedelta(days=3), now)
    assert not is_from_a_rehearsal(now + timedelta(minutes=1), now)
