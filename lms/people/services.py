"""Persons: add, change, further addresses, leaving and coming back, roles.

Whoever is entrusted with much is changed by a business manager alone (`check_may_change`), and nobody's addresses,
roles or ways to sign in are changed without a letter to them and the end of their sessions (`tell_access`).
"""

import uuid
from collections.abc import Collection, Iterable, Mapping
from dataclasses import fields
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import selectinload

from lms.agencies.models import Agency, RoleGroup
from lms.frame.access import ENTRUSTED_ROLES, ROLE_WORDS, Role
from lms.frame.locks import for_update, lock_rows
from lms.frame.work import Work
from lms.kit.addresses import clean_address
from lms.kit.errors import Conflict, Invalid, Refused
from lms.kit.names import read_name
from lms.kit.portions import portions
from lms.kit.telephones import clean_telephone
from lms.kit.words import listed, long_date
from lms.kit.working_days import london_date
from lms.people import letters
from lms.people.accounts.models import Account
from lms.people.accounts.queries import account_of, with_account
from lms.people.facts import PersonCameBack
from lms.people.invitations.services import invite_if_needed
from lms.people.models import Person, PersonAddress, RoleGrant
from lms.people.queries import entrusted_among, holders_of, new_ref, own_agencies, sharing_address
from lms.people.rules import PersonDetails, check_decides, check_left, check_manager_is_another
from lms.sessions.services import end_all_sessions

NEVER_WITHOUT = frozenset({Role.COORDINATOR, Role.BUSINESS_MANAGER})


def add_person(work: Work, details: PersonDetails, *, ref: str = "", shares_address: bool = False) -> Person:
    """Add a person, under the next free reference unless one is given.

    An address that somebody else has is refused unless the two really share it.
    """
    if ref and work.session.scalar(sa.select(Person.id).where(Person.ref == ref)):
        raise Invalid(f"{ref} is someone else's reference. Leave it empty to get the next free one.", field="ref")
    person = Person(ref=ref or new_ref(work.session), name=details.name, created_at=work.now)
    _describe(work, person, details, shares_address=shares_address)
    work.session.add(person)
    work.record("person added", person, ref=person.ref)
    return person


def change_person(work: Work, person: Person, details: PersonDetails, *, shares_address: bool = False) -> Person:
    """Change what is said about a person. Bookings made before keep the agency and role group of their time."""
    lock_record(work, person)
    was = {each.name: getattr(person, each.name) for each in fields(PersonDetails)}
    _describe(work, person, details, shares_address=shares_address)
    work.session.flush()
    before = {name: value for name, value in was.items() if getattr(person, name) != value}
    if before:
        work.record("person changed", person, before=before)
    return person


def change_own_details(work: Work, person: Person, details: PersonDetails) -> Person:
    """Change one's own record. One may move to an agency whose domain one's address has, and keeps one's address."""
    allowed = {agency_id for agency_id, _ in own_agencies(work.session, person)}
    if details.agency_id != person.agency_id and details.agency_id not in allowed:
        raise Invalid("Your address does not belong to that agency. Ask the training team to move you.", field="agency")
    return change_person(work, person, details, shares_address=True)


def _describe(work: Work, person: Person, details: PersonDetails, *, shares_address: bool) -> None:
    email = clean_address(details.email)
    if email != person.email:
        if email and not shares_address:
            _check_address_is_free(work, email, person)
        set_email(work, person, email)
    person.name = read_name(details.name)
    person.phone = clean_telephone(details.phone)
    person.job_title = read_name(details.job_title, field="job_title")
    person.agency = work.session.get(Agency, details.agency_id) if details.agency_id else None
    person.role_group = work.session.get(RoleGroup, details.role_group_id) if details.role_group_id else None
    person.manager_name = read_name(details.manager_name, field="manager_name")
    manager_email = clean_address(details.manager_email, field="manager_email")
    if manager_email != person.manager_email:
        check_manager_is_another(manager_email, person.own_addresses)
    person.manager_email = manager_email


def _check_address_is_free(work: Work, email: str, person: Person) -> None:
    others = sharing_address(work.session, email, other_than=person.id)
    if others:
        names = listed(f"{each.name} ({each.ref})" for each in others)
        raise Invalid(
            f"{names} {'has' if len(others) == 1 else 'have'} this address. If this is the same person, use "
            "that record. If they share a mailbox, say so below.",
            field="email",
        )


