"""People for other systems: listed, kept in step one by one or many at once, and what a leaver would leave behind."""

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa

from lms.api.cursors import Paged, page_after, read_cursor
from lms.api.shapes import says
from lms.frame.plugins import Asked, LeavingChoice
from lms.frame.work import Work
from lms.in_step.api import CLEARS, OnlyTried, operation
from lms.in_step.people.queries import people_after, person_kept
from lms.in_step.people.services import take_people, take_person
from lms.in_step.rules import GIVEN_TWICE, HAS_A_ROLE, MOST_ROWS, NOT_YOURS, RowDone, RowsDone
from lms.kit.errors import Invalid, NotFound
from lms.people.leaving.queries import Chosen, each_thing, left_behind
from lms.people.leaving.services import leave
from lms.people.models import Person
from lms.people.rules import ENTRUSTED
from lms.tables.services import NOT_TOGETHER

REFUSALS = (ENTRUSTED, HAS_A_ROLE, NOT_YOURS, NOT_TOGETHER)


@dataclass(frozen=True)
class PersonGiven:
    """What is known of a person: the fields of the file of people. What is left out stays as it is."""

    name: str | None = field(default=None, metadata=says("Needed for someone new.", example="Amara Osei", longest=120))
    email: str | None = field(default=None, metadata=says(CLEARS, example="amara.osei@larkham.example", longest=254))
    agency_code: str | None = field(default=None, metadata=says(f"The agency. {CLEARS}", example="LARK", longest=40))
    role_group: str | None = field(
        default=None, metadata=says(f"The kind of work; a new one is added. {CLEARS}", longest=120)
    )
    manager_name: str | None = field(default=None, metadata=says(CLEARS, example="Bo Ashgrove", longest=120))
    manager_email: str | None = field(default=None, metadata=says(CLEARS, longest=254))
    left_on: str | None = field(
        default=None,
        metadata=says(
            "The day since when they are gone, as 2026-04-09; an empty text says that they are back. What they leave "
            "open gets its usual end, and the notes say which. A day to come is not noted yet: send it again then.",
            example="",
            longest=10,
        ),
    )


@dataclass(frozen=True)
class PersonWithRef(PersonGiven):
    """A person in a list."""

    ref: str = field(default="", metadata=says("The reference. Needed.", example="P1021", longest=80))


@dataclass(frozen=True)
class PeopleGiven:
    """Many people."""

    people: tuple[PersonWithRef, ...] = field(metadata=says(f"At most {MOST_ROWS}."))


@dataclass(frozen=True)
class PersonAnswer:
    """A person."""

    ref: str
    name: str = field(metadata=says("The name.", example="Amara Osei"))
    email: str = field(metadata=says("The address, or nothing.", example="amara.osei@larkham.example"))
    agency_code: str | None
    role_group: str | None = field(metadata=says("The kind of work.", example="Teaching staff"))
    manager_name: str = field(metadata=says("The line manager.", example="Bo Ashgrove"))
    manager_email: str = field(metadata=says("The line manager's address.", example="bo.ashgrove@larkham.example"))
    left_on: date | None
    merged_into_ref: str | None = field(metadata=says("The record of the same person that is kept instead."))
    changed_at: datetime | None = field(metadata=says("When the record last changed; nothing before this was kept."))


@dataclass(frozen=True)
class PeopleWanted(Paged):
    """Which people, in the order in which they were added."""

    agency_code: str = field(default="", metadata=says("Of this agency alone.", longest=40))
    is_here: bool | None = field(default=None, metadata=says("Only those who are here, or who have left."))
    updated_since: datetime | None = field(default=None, metadata=says("Changed at this moment or later."))


@dataclass(frozen=True)
class PersonPage:
    """A page of people."""

    items: tuple[PersonAnswer, ...]
    next_cursor: str | None


@dataclass(frozen=True)
class WaysOut:
    """One of the things that can become of an open matter."""

    what: LeavingChoice
    words: str


@dataclass(frozen=True)
class OpenMatter:
    """Something that somebody who leaves would leave behind."""

    key: str = field(metadata=says("By which a choice names it.", example="courses.booking:17"))
    kind: str
    words: str
    usual: LeavingChoice = field(metadata=says("What becomes of it where no one chooses.", example="end"))
    choices: tuple[WaysOut, ...]
    receiver: str = field(metadata=says("Who can be given it.", example=""))


@dataclass(frozen=True)
class OpenMatters:
    """What is open."""

    items: tuple[OpenMatter, ...]


@dataclass(frozen=True)
class SettledMatter:
    """What shall become of one open matter."""

    key: str = field(metadata=says("The matter.", example="courses.booking:17"))
    what: LeavingChoice = field(metadata=says("What becomes of it.", example="end"))
    receiver_ref: str = field(default="", metadata=says("Who takes it over, where it is given.", longest=80))


@dataclass(frozen=True)
class LeavingGiven:
    """Somebody has left. What is not named gets its usual end."""

    left_on: date = field(metadata=says("The day. Not one to come."))
    settled: tuple[SettledMatter, ...] = ()


@dataclass(frozen=True)
class PersonLeftAnswer:
    """Somebody has left."""

    ref: str
    left_on: date


