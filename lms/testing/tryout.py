"""A site to try a plugin in: the application with it, a filled database, and somebody in every role."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from lms.frame.access import Actor, Role, program
from lms.frame.db import Base, make_engine, writing
from lms.frame.plugins import Plugin
from lms.frame.site import Site
from lms.frame.work import Work
from lms.people.accounts.models import Account
from lms.people.models import Person
from lms.testing.browsers import browser_of
from lms.testing.databases import DatabaseKind
from lms.testing.filling import LEADER, NOW, MakeSite, close_app, filled, make_app

NOBODY = "nobody"
WHO = (NOBODY, *(role.value for role in Role))
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
    return "someone who is not signed in" if who == NOBODY else f"a {who.replace('_', ' ')}"


@contextmanager
def tried(make_site: MakeSite, names: Sequence[str], kind: str, folder: Path, *, only: str = "") -> Iterator[Tryout]:
    """A site with these plugins on a kind of database, to try all of them or only one. Raises SiteError."""
    databases = filled(make_site, names, kind, folder)
    try:
        with databases.fresh() as url:
            app = make_app(make_site, names, url, folder)
            found = Tryout(app, make_site, (only,) if only else tuple(names), url, databases, folder)
            yield found
            found.close()
    finally:
        databases.stop()


def person_in(session: Session, role: Role) -> Person:
    """The person of the tryout who has this role."""
    return session.scalars(sa.select(Person).where(Person.ref == f"TRYOUT-{role.value}")).one()