def change_address(work: Work, person: Person, typed: str, *, shares_address: bool = False) -> Person:
    """Change the main address alone."""
    lock_record(work, person)
    email, was = clean_address(typed), person.email
    if email and email != was and not shares_address:
        _check_address_is_free(work, email, person)
    set_email(work, person, email)
    if email != was:
        work.record("person changed", person, before={"email": was})
    return person


def set_email(work: Work, person: Person, email: str) -> None:
    """Where letters go, and codes to sign in. Raises NotAllowed for whoever does not decide about this person."""
    if person.id is None or person.email == email:
        person.email = email
        return
    check_may_change(work, person)
    was, person.email = person.email, email
    if email:
        work.session.execute(sa.update(Account).where(Account.person_id == person.id).values(email=email))
    tell_access(work, person, "Your email address was changed.", also_to=was)
    invite_if_needed(work, person)


def add_address(work: Work, person: Person, typed: str) -> PersonAddress:
    """A further address by which a person is recognised."""
    lock_record(work, person)
    address = clean_address(typed, field="address")
    if not address:
        raise Invalid("Enter the address.", field="address")
    if address in {person.email, *(each.address for each in person.addresses)}:
        raise Invalid(f"{person.name} already has this address.", field="address")
    check_may_change(work, person)
    further = PersonAddress(address=address)
    person.addresses.append(further)
    work.record("address added", person)
    tell_access(work, person, "A further email address was added to your record.", also_to=address)
    return further


def remove_address(work: Work, person: Person, address_id: int) -> None:
    """Take a further address away. One that is gone already is fine."""
    lock_rows(work.session, Person, [person.id])
    gone = next((each for each in person.addresses if each.id == address_id), None)
    if gone is not None:
        check_may_change(work, person)
        person.addresses.remove(gone)
        work.record("address removed", person)
        what = "A further email address was removed from your record."
        tell_access(work, person, what, also_to=gone.address)


def mark_left(work: Work, person: Person, *, on: date) -> None:
    """A person has left: they cannot sign in any more, their calendar's address is dead, and their history stays."""
    for refusal in mark_all_left(work, {person: on}).values():
        raise refusal


def mark_all_left(work: Work, leavers: Mapping[Person, date]) -> dict[int, Refused]:
    """The same of several at once, in as many statements as for one. Of whom it cannot be said, why not, by id."""
    ids = [person.id for person in leavers]
    lock_rows(work.session, Person, ids)
    for some in portions(ids):
        work.session.scalars(sa.select(Person).where(Person.id.in_(some)).options(selectinload(Person.roles))).all()
    entrusted = {each for some in portions(ids) for each in entrusted_among(work.session, some)}
    refused: dict[int, Refused] = {}
    for person, on in leavers.items():
        try:
            _check_may_leave(work, person, on, entrusted)
        except Refused as refusal:
            refused[person.id] = refusal
            continue
        person.left_on, person.calendar_secret = on, None
    going = {person: on for person, on in leavers.items() if person.id not in refused}
    work.record_each("person left", {person: {"on": on} for person, on in going.items()})
    _let_sign_in(work, going, False)
    known = with_account(work.session, [person.id for person in going])
    for person, on in going.items():
        if person.roles or person.id in known:
            tell_access(work, person, f"We recorded that you left on {long_date(on)}. You can no longer sign in.")
    return refused


def _check_may_leave(work: Work, person: Person, on: date, entrusted: Collection[int]) -> None:
    _check_record(person)
    check_left(on, today=london_date(work.now))
    check_decides(work.actor, {person.id} & set(entrusted))
    for grant in person.roles:
        check_not_last(work, grant.role)


def come_back(work: Work, person: Person) -> None:
    """A person who had left is here again, with the roles they had."""
    lock_record(work, person)
    check_may_change(work, person)
    person.left_on = None
    _let_sign_in(work, [person], True)
    work.record("person came back", person)
    work.tell(PersonCameBack(person.id))
    _tell_if_known(work, person, "We recorded that you are back. You can sign in again, with the roles that you had.")
    invite_if_needed(work, person)


def _let_sign_in(work: Work, people: Iterable[Person], active: bool) -> None:
    for some in portions(person.id for person in people):
        work.session.execute(sa.update(Account).where(Account.person_id.in_(some)).values(active=active))


