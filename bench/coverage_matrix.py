"""The matrix of coverage with 300 learning points by 60 courses: queries, size and time of an answer."""

import statistics
import sys
import tempfile
import time
from datetime import date, timedelta
from pathlib import Path

import sqlalchemy as sa
from flask import Flask

from courses.coverage.models import Coverage
from courses.coverage.rules import How
from courses.programme.courses.models import Course, CourseVersion
from courses.programme.courses.rules import CourseStatus
from courses.programme.events.models import Event, EventDay
from courses.programme.events.rules import EventState
from lms.agencies.models import Agency, Sector
from lms.frame.access import Role, program
from lms.frame.db import Base
from lms.frame.settings import Settings
from lms.frame.web import db
from lms.frame.work import Work
from lms.hosting.app import create_app, moment_now
from lms.partnership.services import found_partnership
from lms.people.accounts.models import Account
from lms.people.models import Person, RoleGrant
from lms.policies.services import approve_first_policy
from lms.sessions.models import SignInSession
from lms.sessions.rules import key_digest
from reviews.cases.models import Review, ReviewKind
from reviews.cases.rules import Publication, ReviewStage, ReviewType
from reviews.learning.models import LearningPoint
from reviews.themes.models import Theme
from tests.built_in import BUILT_IN

POINTS, COURSES_IN_ALL, REVIEWS_IN_ALL, THEMES, TIMES = 300, 60, 40, 12, 20
LIMIT_MS = 300


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        app = filled(Path(folder))
        browser = app.test_client()
        with browser.session_transaction() as kept:
            kept["_user_id"] = "bench"
        queries: list[str] = []
        with app.app_context():
            sa.event.listen(db.engine, "before_cursor_execute", lambda *args: queries.append(args[2]))
        size = len(browser.get("/learning/coverage").data)
        selects = sum(1 for each in queries if each.startswith("SELECT"))
        took = []
        for _ in range(TIMES):
            began = time.perf_counter()
            assert browser.get("/learning/coverage").status_code == 200
            took.append((time.perf_counter() - began) * 1000)
        median = statistics.median(took)
        print(f"{POINTS} points by {COURSES_IN_ALL} courses: {selects} queries with the layout's, {size / 1000:.0f} kB")
        print(f"median {median:.0f} ms, slowest {max(took):.0f} ms (limit {LIMIT_MS} ms)")
        sys.exit(median > LIMIT_MS)


def filled(folder: Path) -> Flask:
    """The application on a fresh SQLite file with the records to measure."""
    base = {"mail_url": f"file://{folder}/mailbox", "mail_from": "a@b.example", "base_url": "http://localhost"}
    settings = Settings("a key for measurements", f"sqlite:///{folder}/bench.sqlite3", **base, instance=folder)
    app = create_app(settings, BUILT_IN)
    with app.app_context():
        Base.metadata.create_all(db.engine)
        work = Work(session=db.session(), actor=program("bench"), now=moment_now(), site=app.extensions["lms"])
        found_partnership(work)
        approve_first_policy(work)
        _fill(work)
        db.session.commit()
    return app


def _fill(work: Work) -> None:
    now, today = work.now, work.now.date()
    agency = Agency(code="B", name="Bench", sector=Sector(name="Bench"))
    person = Person(ref="B", name="Odette Marlingford", email="b@bench.example", agency=agency, created_at=now)
    person.roles.append(RoleGrant(role=Role.CHAIR, granted_at=now))
    account = Account(person=person, email=person.email, username="B", created_at=now, fs_uniquifier="bench")
    themes = [Theme(name=f"Theme {n}") for n in range(THEMES)]
    reviews = [
        Review(
            ref=f"R{n}",
            title="A review",
            stage=ReviewStage.PUBLISHED,
            publication=Publication.FULL,
            created_at=now,
            kinds=[ReviewKind(type=ReviewType.LCSPR)],
            themes=[themes[n % THEMES], themes[(n + 3) % THEMES]],
        )
        for n in range(REVIEWS_IN_ALL)
    ]
    work.session.add_all([account, *themes, *reviews])
    work.session.flush()
    times = {"began_at": now, "seen_at": now}
    work.session.add(
        SignInSession(digest=key_digest("bench"), person_id=person.id, has_second_factor=True, device="", **times)
    )
    versions = [_course(work, n) for n in range(COURSES_IN_ALL)]
    for n in range(POINTS):
        point = LearningPoint(
            ref=f"LP-{n}",
            text=f"Find out about every adult in a baby's life and write it down, number {n}",
            review=reviews[n % REVIEWS_IN_ALL],
            themes=[themes[n % THEMES], themes[(n + 5) % THEMES]],
            agreed_on=today - timedelta(days=700 - n),
            agreed_minute="7.2",
            created_at=now,
        )
        work.session.add(point)
        work.session.flush()
        for k in range(n % 6):
            version = versions[(n * 7 + k * 11) % COURSES_IN_ALL]
            how = list(How)[(n + k) % 3]
            work.session.add(_coverage(work, version, point, how, today - timedelta(days=400)))
    work.session.flush()


def _course(work: Work, n: int) -> CourseVersion:
    """A course with an event that was delivered."""
    now = work.now
    version = CourseVersion(number=1, title=f"Course {n}: a longer title", level="3", outcomes=[], created_at=now)
    course = Course(code=f"C{n}", status=CourseStatus.LIVE, created_at=now, versions=[version])
    starts = now - timedelta(days=100 + n)
    event = Event(
        ref=f"E{n}",
        course=course,
        version=version,
        state=EventState.DELIVERED,
        capacity=24,
        starts_at=starts,
        ends_at=starts + timedelta(hours=6),
        booking_closes_at=starts,
        free_until=starts,
        created_at=now,
        finalised_at=now,
        days=[EventDay(number=1, starts_at=starts, ends_at=starts + timedelta(hours=6))],
    )
    work.session.add_all([course, event])
    work.session.flush()
    return version


def _coverage(work: Work, version: CourseVersion, point: LearningPoint, how: How, since_on: date) -> Coverage:
    return Coverage(
        course_version_id=version.id,
        learning_point_id=point.id,
        how=how,
        since_on=since_on,
        created_at=work.now,
    )


if __name__ == "__main__":
    main()
