"""A round of jobs: each due moment once, failures seen, the others not stopped."""

import threading
import time as clocks
from collections.abc import Callable
from datetime import time, timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy.engine import Engine

from lms.frame.db import writing
from lms.frame.plugins import Job
from lms.frame.work import Work
from lms.jobs.models import JobState
from lms.jobs.queries import job_rows
from lms.jobs.services import JobRun, meet_jobs, run_due
from lms.mail.letters import Letter
from lms.mail.models import OutboxLetter
from tests.databases import NoSite
from tests.moments import NOW

DAY = timedelta(days=1)


def job(run: Callable[[Work], None], name: str = "test.sweep") -> Job:
    return Job(name, "sweeps", run, daily_at=time(6))


def round_at(engine: Engine, *jobs: Job, now: object = NOW) -> list[JobRun]:
    return run_due(engine, NoSite(), jobs, now)  # type: ignore[arg-type]


def test_a_new_job_starts_with_its_next_moment_and_then_runs_once_a_day(engine: Engine) -> None:
    seen: list[object] = []
    sweep = job(lambda work: seen.append((work.now, work.actor.name)))
    meet_jobs(engine, [sweep], NOW)
    assert round_at(engine, sweep) == []
    tomorrow = NOW + DAY
    assert [run.name for run in round_at(engine, sweep, now=tomorrow)] == ["test.sweep"]
    assert round_at(engine, sweep, now=tomorrow + timedelta(minutes=1)) == []
    assert seen == [(tomorrow, "test.sweep")]


def test_after_a_week_of_downtime_a_daily_sweep_catches_up_once(engine: Engine) -> None:
    seen: list[object] = []
    sweep = job(lambda work: seen.append(work.now))
    meet_jobs(engine, [sweep], NOW)
    for minute in range(3):
        round_at(engine, sweep, now=NOW + 7 * DAY + timedelta(minutes=minute))
    assert seen == [NOW + 7 * DAY]


def test_a_job_that_fails_is_undone_and_seen_and_the_others_go_on(engine: Engine) -> None:
    seen: list[object] = []

    def fails(work: Work) -> None:
        work.send(Letter("test.hello", "hello:1", {}, to_address="a@rvch.example"))
        raise LookupError("no such course")

    broken, sweep = job(fails, "test.broken"), job(lambda work: seen.append(work.now))
    meet_jobs(engine, [broken, sweep], NOW)
    runs = round_at(engine, broken, sweep, now=NOW + DAY)
    assert [run.error for run in runs] == ["LookupError: no such course", ""]
    with writing(engine) as session:
        assert session.scalar(sa.select(sa.func.count()).select_from(OutboxLetter)) == 0
        row = job_rows(session, [broken], NOW + DAY)[0]
    assert row.last_error == "LookupError: no such course"
    assert round_at(engine, broken, now=NOW + DAY + timedelta(minutes=9)) == []
    mended = job(lambda work: seen.append("mended"), "test.broken")
    assert round_at(engine, mended, now=NOW + DAY + timedelta(minutes=10))[0].error == ""
    with writing(engine) as session:
        assert session.get_one(JobState, "test.broken").last_error == ""


def test_two_workers_never_carry_out_the_same_moment(engine: Engine) -> None:
    seen: list[object] = []

    def slow(work: Work) -> None:
        seen.append(work.now)
        clocks.sleep(0.2)

    sweep = job(slow)
    meet_jobs(engine, [sweep], NOW)
    threads = [threading.Thread(target=round_at, args=(engine, sweep), kwargs={"now": NOW + DAY}) for _ in range(5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert seen == [NOW + DAY]


def test_jobs_are_met_once_whoever_is_first(engine: Engine) -> None:
    sweep = job(lambda work: None)
    threads = [threading.Thread(target=meet_jobs, args=(engine, [sweep], NOW + n * DAY)) for n in range(5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with writing(engine) as session:
        assert session.scalar(sa.select(sa.func.count()).select_from(JobState)) == 1


def test_after_a_rehearsal_of_a_later_moment_time_goes_on_as_before(engine: Engine) -> None:
    seen: list[object] = []
    sweep = job(lambda work: seen.append(work.now))
    meet_jobs(engine, [sweep], NOW)
    for now in (NOW + 30 * DAY, NOW, NOW + DAY):
        round_at(engine, sweep, now=now)
    assert seen == [NOW + 30 * DAY, NOW + DAY]


@pytest.mark.parametrize(("later", "overdue"), [(2 * DAY, False), (3 * DAY, True)])
def test_a_job_that_stopped_running_is_overdue(engine: Engine, later: timedelta, overdue: bool) -> None:
    sweep = job(lambda work: None)
    meet_jobs(engine, [sweep], NOW)
    with writing(engine) as session:
        assert not job_rows(session, [sweep], NOW + 9 * DAY)[0].is_overdue, "it never ran"
    round_at(engine, sweep, now=NOW + DAY)
    with writing(engine) as session:
        assert job_rows(session, [sweep], NOW + DAY + later)[0].is_overdue is overdue
