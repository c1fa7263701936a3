"""Who is there, as far as the one who asks may see it."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from itertools import count

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload, selectinload

from lms.agencies.models import Agency, AgencyDomain, RoleGroup
from lms.frame.access import ENTRUSTED_ROLES, Actor, Role
from lms.frame.db import insert_new
from lms.frame.folding import bears, finds
from lms.frame.locks import for_update
from lms.kit.errors import Invalid, NotFound
from lms.kit.folding import folded, words_typed
from lms.kit.pages import ROWS_ON_A_PAGE, PageOf
from lms.people.models import Person, PersonAddress, ReferenceCounter, RoleGrant
from lms.people.rules import PersonCompared, domain_of, likely_duplicates

REFS_AT_A_TIME = 200


@dataclass(frozen=True)
class PersonRow:
    """A line of a list of people."""

    id: int
    ref: str
    name: str
    email: str
    agency: str
    role_group: str
    left_on: date | None


@dataclass(frozen=True)
class Duplicates:
    """People who may be one person, and why."""

    why: str
    people: list[PersonRow]


def new_ref(session: Session) -> str:
    """The next free reference: P00001, P00002 and so on. Those who ask at the same moment wait for each other."""
    insert_new(session, ReferenceCounter, [{"kind": "person", "last": 0}], unique="kind")
    counter = session.scalars(for_update(sa.select(ReferenceCounter).where(ReferenceCounter.kind == "person"))).one()
    last = session.scalar(sa.select(sa.func.max(Person.id))) or 0
    for start in count(max(last, counter.last) + 1, REFS_AT_A_TIME):
        refs = [f"P{number:05}" for number in range(start, start + REFS_AT_A_TIME)]
        taken = set(session.scalars(sa.select(Person.ref).where(Person.ref.in_(refs))))
        free = next((ref for ref in refs if ref not in taken), None)
        if free:
            counter.last = int(free[1:])
            return free
    raise AssertionError("numbers do not end")


def may_see(actor: Actor) -> sa.ColumnElement[bool]:
    """Whom this person sees: everybody, the people of the agencies they lead, or nobody but themselves."""
    if actor.may("people.read"):
        return sa.true()
    mine = Person.id == (actor.person_id or 0)
    if not actor.may("people.read_own_agency"):
        return mine
    return sa.or_(mine, sa.and_(Person.agency_id.in_(actor.leads_agency_ids), Person.merged_into_id.is_(None)))


def person_of(session: Session, actor: Actor, person_id: int) -> Person:
    """A person whom this actor may see. Raises NotFound."""
    found = session.scalar(
        sa.select(Person)
        .where(Person.id == person_id, may_see(actor))
        .options(
            joinedload(Person.agency),
            joinedload(Person.role_group),
            selectinload(Person.roles).joinedload(RoleGrant.agency),
            selectinload(Person.addresses),
        )
    )
    if found is None:
        raise NotFound("We cannot find that person among those you may see.")
    return found


def find_people(
    session: Session,
    actor: Actor,
    *,
    words: str = "",
    agency_id: int | None = None,
    role: Role | None = None,
    state: str = "here",
    number: int = 1,
) -> PageOf[PersonRow]:
    """A page of people by name. `words` look in names, addresses, references and agencies; `state`: here, left, all."""
    chosen = [may_see(actor), *_with_words(words), *_in_state(state)]
    if agency_id:
        chosen.append(Person.agency_id == agency_id)
    if role:
        chosen.append(Person.id.in_(sa.select(RoleGrant.person_id).where(RoleGrant.role == role)))
    total = session.scalar(sa.select(sa.func.count()).select_from(Person).where(*chosen)) or 0
    rows = session.execute(
        _rows()
        .where(*chosen)
        .order_by(Person.name, Person.id)
        .limit(ROWS_ON_A_PAGE)
        .offset((number - 1) * ROWS_ON_A_PAGE)
    )
    return PageOf([PersonRow(*row) for row in rows], total, number)


def _rows() -> sa.Select[int, str, str, str, str, str, date | None]:
    return (
        sa.select(
            Person.id,
            Person.ref,
            Person.name,
            Person.email,
            sa.func.coalesce(Agency.name, ""),
            sa.func.coalesce(RoleGroup.name, ""),
            Person.left_on,
        )
        .outerjoin(Agency, Person.agency_id == Agency.id)
        .outerjoin(RoleGroup, Person.role_group_id == RoleGroup.id)
    )


def _with_words(words: str) -> list[sa.ColumnElement[bool]]:
    """Agencies and further addresses are looked up once each, people row by row: half the time with 100,000."""
    chosen: list[sa.ColumnElement[bool]] = []
    for word in words_typed(words):
        further = sa.select(PersonAddress.person_id).where(bears(word, PersonAddress.address))
        agencies = sa.select(Agency.id).where(finds(word, Agency.name_folded))
        own = sa.or_(finds(word, Person.name_folded), bears(word, Person.email, Person.ref))
        chosen.append(sa.or_(own, Person.agency_id.in_(agencies), Person.id.in_(further)))
    return chosen


def _in_state(state: str) -> list[sa.ColumnElement[bool]]:
    if state == "here":
        return [sa.and_(Person.is_here)]
    not_merged = sa.and_(Person.merged_into_id.is_(None), Person.erased_at.is_(None))
    return [not_merged, Person.left_on.is_not(None)] if state == "left" else [not_merged]


def sharing_address(session: Session, address: str, *, other_than: int | None = None) -> list[PersonRow]:
    """Other people here who are written to or known by an address."""
    if not address:
        return []
    known_by = sa.select(PersonAddress.person_id).where(PersonAddress.address == address)
    rows = session.execute(
        _rows()
        .where(
            sa.or_(Person.email == address, Person.id.in_(known_by)),
            Person.id != (other_than or 0),
            Person.merged_into_id.is_(None),
        )
        .order_by(Person.name, Person.id)
    )
    return [PersonRow(*row) for row in rows]


def duplicates_of(session: Session, person: Person) -> list[PersonRow]:
    """Who else may be this person: the same address, or the same name in the same agency."""
    same_address = sharing_address(session, person.email, other_than=person.id)
    same_name = session.scalars(
        sa.select(Person.id)
        .where(Person.name_folded == folded(person.name), Person.agency_id == person.agency_id, Person.id != person.id)
        .where(Person.merged_into_id.is_(None), Person.erased_at.is_(None))
        .order_by(Person.id)
    )
    others = rows_of(session, [each for each in same_name if each not in {row.id for row in same_address}])
    return same_address + others


def all_duplicates(session: Session) -> list[Duplicates]:
    """Everybody here who may be there twice."""
    known = session.execute(
        sa.select(Person.id, Person.name, Person.email, Person.agency_id)
        .where(Person.merged_into_id.is_(None), Person.erased_at.is_(None))
        .order_by(Person.name, Person.id)
    )
    groups = likely_duplicates(PersonCompared(*row) for row in known)
    rows = {row.id: row for row in rows_of(session, [each for _, ids in groups for each in ids])}
    return [Duplicates(why, [rows[each] for each in ids]) for why, ids in groups]


def rows_of(session: Session, ids: list[int]) -> list[PersonRow]:
    """These people as lines of a list."""
    if not ids:
        return []
    return [PersonRow(*row) for row in session.execute(_rows().where(Person.id.in_(ids)).order_by(Person.name))]


def ids_of(session: Session, person_id: int) -> list[int]:
    """The ids under which a person is or was known: their own, and those of duplicates merged into them."""
    found, new = [person_id], [person_id]
    while new:
        new = list(session.scalars(sa.select(Person.id).where(Person.merged_into_id.in_(new)).order_by(Person.id)))
        found += new
    return found


def holders_of(session: Session, role: Role) -> int:
    """How many people here hold a role."""
    held = sa.select(RoleGrant.person_id).where(RoleGrant.role == role)
    here = (Person.is_here, Person.id.in_(held))
    return session.scalar(sa.select(sa.func.count()).select_from(Person).where(*here)) or 0


def entrusted_among(session: Session, person_ids: Collection[int]) -> set[int]:
    """Which of these people hold an entrusted role."""
    entrusted = RoleGrant.role.in_(ENTRUSTED_ROLES)
    return set(session.scalars(sa.select(RoleGrant.person_id).where(RoleGrant.person_id.in_(person_ids), entrusted)))


def own_agencies(session: Session, person: Person) -> list[tuple[int, str]]:
    """The agencies a person may say they work for: the one they have, and those their addresses point at."""
    domains = {domain_of(each) for each in (person.email, *(more.address for more in person.addresses)) if each}
    matching = sa.select(AgencyDomain.agency_id).where(AgencyDomain.domain.in_(domains))
    rows = session.execute(
        sa.select(Agency.id, Agency.name)
        .where(sa.or_(sa.and_(Agency.id.in_(matching), Agency.closed_on.is_(None)), Agency.id == person.agency_id))
        .order_by(Agency.name)
    )
    return [(row.id, row.name) for row in rows]


def person_by_ref(session: Session, ref: str) -> Person:
    """A person by reference. Raises Invalid at the field `ref`."""
    found = session.scalar(sa.select(Person).where(Person.ref == ref.strip()))
    if found is None:
        raise Invalid(f"There is no one with the reference {ref.strip()}. Look in the list of people.", field="ref")
    return found
