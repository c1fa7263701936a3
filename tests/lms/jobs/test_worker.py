"""The worker and the commands that do its rounds by hand."""

import json
import os
import signal
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from huey import Huey
from sqlalchemy.engine import Engine

from lms.commands.moments import read_moment
from lms.frame.db import writing
from lms.frame.settings import Settings
from lms.jobs import worker as worker_module
from lms.jobs.worker import AtOnce, _tasks_to_call, forget_queues, make_worker, open_queue, wake_mail
from lms.mail.letters import Letter
from lms.mail.models import OutboxLetter
from lms.mail.outbox import put_in_outbox
from lms.mail.rules import LetterState
from tests.conftest import Clock
from tests.forks import started
from tests.moments import NOW

WELCOME = Letter("signin.registration_refused", "welcome:1", {}, to_name="Amara", to_address="amara@rvch.example")


@pytest.fixture(autouse=True)
def _no_queue_is_kept(socket_enabled: None) -> Iterator[None]:
    forget_queues()
    yield
    forget_queues()


def put(engine: Engine, *letters: Letter) -> None:
    with writing(engine) as session:
        for letter in letters:
            put_in_outbox(session, letter, now=NOW)


def states(engine: Engine) -> list[LetterState]:
    with writing(engine) as session:
        return [row.state for row in session.query(OutboxLetter).order_by(OutboxLetter.id)]


def test_waking_leaves_one_task_however_often_and_the_worker_delivers(
    app: Flask, settings: Settings, engine: Engine
) -> None:
    put(engine, WELCOME)
    for _ in range(3):
        wake_mail(settings)
    kept, _ = _tasks_to_call(settings.database_url, settings.instance)
    kept.storage.close()
    worker = make_worker(app, 1)
    assert worker.huey.pending_count() == 1
    task = worker.huey.dequeue()
    assert task is not None
    worker.huey.execute(task)
    assert states(engine) == [LetterState.SENT]
    worker.huey.storage.close()


