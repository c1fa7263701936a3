"""A site to try a plugin in: the application with it, a filled database, and somebody in every role."""

import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path

import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from lms.agencies.models import Agency, Sector
from lms.frame.access import ROLE_WORDS, Actor, Role, program
from lms.frame.db import Base, make_engine, writing
from lms.frame.lines import lines_of
from lms.frame.plugins import Plugin
from lms.frame.settings import OWN_NAMES, Settings
from lms.frame.site import Site
from lms.frame.work import Work
from lms.partnership.services import found_partnership
from lms.people.accounts.models import Account
from lms.people.models import Person, RoleGrant
from lms.policies.services import approve_first_policy
from lms.testing.browsers import browser_of
from lms.testing.databases import KINDS, DatabaseKind

MakeSite = Callable[[Settings, Callable[[], datetime]], Flask]
"""What makes an application, by settings and a clock, with the plugins that come with it. Raises SiteError."""

NOW = datetime(2026, 3, 16, 9, 52, tzinfo=UTC)
"""Today in a tryout: Monday 16 March 2026, 09:52 in London."""

NOBODY = "nobody"
WHO = (NOBODY, *(role.value for role in Role))
LEADER = "try-"
OWNERS = 2
"""Of each table so many people are asked for, whom a row is about."""


@dataclass(frozen=True)
class Tryout:
    """The site with the plugins that are tried, on a database of its own, filled by every plugin's demonstration."""

    app: Flask
    make_site: MakeSite
    names: tuple[str, ...]
    """The plugins that are tried."""

    url: str
    kind: DatabaseKind
    folder: Path

    @property
    def site(self) -> Site:
        found: Site = self.app.extensions["lms"]
        return found

    @property
    def plugins(self) -> list[Plugin]:
        """Those that are tried."""
        return [plugin for plugin in self.site.plugins if plugin.name in self.names]

    @cached_property
    def engine(self) -> sa.Engine:
        return make_engine(self.url)

    @contextmanager
    def undone(self, actor: Actor | None = None) -> Iterator[Work]:
        """A Work of which nothing stays; of a program, unless somebody else is said."""
        with self.app.app_context(), Session(self.engine) as session:
            yield Work(session=session, actor=actor or program("tryout"), now=NOW, site=self.site)
            session.rollback()

    def browser(self, who: str) -> FlaskClient:
        """A browser in which somebody of this role is signed in, or nobody."""
        return self.app.test_client() if who == NOBODY else browser_of(self.app, f"{LEADER}{who}")

    def everybody(self) -> Iterator[tuple[str, FlaskClient]]:
        """Somebody of each role, nobody, and a few whom rows of these plugins are about, each with their browser."""
        yield from ((_said(who), self.browser(who)) for who in WHO)
        for person_id in self._owners():
            yield "the person whom a record is about", browser_of(self.app, self._account(person_id))

    def _owners(self) -> list[int]:
        prefixes = tuple(f"{name}_" for name in self.names)
        own = [table for table in Base.metadata.sorted_tables if table.name.startswith(prefixes)]
        with Session(self.engine) as session:
            return sorted(
                {
                    each
                    for table in own
                    if "person_id" in table.c and "id" in table.c
                    for each in session.scalars(
                        sa.select(table.c.person_id).where(table.c.person_id.is_not(None)).order_by(table.c.id.desc())
                    ).fetchmany(OWNERS)
                }
            )

    def _account(self, person_id: int) -> str:
        """How the account of a person is known; made when they have none."""
        with writing(self.engine) as session:
            found = session.scalar(sa.select(Account.fs_uniquifier).where(Account.person_id == person_id))
            if found is None:
                found = f"{LEADER}{person_id}"
                person = session.get_one(Person, person_id)
                session.add(
                    Account(
                        person=person,
                        email=person.email,
                        username=person.ref,
                        created_at=NOW,
                        fs_uniquifier=found,
                    )
                )
            return found

    def close(self) -> None:
        """Let the database go."""
        self.engine.dispose()
        close_app(self.app)


def _said(who: str) -> str:
    return "somebody who is not signed in" if who == NOBODY else f"a {who.replace('_', ' ')}"


@contextmanager
def tried(make_site: MakeSite, names: Sequence[str], kind: str, folder: Path, *, only: str = "") -> Iterator[Tryout]:
    """A site with these plugins on a kind of database, to try all of them or only one. Raises SiteError."""
    databases = KINDS[kind](lambda url: fill(make_site, url, names, folder, demonstration=True))
    try:
        with databases.fresh() as url:
            app = make_app(make_site, names, url, folder)
            found = Tryout(app, make_site, (only,) if only else tuple(names), url, databases, folder)
            yield found
            found.close()
    finally:
        databases.stop()


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
        without=tuple(filter(None, os.environ.get("LMS_WITHOUT", "").split(","))),
        is_demo=True,
        others={name: value for name, value in os.environ.items() if name.startswith("LMS_") and name not in OWN_NAMES},
    )
    app = make_site(settings, lambda: NOW)
    app.config.update(TESTING=True, WTF_CSRF_ENABLED=False, PROPAGATE_EXCEPTIONS=False)
    app.extensions["lms.wake_mail"] = lambda: None
    return app


def close_app(app: Flask) -> None:
    """Let an application's connections go."""
    with app.app_context():
        app.extensions["sqlalchemy"].engine.dispose()


def fill(make_site: MakeSite, url: str, names: Sequence[str], folder: Path, *, demonstration: bool) -> None:
    """Every table, the partnership and its first policy, somebody in every role; all that is invented, if wanted."""
    app = make_app(make_site, names, url, folder)
    make_tables(app)
    with app.app_context():
        engine = app.extensions["sqlalchemy"].engine
        with writing(engine) as session:
            work = Work(session=session, actor=program("tryout"), now=NOW, site=app.extensions["lms"])
            found_partnership(work)
            approve_first_policy(work)
            if demonstration:
                found = [each for plugin in work.site.plugins for each in plugin.demonstrations]  # type: ignore[attr-defined]
                for each in sorted(found, key=lambda invented: invented.position):
                    each.load(work)
            _people_in_every_role(work)
    close_app(app)


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


def person_in(session: Session, role: Role) -> Person:
    """The person of the tryout who has this role."""
    return session.scalars(sa.select(Person).where(Person.ref == f"TRYOUT-{role.value}")).one()
