"""A small partnership with somebody in every role, and the addresses of all its pages, for house tests to walk."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from functools import cached_property
from typing import Any

import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.engine import Engine
from sqlalchemy.orm import Session
from werkzeug.routing import Rule

from courses.bookings.services import BookingRequest, book_place
from lms.access import Role, program
from lms.audit.models import AuditEntry
from lms.db import Base, begin_reading
from lms.mail.delivery import file_name
from lms.mail.models import LetterState, OutboxLetter
from lms.people.models import Person
from lms.site import Site
from lms.work import Work
from tests.conftest import browser_of
from tests.make import Make
from tests.moments import NOW

NOBODY = "nobody"
WHO = (NOBODY, *(role.value for role in Role))
SAMPLES = 3

TABLES = {
    "kept_id": "person",
    "duplicate_id": "person",
    "grant_id": "role_grant",
    "group_id": "role_group",
    "address_id": "person_address",
    "letter_id": "outbox",
}
"""Which table a number in an address counts in, where `<name>_id` is not the table's name."""

EXAMPLES: dict[str, Callable[[Session], list[Any]]] = {
    "code": lambda session: _column(session, "course", "code"),
    "secret": lambda session: _column(session, "person", "calendar_secret"),
    "number": lambda session: [1],
    "mail.name": lambda session: [file_name(row) for row in session.scalars(_sent_letters())],
    "audit.record_type": lambda session: [entry.record_type for entry in session.scalars(_last_entries())],
    "audit.record_id": lambda session: [entry.record_id for entry in session.scalars(_last_entries())],
}
"""Values of parameters that are no `<table>_id`; a topic's own go by `<blueprint>.<parameter>`."""


@dataclass(frozen=True)
class Address:
    """One page to open."""

    endpoint: str
    url: str


@dataclass(frozen=True)
class World:
    """The application on a database in which something of everything happened."""

    app: Flask
    engine: Engine
    uniquifiers: dict[str, str]

    @property
    def site(self) -> Site:
        found: Site = self.app.extensions["lms"]
        return found

    def browser(self, who: str) -> FlaskClient:
        return self.app.test_client() if who == NOBODY else browser_of(self.app, self.uniquifiers[who])

    @cached_property
    def addresses(self) -> list[Address]:
        """Every page that can be asked for, with up to three examples where its address has parameters."""
        with Session(self.engine) as session:
            begin_reading(session)
            return sorted(set(self._addresses(session)), key=lambda each: each.url)

    def _addresses(self, session: Session) -> Iterator[Address]:
        with self.app.test_request_context():
            for rule in readable_rules(self.app):
                for values in examples(session, rule):
                    yield Address(rule.endpoint, self.app.url_for(rule.endpoint, **values))


def readable_rules(app: Flask) -> list[Rule]:
    """The rules that answer to GET, but for the static files."""
    return [rule for rule in app.url_map.iter_rules() if "GET" in (rule.methods or ()) and rule.endpoint != "static"]


def examples(session: Session, rule: Rule) -> Iterator[dict[str, Any]]:
    """Values for the parameters of a rule; 1 for one that nothing here knows, or of which there is no record."""
    columns = {name: _values(session, rule.endpoint, name)[:SAMPLES] or [1] for name in sorted(rule.arguments)}
    for number in range(max((len(values) for values in columns.values()), default=1)):
        yield {name: values[number % len(values)] for name, values in columns.items()}


def _values(session: Session, endpoint: str, name: str) -> list[Any]:
    topic = endpoint.split(".", maxsplit=1)[0]
    known = EXAMPLES.get(f"{topic}.{name}") or EXAMPLES.get(name)
    if known is not None:
        return known(session)
    table = TABLES.get(name, name.removesuffix("_id"))
    return _column(session, table, "id") if name.endswith("_id") and table in Base.metadata.tables else []


def _column(session: Session, table: str, column: str) -> list[Any]:
    """The last, the first and a middle value of a column."""
    found = Base.metadata.tables[table].c[column]
    values = list(session.scalars(sa.select(found).where(found.is_not(None)).order_by(found)))
    return list(dict.fromkeys([values[-1], values[0], values[len(values) // 2]])) if values else []


def _sent_letters() -> sa.Select[OutboxLetter]:
    return (
        sa.select(OutboxLetter).where(OutboxLetter.state == LetterState.SENT).order_by(OutboxLetter.id).limit(SAMPLES)
    )


def _last_entries() -> sa.Select[AuditEntry]:
    return sa.select(AuditEntry).order_by(AuditEntry.id.desc()).limit(SAMPLES)


def fill(session: Session, site: Site, *, demonstration: bool) -> dict[str, str]:
    """Somebody in every role, a course with events past and to come, bookings confirmed and waiting."""
    make = Make(session)
    work = Work(session=session, actor=program("house test"), now=NOW, site=site)
    demonstrations = [each for plugin in site.plugins for each in plugin.demonstrations if demonstration]
    for each in sorted(demonstrations, key=lambda each: each.position):
        each.load(work)
    people = {role: _person(make, role) for role in Role}
    course = make.course()
    past = make.event(course, starts=NOW - timedelta(days=60), trainers=[people[Role.TRAINER]])
    full = make.event(course, capacity=1, days=2, trainers=[people[Role.TRAINER]])
    make.event(course)
    for event, person in [(full, people[Role.DELEGATE]), (full, people[Role.AGENCY_LEAD])]:
        book_place(work, event.id, person, BookingRequest(needs="A ramp", manager_name="Bo Ashgrove"))
    make.event(past.course, capacity=12)
    people[Role.DELEGATE].calendar_secret = "a-secret-of-the-house-tests"
    uniquifiers = {role.value: make.account(person).fs_uniquifier for role, person in people.items()}
    make.commit()
    return uniquifiers


def _person(make: Make, role: Role) -> Person:
    """Somebody whose references meet no invented person's."""
    roles = () if role is Role.DELEGATE else (role,)
    agency = make.agency(f"Agency of the {role.value}", code=f"HOUSE-{role.value}", domains=[f"{role.value}.example"])
    return make.person(f"Robin {role.value.title()}", ref=f"HOUSE-{role.value}", roles=roles, agency=agency)
