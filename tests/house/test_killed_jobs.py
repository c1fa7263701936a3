"""A job that is killed when it is about to save, at whatever portion, and run again ends as if nothing had been."""

import re
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.engine import Engine
from sqlalchemy.orm import Session

from briefings.cascade.models import Cascade
from courses.programme.courses.models import Course
from courses.programme.events.models import Event
from courses.programme.events.rules import PlannedDay
from courses.programme.events.services import move_event
from courses.programme.wanted.models import SearchInVain
from lms.frame.db import Base, make_engine, writing
from lms.frame.plugins import Job
from lms.frame.settings import ROOT
from lms.frame.site import Site
from lms.frame.work import Work
from lms.jobs.services import meet_jobs, run_due
from lms.mail.models import OutboxLetter
from lms.mail.rules import LetterState
from reviews.cases.visibility.models import Embargo
from surveys.invitations.models import Invitation
from tests.everything import everything
from tests.house.world import World
from tests.moments import NOW
from tests.rows import Rows

DAYS = (8, 46)
"""After how many days jobs are run: by then everything has something to do that takes days or months."""
KILLED_MOST = 3
"""How often a job is killed each time: when it first saves, and at the first portions. The others are of their kind."""
NOTHING_HERE = {"limits.sweep", "monitoring.beat", "tables.send"}
"""Counts of tries are in a file of their own; tables go out only where the settings say where to, as whole files;
one is there only to have run."""
BY_CHANCE = {
    "audit_seal": {"words_digest", "salt", "hash"},
    "job_state": {"started_at", "finished_at"},
    "survey_practice_sheet": {"id"},
    "survey_practice_answer": {"sheet_id", "before", "on_the_day", "after"},
    "survey_sealed_sheet": {"id", "sealed"},
}
"""What is another each time, killed or not: of two sheets of one person, chance takes one."""


JOB = re.compile(r"`(\w+\.\w+)`(?=[^|\n]* \|[^|\n]*\|$)", re.MULTILINE)


class Killed(BaseException):
    """The process is gone: nothing that catches faults sees it."""


@contextmanager
def may_save(engine: Engine, times: int) -> Iterator[None]:
    """Whoever saves in this database once more than this is killed before it is done."""
    left = times

    def about_to_save(session: Session) -> None:
        nonlocal left
        if session.get_bind() is engine and not session.in_nested_transaction():
            if left == 0:
                raise Killed
            left -= 1

    event.listen(Session, "before_commit", about_to_save)
    try:
        yield
    finally:
        event.remove(Session, "before_commit", about_to_save)


def killed_and_killed(engine: Engine, site: Site, job: Job, now: datetime) -> None:
    """Killed at its first saving; then, once the first is saved, at its second, and on."""
    for saved in range(KILLED_MOST):
        try:
            with may_save(engine, saved):
                run_due(engine, site, [job], now)
        except Killed:
            continue
        return


def something_to_do(session: Session, site: Site) -> None:
    """For those jobs that the partnership of the house tests has nothing for."""
    letters_leave(session, NOW)
    rows = Rows(session)
    for name in ("api_answer", "sign_in_session", "unsent_answers"):
        rows.row(Base.metadata.tables[name])
    session.execute(
        sa.update(Course).where(Course.refresher_months.is_not(None)).values(refresher_months=6, changed_at=NOW)
    )
    session.execute(sa.update(Cascade).values(reminders=0, reminded_at=None))
    look_again_on = (NOW + timedelta(days=DAYS[0])).date()
    session.execute(sa.update(Embargo).values(look_again_on=look_again_on))
    session.add(SearchInVain(words="hoarding", on_day=NOW.date() - timedelta(days=90), times=1))
    asked = sa.select(Invitation.letter_id).where(Invitation.bounced_at.is_(None))
    came_back = sa.update(OutboxLetter).where(OutboxLetter.id.in_(asked))
    session.execute(came_back.values(state=LetterState.REFUSED, sent_at=None, last_error="550 5.1.1 not here"))
    work = Work(session, everything(site), NOW, site)
    moved = session.scalars(sa.select(Event).where(Event.ref == "HOUSE-2")).one()
    later = timedelta(days=30)
    days = [PlannedDay(each.starts_at + later, each.ends_at + later) for each in moved.days]
    move_event(work, moved.id, days, why="The trainer is ill", despite_clashes=True)


def left_behind(engine: Engine) -> dict[str, Counter[Any]]:
    """Every row of every table, without what chance decides."""
    found = {}
    with engine.connect() as connection:
        for table in Base.metadata.sorted_tables:
            columns = [each for each in table.columns if each.name not in BY_CHANCE.get(table.name, ())]
            rows = connection.execute(sa.select(*columns).order_by(None)) if columns else ()
            found[table.name] = Counter(map(repr, rows))
    return found


@pytest.mark.slow
def test_a_job_that_is_killed_anywhere_and_run_again_comes_out_the_same(sqlite_world: World, tmp_path: Path) -> None:
    site: Site = sqlite_world.app.extensions["lms"]
    whole, killed = (copied(sqlite_world.engine, tmp_path / name, site) for name in ("whole", "killed"))
    idle = {job.name for job in site.jobs} - NOTHING_HERE
    for day in DAYS:
        now = NOW + timedelta(days=day, hours=3)
        for job in site.jobs:
            with changes_of(whole) as changed:
                run_due(whole, site, [job], now)
            idle -= {job.name} if changed else set()
            killed_and_killed(killed, site, job, now)
            run_due(killed, site, [job], now)
        for each in (whole, killed):
            with writing(each) as session:
                letters_leave(session, now)
    assert idle == set(), "they had nothing to do, so nothing was shown of them"
    expected, found = left_behind(whole), left_behind(killed)
    assert {
        name: (found[name] - rows, rows - found[name]) for name, rows in expected.items() if found[name] != rows
    } == {}
    assert found["job_state"] == expected["job_state"], "each is done, and none says a fault"


def copied(engine: Engine, path: Path, site: Site) -> Engine:
    """The partnership in a file of its own, where jobs begin now, with something for each of them."""
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql("COMMIT")
        connection.exec_driver_sql(f"VACUUM INTO '{path}'")
        connection.exec_driver_sql("BEGIN")
    made = make_engine(f"sqlite:///{path}")
    with writing(made) as session:
        something_to_do(session, site)
    meet_jobs(made, site.jobs, NOW)
    return made


@contextmanager
def changes_of(engine: Engine) -> Iterator[list[str]]:
    """What is written into other tables than that of the jobs."""
    found: list[str] = []

    def written(_connection: Any, cursor: Any, statement: str, *_: Any) -> None:
        what = statement.lstrip()[:6].upper()
        if "job_state" not in statement and (what == "INSERT" or (what in ("UPDATE", "DELETE") and cursor.rowcount)):
            found.append(statement)

    event.listen(engine, "after_cursor_execute", written)
    try:
        yield found
    finally:
        event.remove(engine, "after_cursor_execute", written)


def letters_leave(session: Session, now: datetime) -> None:
    waiting = sa.update(OutboxLetter).where(OutboxLetter.state == LetterState.WAITING, OutboxLetter.due_at <= now)
    session.execute(waiting.values(state=LetterState.SENT, sent_at=now))


def test_the_documents_say_of_each_job_what_it_saves_at_once(sqlite_world: World) -> None:
    site: Site = sqlite_world.app.extensions["lms"]
    told = (ROOT / "docs" / "mail-and-jobs.md").read_text(encoding="utf-8")
    table = told[told.index("| job | saved at once |") :]
    assert sorted(JOB.findall(table)) == sorted(job.name for job in site.jobs)
