"""A round of jobs: each due moment once, failures seen, the others not stopped."""

import threading
import time as clocks
from collections.abc import Callable
from datetime import time, timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy.engine import Engine

from lms.frame.db import writing
from lms.frame.plugins import Job, Portion
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


def numbers_of(engine: Engine) -> list[str]:
    with writing(engine) as session:
        return list(session.scalars(sa.select(OutboxLetter.key).order_by(OutboxLetter.key)))


def portion(key: str, does: Callable[[], bool | None] = lambda: None) -> Portion:
    """Sends a letter, and then does something."""

    def run(work: Work) -> bool | None:
        work.send(Letter("test.hello", key, {}, to_address="a@rvch.example"))
        return does()

    return run


def fails() -> None:
    raise LookupError("no such course")


def test_a_portion_that_fails_is_undone_and_told_and_the_others_are_saved(engine: Engine) -> None:
    sweep = job(lambda _work: [portion("one"), portion("two", fails), portion("three"), portion("four", fails)])
    meet_jobs(engine, [sweep], NOW)
    [run] = round_at(engine, sweep, now=NOW + DAY)
    assert run.error == "LookupError: no such course; and 1 more part failed"
    assert run.has_letters
    assert numbers_of(engine) == ["one", "three"]
    assert round_at(engine, sweep, now=NOW + DAY + timedelta(minutes=1)) == []
    [again] = round_at(engine, sweep, now=NOW + DAY + timedelta(minutes=11))
    assert again.error


def test_a_portion_with_more_to_do_is_called_again_and_each_time_saved(engine: Engine) -> None:
    left = [3]

    def some(work: Work) -> bool:
        work.send(Letter("test.hello", f"{left[0]}", {}, to_address="a@rvch.example"))
        if engine.dialect.name == "postgresql":  # where another connection may look while this one writes
            assert len(numbers_of(engine)) == 3 - left[0]
        left[0] -= 1
        return left[0] > 0

    sweep = job(lambda _work: [some])
    meet_jobs(engine, [sweep], NOW)
    assert [run.error for run in round_at(engine, sweep, now=NOW + DAY)] == [""]
    assert numbers_of(engine) == ["1", "2", "3"]
    assert round_at(engine, sweep, now=NOW + DAY) == []


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_between_portions_another_worker_may_take_over_and_nothing_is_done_twice(engine: Engine) -> None:
    """A second worker comes between the plan and the first portion of this one, does it all, and is left to it."""
    done: list[str] = []
    first = job(lambda _work: [lambda _work: done.append("first"), lambda _work: done.append("first again")])
    other = job(lambda _work: [lambda _work: done.append("other"), lambda _work: done.append("other again")])
    meet_jobs(engine, [first], NOW)
    begun: list[object] = []

    def let_another_in(connection: object) -> None:
        begun.append(connection)
        if len(begun) == 2:
            assert [run.error for run in round_at(engine, other, now=NOW + DAY)] == [""]

    sa.event.listen(engine, "begin", let_another_in)
    assert round_at(engine, first, now=NOW + DAY) == []
    assert done == ["other", "other again"]