def _tell_if_known(work: Work, person: Person, what: str) -> None:
    """Somebody who has no role and never signed in loses nothing by leaving that they would miss."""
    if person.roles or account_of(work.session, person.id) is not None:
        tell_access(work, person, what)


def grant_role(work: Work, person: Person, role: Role, *, agency_id: int | None = None) -> RoleGrant:
    """Give a role. An agency lead's names the agency; everybody is a delegate."""
    lock_record(work, person)
    check_may_change(work, person, role=role)
    if (role is Role.AGENCY_LEAD) != (agency_id is not None):
        needed = "Choose the agency that they lead." if agency_id is None else "Only an agency lead has an agency."
        raise Invalid(needed, field="agency")
    if any(each.role is role and each.agency_id == agency_id for each in person.roles):
        raise Invalid(f"{person.name} is already {ROLE_WORDS[role]}.", field="role")
    agency = work.session.get(Agency, agency_id) if agency_id else None
    grant = RoleGrant(role=role, agency=agency, granted_at=work.now, granted_by_id=work.actor.person_id)
    person.roles.append(grant)
    work.record("role granted", person, role=role.value, agency=agency.code if agency else "")
    tell_access(work, person, f"You are now {grant.words}.")
    invite_if_needed(work, person)
    return grant


def revoke_role(work: Work, person: Person, grant_id: int) -> None:
    """Take a role away. The last coordinator and the last business manager keep theirs."""
    lock_rows(work.session, Person, [person.id])
    grant = next((each for each in person.roles if each.id == grant_id), None)
    if grant is None:
        return
    check_may_change(work, person)
    if person.is_here:
        check_not_last(work, grant.role)
    person.roles.remove(grant)
    work.record("role revoked", person, role=grant.role.value, agency=grant.agency.code if grant.agency else "")
    tell_access(work, person, f"You are no longer {grant.words}.")


def check_may_change(work: Work, *people: Person, role: Role | None = None) -> None:
    """One rule for every path that touches the addresses, roles or ways to sign in of these people, locked by this.

    Where one of them is entrusted with much, or is to get the role that makes it so, a business manager decides, and
    not about themselves. Raises NotAllowed.
    """
    ids = [person.id for person in people if person.id is not None]
    lock_rows(work.session, Person, ids)
    entrusted = entrusted_among(work.session, ids)
    if role in ENTRUSTED_ROLES:
        entrusted |= set(ids)
    check_decides(work.actor, entrusted)


def tell_access(work: Work, person: Person, what: str, *, also_to: str = "") -> None:
    """End every session of a person whose addresses, roles or ways to sign in were changed, and write to them."""
    end_all_sessions(work, person.id)
    for letter in letters.access_changed(person, what, occurrence=uuid.uuid4().hex, also_to=also_to):
        work.send(letter)


def check_not_last(work: Work, role: Role) -> None:
    """There is always a coordinator and a business manager, once there is one."""
    lock_holders(work, {role})
    if words := why_needed(work, role):
        raise Conflict(words)


def lock_holders(work: Work, roles: Collection[Role]) -> None:
    """Let others wait who would take one of these roles away from somebody."""
    held = sa.select(RoleGrant.id).where(RoleGrant.role.in_(roles)).order_by(RoleGrant.id)
    work.session.execute(for_update(held))


def why_needed(work: Work, role: Role) -> str:
    """Why nobody more may lose this role, in a sentence; "" when somebody else has it. Locks nothing."""
    if role in NEVER_WITHOUT and holders_of(work.session, role) <= 1:
        return f"This is the last {ROLE_WORDS[role]}. Give someone else that role first."
    return ""


def lock_record(work: Work, person: Person) -> None:
    """The record, locked and read again: two who change it, merge it or erase it do so one after the other.

    Raises Conflict for a duplicate, as the person kept is changed, and for somebody who was erased.
    """
    lock_rows(work.session, Person, [person.id])
    _check_record(person)


def _check_record(person: Person) -> None:
    if person.erased_at is not None:
        raise Conflict("This person was erased. Their record is only counted now. Add them again if they return.")
    if person.merged_into_id is not None:
        raise Conflict("This record was merged into another. Change that one, or undo the merge first.")
