"""How long pages take, how large they are and how many queries they need, on the demonstration partnership."""

import statistics
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from lms.frame.access import program
from lms.frame.db import Base
from lms.frame.settings import Settings
from lms.frame.web import db
from lms.frame.work import Work
from lms.hosting.app import create_app, moment_now
from lms.partnership.services import found_partnership
from lms.policies.services import approve_first_policy
from tests.built_in import BUILT_IN

PAGES = ["/courses", "/contact", "/booking-policy", "/sign-in", "/health"]
TIMES = 20


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        app = demonstration(Path(folder))
        print(f"{'page':20} {'queries':>8} {'kB':>8} {'median ms':>10} {'slowest ms':>11}")
        for url in PAGES:
            print(measured(app, url))


def demonstration(folder: Path) -> Flask:
    """The application on a fresh SQLite file with a year of invented records."""
    base = {"mail_url": f"file://{folder}/mailbox", "mail_from": "a@b.example", "base_url": "http://localhost"}
    key = "a key for measurements"
    settings = Settings(key, f"sqlite:///{folder}/bench.sqlite3", **base, instance=folder, is_demo=True)
    app = create_app(settings, BUILT_IN)
    site = app.extensions["lms"]
    with app.app_context():
        Base.metadata.create_all(db.engine)
        work = Work(session=db.session(), actor=program("bench"), now=moment_now(), site=site)
        found_partnership(work)
        approve_first_policy(work)
        loaded = [each for plugin in site.plugins for each in plugin.demonstrations]
        for each in sorted(loaded, key=lambda each: each.position):
            each.load(work)
        db.session.commit()
    return app


def measured(app: Flask, url: str) -> str:
    """One line of the table."""
    browser = app.test_client()
    with counted(app) as queries:
        size = len(browser.get(url).data)
    took = sorted(seconds(browser, url) * 1000 for _ in range(TIMES))
    return f"{url:20} {len(queries):8} {size / 1000:8.1f} {statistics.median(took):10.1f} {took[-1]:11.1f}"


def seconds(browser: FlaskClient, url: str) -> float:
    began = time.perf_counter()
    browser.get(url)
    return time.perf_counter() - began


@contextmanager
def counted(app: Flask) -> Iterator[list[str]]:
    """The SELECTs that the database is asked in this block."""
    queries: list[str] = []

    def count(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        if statement.startswith("SELECT"):
            queries.append(statement)

    with app.app_context():
        engine = db.engine
    sa.event.listen(engine, "before_cursor_execute", count)
    yield queries
    sa.event.remove(engine, "before_cursor_execute", count)


main()