def test_a_request_never_fails_because_the_worker_cannot_be_told(
    settings: Settings, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    wake_mail(replace(settings, database_url="sqlite:///x", instance=tmp_path / "nowhere"))
    assert "could not be told" in caplog.text


def test_each_minute_jobs_run_and_mail_goes(app: Flask, engine: Engine) -> None:
    put(engine, WELCOME)
    worker = make_worker(app, 1)
    for periodic in worker.huey._registry.periodic_tasks:
        worker.huey.execute(periodic)
    assert states(engine) == [LetterState.SENT]
    worker.huey.storage.close()


def test_a_job_and_a_receiver_that_never_end_do_not_hold_up_mail(
    app: Flask, settings: Settings, engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    let_go = threading.Event()

    def never_ends(*_: object, **__: object) -> list[None]:
        let_go.wait(30)
        return []

    monkeypatch.setattr(worker_module, "run_due", never_ends)
    monkeypatch.setattr(worker_module, "deliver_facts", never_ends)
    worker = make_worker(app, 1)
    threads = [threading.Thread(target=_work_off, args=(worker.huey, let_go)) for _ in range(worker.workers)]
    for thread in threads:
        thread.start()
    try:
        for periodic in worker.huey._registry.periodic_tasks * 3:
            worker.huey.enqueue(periodic)
        put(engine, WELCOME)
        wake_mail(settings)
        for _ in range(200):
            if states(engine) == [LetterState.SENT]:
                break
            let_go.wait(0.1)
        assert states(engine) == [LetterState.SENT]
    finally:
        let_go.set()
        for thread in threads:
            thread.join()
        worker.huey.storage.close()
        _tasks_to_call(settings.database_url, settings.instance)[0].storage.close()


def _work_off(queue: Huey, let_go: threading.Event) -> None:
    """What one of the worker's threads does, until it is let go."""
    while not let_go.is_set():
        task = queue.dequeue()
        if task is None:
            let_go.wait(0.05)
        else:
            queue.execute(task)
    listening = getattr(getattr(queue.storage, "_listen_local", None), "conn", None)
    if listening is not None:
        listening.close()


def test_whoever_asks_while_work_is_done_has_it_done_once_more() -> None:
    done: list[int] = []

    def work() -> None:
        done.append(len(done))
        if len(done) == 1:
            at_once()
            at_once()

    at_once = AtOnce(work)
    at_once()
    assert done == [0, 1]


def test_work_that_fails_frees_its_place() -> None:
    def fails() -> None:
        raise ValueError("broken")

    at_once = AtOnce(fails)
    for _ in range(3):
        with pytest.raises(ValueError, match="broken"):
            at_once()


def test_the_queue_is_beside_the_database(settings: Settings) -> None:
    queue = open_queue(settings.database_url, settings.instance)
    assert queue.pending_count() == 0
    queue.storage.close()
    assert (settings.instance / "queue.sqlite3").exists() is settings.database_url.startswith("sqlite")


def test_a_round_by_hand_prints_what_it_did(app: Flask, engine: Engine, clock: Clock) -> None:
    put(engine, WELCOME)
    said = app.test_cli_runner().invoke(args=["jobs", "run-due"])
    assert said.exit_code == 0, said.output
    assert said.output.splitlines()[-1] == "Jobs: 0 done, 0 failed. Mail: 1 sent."
    said = app.test_cli_runner().invoke(args=["jobs", "run-due", "--at", "2026-03-18T12:00"])
    assert said.exit_code == 0, said.output
    assert "tables.forget_uploads: done (due Wed 18 Mar 2026 03:30)" in said.output
    assert "last Wed 18 Mar 2026" in app.test_cli_runner().invoke(args=["jobs", "list"]).output


def test_a_later_moment_is_rehearsed_in_a_demonstration_or_when_meant(app: Flask) -> None:
    app.testing = False
    refused = app.test_cli_runner().invoke(args=["jobs", "run-due", "--at", "2026-03-18T12:00"])
    assert refused.exit_code == 1
    assert "--really" in refused.output
    assert app.test_cli_runner().invoke(args=["jobs", "run-due", "--at", "2026-03-18T12:00", "--really"]).exit_code == 0
    wrong = app.test_cli_runner().invoke(args=["jobs", "run-due", "--really", "--at", "noon"])
    assert wrong.exit_code == 2
    assert "Enter 2026-04-01T06:00" in wrong.output


def test_a_moment_is_london_time_unless_it_says_otherwise() -> None:
    assert read_moment("2026-07-01T06:00", "--at").isoformat() == "2026-07-01T05:00:00+00:00"
    assert read_moment("2026-07-01", "--at").hour == 23
    assert read_moment("2026-07-01T06:00Z", "--at") == read_moment("2026-07-01T07:00", "--at")


def test_the_outbox_is_listed_with_subjects_before_it_goes_and_delivered(app: Flask, engine: Engine) -> None:
    run = app.test_cli_runner()
    assert json.loads(run.invoke(args=["mail", "list", "--format", "json"]).output) == []
    put(engine, WELCOME, replace(WELCOME, key="later", due_at=NOW + timedelta(days=1)))
    listed = json.loads(run.invoke(args=["mail", "list", "--format", "json"]).output)
    assert [(each["kind"], each["address"], each["state"], each["tries"]) for each in listed] == [
        ("signin.registration_refused", "amara@rvch.example", "waiting", 0)
    ] * 2
    assert listed[0]["subject"]
    assert listed[0]["due_at"] == NOW.isoformat()
    assert run.invoke(args=["mail", "deliver"]).output == "1 sent.\n"
    text = run.invoke(args=["mail", "list"]).output
    assert text.count("Amara <amara@rvch.example>") == 2
    assert "sent" in text


def test_a_letter_that_waits_for_days_fails_the_check(app: Flask, engine: Engine, clock: Clock) -> None:
    put(engine, WELCOME)
    clock.now = NOW + timedelta(days=2)
    broken = app.test_cli_runner().invoke(args=["check"])
    assert broken.exit_code == 2
    assert "BROKEN  mail.stuck" in broken.output
    assert "signin.registration_refused to amara@rvch.example" in broken.output


@pytest.mark.slow
@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM])
def test_the_worker_stops_cleanly_when_told(settings: Settings, tmp_path: Path, how: signal.Signals) -> None:
    environ = {
        **{name: value for name, value in os.environ.items() if not name.startswith("LMS_")},
        "LMS_INSTANCE": str(tmp_path),
        "LMS_SECRET_KEY": settings.secret_key,
        "LMS_DATABASE_URL": settings.database_url,
        "LMS_MAIL_URL": settings.mail_url,
        "PYTHONUNBUFFERED": "1",
    }
    process = started(["worker"], tmp_path, environ)
    until = time.monotonic() + 60
    while "has started" not in process.words and time.monotonic() < until:
        time.sleep(0.05)
    assert "has started" in process.words
    time.sleep(1)
    os.kill(process.id, how)
    assert process.wait() == 0
    assert process.words.endswith("The worker has stopped.\n")
    assert "Traceback" not in process.words