def list_people(work: Work, asked: Asked) -> PersonPage:
    """People with their agencies, kinds of work and line managers; those who have left too, and merged records."""
    query: PeopleWanted = asked.query
    found = people_after(work.actor)
    if query.agency_code:
        found = found.where(Person.agency.has(code=query.agency_code))
    if query.is_here is not None:
        found = found.where(Person.is_here if query.is_here else sa.not_(Person.is_here))
    if query.updated_since is not None:
        found = found.where(Person.changed_at >= query.updated_since)
    after = read_cursor(query.cursor)
    if after is not None:
        found = found.where(sa.tuple_(Person.created_at, Person.id) > sa.tuple_(sa.literal(after[0]), after[1]))
    rows = work.session.execute(found.order_by(Person.created_at, Person.id).limit(query.limit + 1)).all()
    page, next_cursor = page_after(rows, query.limit, lambda row: (row[0].created_at, row[0].id))
    return PersonPage(tuple(_answer(person, kept_ref) for person, kept_ref in page), next_cursor)


def one_person(work: Work, asked: Asked) -> PersonAnswer:
    """One person by reference."""
    return _answer(person_kept(work.session, work.actor, asked.path["ref"]), None)


def keep_person(work: Work, asked: Asked) -> RowDone:
    """Add the person with this reference, or change what is sent. The same again changes nothing."""
    row = as_row(asked.body, asked.path["ref"])
    return take_person(work, row, save=not asked.query.dry_run)


def keep_people(work: Work, asked: Asked) -> RowsDone:
    """Add or change many, each answered by itself: what is right is kept, also where another row is refused."""
    given: PeopleGiven = asked.body
    if len(given.people) > MOST_ROWS:
        raise Invalid(f"Send at most {MOST_ROWS} at a time.", field="people")
    for number, each in enumerate(given.people):
        if not each.ref.strip():
            raise Invalid("This is needed.", field=f"people.{number}.ref")
    rows = [as_row(each, each.ref) for each in given.people]
    return RowsDone(take_people(work, rows, save=not asked.query.dry_run), asked.query.dry_run)


def what_is_open(work: Work, asked: Asked) -> OpenMatters:
    """What this person would leave behind, with what can become of each; nothing for somebody who has left."""
    person = person_kept(work.session, work.actor, asked.path["ref"])
    behind = left_behind(work, person.id) if person.left_on is None else []
    return OpenMatters(
        tuple(
            OpenMatter(
                key=thing.key,
                kind=kind.title,
                words=thing.words,
                usual=thing.usual,
                choices=tuple(WaysOut(what, words) for what, words in thing.choices.items()),
                receiver=thing.receiver,
            )
            for kind, thing in each_thing(behind)
        )
    )


def note_leaving(work: Work, asked: Asked) -> PersonLeftAnswer:
    """Somebody has left, with a choice for what they leave behind, as the office's page has it."""
    given: LeavingGiven = asked.body
    person = person_kept(work.session, work.actor, asked.path["ref"])
    if not person.is_here:
        raise NotFound("This person has left already.")
    chosen = {each.key: Chosen(each.what, each.receiver_ref) for each in given.settled}
    open_keys = {thing.key for _, thing in each_thing(left_behind(work, person.id))}
    for number, each in enumerate(given.settled):
        if each.key not in open_keys:
            raise Invalid("This is not open, or not any more.", field=f"settled.{number}.key")
    try:
        leave(work, person, on=given.left_on, chosen=chosen)
    except Invalid as refusal:
        raise Invalid(refusal.words, field=_place(refusal.field, given)) from refusal
    return PersonLeftAnswer(person.ref, given.left_on)


def _place(page_field: str | None, given: LeavingGiven) -> str:
    """Where in the body the page's field is."""
    start, _, key = (page_field or "").partition("-")
    number = next((n for n, each in enumerate(given.settled) if each.key == key), None)
    if number is None:
        return "left_on"
    return f"settled.{number}.{'receiver_ref' if start == 'to' else 'what'}"


def as_row(given: Any, ref: str) -> dict[str, str]:
    """What was sent, as a row of the file: without what was left out."""
    names = ("name", "email", "agency_code", "role_group", "manager_name", "manager_email", "left_on")
    said = {name: getattr(given, name) for name in names}
    return {"ref": ref.strip(), **{name: value for name, value in said.items() if value is not None}}


def _answer(person: Person, kept_ref: str | None) -> PersonAnswer:
    return PersonAnswer(
        ref=person.ref,
        name=person.name,
        email=person.email,
        agency_code=person.agency.code if person.agency else None,
        role_group=person.role_group.name if person.role_group else None,
        manager_name=person.manager_name,
        manager_email=person.manager_email,
        left_on=person.left_on,
        merged_into_ref=kept_ref,
        changed_at=person.changed_at,
    )


OPERATIONS = (
    operation("list_people", "GET", "/people", "People", PersonPage, list_people, query=PeopleWanted),
    operation("one_person", "GET", "/people/{ref}", "One person", PersonAnswer, one_person),
    operation(
        "keep_person",
        "PUT",
        "/people/{ref}",
        "Add a person, or change one",
        RowDone,
        keep_person,
        query=OnlyTried,
        body=PersonGiven,
        reasons=REFUSALS,
    ),
    operation(
        "keep_people",
        "POST",
        "/people/many",
        "Add or change many people, with a result for each",
        RowsDone,
        keep_people,
        query=OnlyTried,
        body=PeopleGiven,
        reasons=(*REFUSALS, GIVEN_TWICE),
    ),
    operation("open_matters", "GET", "/people/{ref}/open", "What a leaver would leave", OpenMatters, what_is_open),
    operation(
        "note_leaving",
        "POST",
        "/people/{ref}/leave",
        "Someone has left, with what becomes of what is open",
        PersonLeftAnswer,
        note_leaving,
        body=LeavingGiven,
        reasons=(ENTRUSTED,),
    ),
)
