"""What a site to try plugins in begins with: its tables, and its records, filled once in a run of tests."""

import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from hashlib import sha256
from pathlib import Path
from typing import Any

from flask import Flask

from lms.agencies.models import Agency, Sector
from lms.frame.access import ROLE_WORDS, Role, program
from lms.frame.db import Base, writing
from lms.frame.found import find_plugins
from lms.frame.lines import lines_of, package_folder
from lms.frame.plugins import Demonstration
from lms.frame.settings import OWN_NAMES, Settings
from lms.frame.work import Work
from lms.partnership.services import found_partnership
from lms.people.accounts.models import Account
from lms.people.models import Person, RoleGrant
from lms.policies.services import approve_first_policy
from lms.testing.databases import KINDS, DatabaseKind
from lms.testing.rows_over import bring_rows_over

MakeSite = Callable[[Settings, Callable[[], datetime]], Flask]
"""What makes an application, by settings and a clock, with the plugins that come with it. Raises SiteError."""

NOW = datetime(2026, 3, 16, 9, 52, tzinfo=UTC)
"""Today in a tryout: Monday 16 March 2026, 09:52 in London."""

LEADER = "try-"


def founded(make_site: MakeSite, names: Sequence[str], kind: str, folder: Path) -> DatabaseKind:
    """Databases with every table, the partnership and its first policy, and somebody in every role."""
    filling = Filling(make_site, tuple(names), folder)
    return KINDS[kind](f"founded-{filling.called}", filling.founded)


def filled(make_site: MakeSite, names: Sequence[str], kind: str, folder: Path) -> DatabaseKind:
    """The same with all that is invented. Raises SiteError."""
    filling = Filling(make_site, tuple(names), folder)
    begun = KINDS["sqlite"](f"begun-{filling.called}", filling.begun)
    try:
        if kind == "sqlite":
            return KINDS[kind](f"filled-{filling.called}", filling.go_on, like=begun)
        return KINDS[kind](f"filled-{filling.called}", lambda url: filling.go_on_from(Path(begun.template), url))
    finally:
        begun.stop()


@dataclass(frozen=True)
class Filling:
    """How databases are filled for a site with these plugins.

    What the host invents is loaded once, on SQLite, with the plugins listening; PostgreSQL is brought the same rows,
    which loading would give there too (the host's tests see to that). What the plugins invent is loaded on each.
    """

    make_site: MakeSite
    names: tuple[str, ...]
    folder: Path

    @cached_property
    def called(self) -> str:
        return _what_decides(self.make_site, self.names)

    def founded(self, url: str) -> None:
        with self._working(url, is_new=True) as work:
            _found(work)
            _people_in_every_role(work)

    def begun(self, url: str) -> None:
        with self._working(url, is_new=True) as work:
            _found(work)
            for each in self._inventions(work)[0]:
                each.load(work)

    def go_on_from(self, begun: Path, url: str) -> None:
        app = make_app(self.make_site, self.names, url, self.folder)
        make_tables(app)
        close_app(app)
        bring_rows_over(begun, url)
        self.go_on(url)

    def go_on(self, url: str) -> None:
        with self._working(url) as work:
            for each in self._inventions(work)[1]:
                each.load(work)
            _people_in_every_role(work)

    def _inventions(self, work: Work) -> tuple[list[Demonstration], list[Demonstration]]:
        """Those before the first of the plugins that are tried, and from it on."""
        plugins = work.site.plugins  # type: ignore[attr-defined]
        own = [each for plugin in plugins if plugin.name in self.names for each in plugin.demonstrations]
        every = sorted((each for plugin in plugins for each in plugin.demonstrations), key=lambda each: each.position)
        begin = min((every.index(each) for each in own), default=len(every))
        return every[:begin], every[begin:]

    @contextmanager
    def _working(self, url: str, *, is_new: bool = False) -> Iterator[Work]:
        app = make_app(self.make_site, self.names, url, self.folder)
        if is_new:
            make_tables(app)
        with app.app_context(), writing(app.extensions["sqlalchemy"].engine) as session:
            yield Work(session=session, actor=program("tryout"), now=NOW, site=app.extensions["lms"])
        close_app(app)


