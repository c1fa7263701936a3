"""People as rows of a CSV file."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import TypeVar

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from lms.agencies.models import Agency, RoleGroup
from lms.frame import cells
from lms.frame.plugins import Change, Column, Import, RowReader
from lms.frame.work import Work
from lms.kit.errors import Invalid
from lms.kit.portions import portions
from lms.people.leaving.tables import read_left_on
from lms.people.models import Person
from lms.people.queries import entrusted_among
from lms.people.rules import check_manager_is_another, why_not_decide
from lms.people.services import set_email

Value = TypeVar("Value")
COLUMNS = (
    Column("ref", is_key=True),
    Column("name", is_required=True),
    Column("email"),
    Column("agency_code"),
    Column("role_group"),
    Column("manager_name"),
    Column("manager_email"),
    Column("left_on"),
)
EMPTY = {column.name: "" for column in COLUMNS}
ERASED = "This person was erased. Their record is only counted now. If they return, use a new reference."


def read_people(work: Work, rows: list[Mapping[str, str]]) -> RowReader:
    """Add or change people by reference. Unknown role groups are created; what is not in the file is left alone.

    Whoever leaves does so before the other rows are read: what these say of a line manager stands.
    """
    agencies = {each.code: each for each in work.session.scalars(sa.select(Agency).order_by(Agency.code))}
    groups = {each.name: each for each in work.session.scalars(sa.select(RoleGroup).order_by(RoleGroup.position))}
    people = _people_of(work, [cells.text(row, "ref") for row in rows])
    was = {ref: as_row(person) for ref, person in people.items()}
    ids = [person.id for person in people.values()]
    entrusted = {each for some in portions(ids) for each in entrusted_among(work.session, some)}
    left_by = read_left_on(work, people, entrusted, rows)

    def group_for(name: str) -> RoleGroup | None:
        if name and name not in groups:
            position = max((each.position for each in groups.values()), default=0) + 1
            groups[name] = RoleGroup(name=name, position=position)
        return groups.get(name)

    def change_email(person: Person, email: str) -> None:
        if person.email == email:
            return
        if words := why_not_decide(work.actor, {person.id} & entrusted):
            raise Invalid(f"{words} Leave the address as it is here, and ask on the person’s page.", field="email")
        set_email(work, person, email)

    def describe(person: Person, row: Mapping[str, str]) -> None:
        person.name = cells.name(row, "name", required=True)
        change_email(person, cells.address(row, "email"))
        person.agency = cells.one_of(row, "agency_code", agencies, what="agency")
        person.role_group = group_for(cells.name(row, "role_group"))
        person.manager_name = cells.name(row, "manager_name")
        manager_email = cells.address(row, "manager_email")
        if manager_email != person.manager_email:
            check_manager_is_another(manager_email, person.own_addresses)
        person.manager_email = manager_email

    def read(row: Mapping[str, str]) -> Change:
        ref = cells.text(row, "ref")
        person = people.get(ref)
        if person is not None and person.merged_into_id is not None:
            raise Invalid("This record was merged into another. Use the reference of the person kept.", field="ref")
        if person is None:
            person = Person(ref=ref, created_at=work.now)
            said = left_by(person, row)
            describe(person, cells.whole_row(row, EMPTY))
            people[ref] = person
            work.session.add(person)
            return Change("added", thing=person, warnings=said)
        said = left_by(person, row)
        describe(person, cells.whole_row(row, as_row(person)))
        change = cells.difference(person, was[ref], as_row(person))
        if change.columns and person.erased_at is not None:
            raise Invalid(ERASED, field="ref")
        return replace(change, warnings=said)

    return read


def as_row(person: Person) -> Mapping[str, str]:
    """A person as a file says it."""
    return {
        "ref": person.ref,
        "name": person.name,
        "email": person.email,
        "agency_code": person.agency.code if person.agency else "",
        "role_group": person.role_group.name if person.role_group else "",
        "manager_name": person.manager_name,
        "manager_email": person.manager_email,
        "left_on": cells.said_date(person.left_on),
    }


def export_people(work: Work) -> Iterator[Mapping[str, str]]:
    """Everybody by reference, also those who have left; duplicates that were merged are not people."""
    people = work.session.scalars(
        sa.select(Person)
        .where(Person.merged_into_id.is_(None))
        .options(joinedload(Person.agency), joinedload(Person.role_group))
        .order_by(Person.ref)
    )
    return (as_row(person) for person in people)


def _people_of(work: Work, refs: list[str]) -> dict[str, Person]:
    found: dict[str, Person] = {}
    for some in portions(refs):
        people = work.session.scalars(sa.select(Person).where(Person.ref.in_(some)).order_by(Person.id))
        found |= {person.ref: person for person in people}
    return found


IMPORT = Import(
    kind="people",
    words="People: names, addresses, agencies, role groups, line managers and who has left",
    columns=COLUMNS,
    reader=read_people,
    export=export_people,
    permission="people.manage",
    position=20,
    may_leave_out=True,
)