def _found(work: Work) -> None:
    found_partnership(work)
    approve_first_policy(work)


def _what_decides(make_site: MakeSite, names: Sequence[str]) -> str:
    """A name for all on which it depends what `fill` makes: other plugins, files of theirs or settings, another name.

    The host itself stays the same in a run of tests.
    """
    told = sha256(repr((make_site.__module__, make_site.__qualname__, _told_by_the_environment())).encode())
    if "<locals>" in make_site.__qualname__:  # nobody can tell whether two of them do the same
        told.update(repr((os.getpid(), id(make_site))).encode())
    for plugin in find_plugins(names):
        folder = package_folder(plugin)
        told.update(repr((plugin.name, str(folder))).encode())
        for path in sorted(folder.rglob("*")) if folder else ():
            if path.is_file() and path.parent.name != "__pycache__":
                told.update(str(path).encode() + path.read_bytes())
    return told.hexdigest()[:16]


def make_app(make_site: MakeSite, names: Sequence[str], url: str, folder: Path) -> Flask:
    """The application with these plugins beside those that come with it, but for what LMS_WITHOUT names.

    Raises SiteError.
    """
    settings = Settings(
        secret_key="a key for tests, long enough",
        database_url=url,
        mail_url=f"file://{folder / 'mailbox'}",
        mail_from="Training team <training@rowanvalleyscp.example>",
        base_url="http://localhost",
        instance=folder,
        plugins=tuple(names),
        is_demo=True,
        **_told_by_the_environment(),
    )
    app = make_site(settings, lambda: NOW)
    app.config.update(TESTING=True, WTF_CSRF_ENABLED=False, PROPAGATE_EXCEPTIONS=False)
    app.extensions["lms.wake_mail"] = lambda: None
    return app


def _told_by_the_environment() -> dict[str, Any]:
    others = {name: value for name, value in os.environ.items() if name.startswith("LMS_") and name not in OWN_NAMES}
    return {"without": tuple(filter(None, os.environ.get("LMS_WITHOUT", "").split(","))), "others": others}


def close_app(app: Flask) -> None:
    """Let an application's connections go."""
    with app.app_context():
        app.extensions["sqlalchemy"].engine.dispose()


def make_tables(app: Flask) -> None:
    """The host's tables as the models say, those of plugins with a line of migrations by their migrations."""
    with app.app_context():
        engine = app.extensions["sqlalchemy"].engine
        host, *others = lines_of(app.extensions["lms"].plugins)
        own = [
            table for table in Base.metadata.sorted_tables if host.owns(table.name, [each.plugin for each in others])
        ]
        Base.metadata.create_all(engine, tables=own)
        for line in others:
            line.upgrade()


def _people_in_every_role(work: Work) -> None:
    """One person for each role with nothing else to do, in an agency of their own."""
    sector = Sector(name="Sector of the tryout")
    agency = Agency(code="TRYOUT", name="Agency of the tryout", sector=sector, charge_email="")
    work.session.add(agency)
    for role in Role:
        email = f"{role.value}@tryout.example"
        person = Person(
            ref=f"TRYOUT-{role.value}",
            name=f"Robin {ROLE_WORDS[role].title()}",
            email=email,
            agency=agency,
            created_at=NOW,
        )
        leads = agency if role is Role.AGENCY_LEAD else None
        if role is not Role.DELEGATE:
            person.roles.append(RoleGrant(role=role, agency=leads, granted_at=NOW))
        work.session.add(person)
        account = Account(person=person, email=email, username=person.ref, created_at=NOW)
        account.fs_uniquifier = f"{LEADER}{role.value}"
        work.session.add(account)
    work.session.flush()
