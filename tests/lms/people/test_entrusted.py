"""Records with an entrusted role: by whichever path, a business manager decides, and not about themselves."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from lms.frame.access import ENTRUSTED_ROLES, Actor, Role
from lms.frame.work import Work
from lms.kit.errors import NotAllowed
from lms.mail.models import OutboxLetter
from lms.merging.services import merge_people, unmerge_people
from lms.people.accounts.models import Account
from lms.people.models import Person, PersonAddress, PersonMerge, RoleGrant
from lms.people.rules import PersonDetails
from lms.people.services import (
    add_address,
    change_person,
    come_back,
    grant_role,
    mark_left,
    remove_address,
    revoke_role,
)
from lms.people.tables import IMPORT
from lms.sessions.models import SignInSession
from lms.signin.resets.services import reset_second_factor
from lms.tables.services import import_file
from tests.make import Make
from tests.moments import NOW

ENTRUSTED = sorted(ENTRUSTED_ROLES)
MINE = "mallory@letterbox.example"
TODAY = NOW.date()
Try = Callable[[Work, Person, Person], Any]


def _import(work: Work, officer: Person, _other: Person) -> None:
    file = (
        f"ref,name,email,agency_code,role_group,manager_name,manager_email\n{officer.ref},{officer.name},{MINE},,,,\n"
    )
    done = import_file(work, IMPORT, file.encode(), save=True)
    if not done.is_saved:
        raise NotAllowed(str(done.problems[0]))


def _address(work: Work, officer: Person, email: str) -> None:
    change_person(work, officer, PersonDetails(officer.name, email), shares_address=True)


def _unmerge(work: Work, officer: Person, other: Person) -> None:
    """Undoing a merge of before, when roles moved: the duplicate would get back what the officer has now."""
    grant = officer.roles[0]
    moved = {"rows": [{"table": "role_grant", "column": "person_id", "keys": [[grant.id]]}], "filled": {}}
    other.merged_into_id = officer.id
    merge = PersonMerge(
        kept_id=officer.id,
        duplicate_id=other.id,
        merged_at=NOW,
        moved={**moved, "address_added": None, "account_stopped": False},
    )
    work.session.add(merge)
    work.session.flush()
    unmerge_people(work, merge)


TRIES: dict[str, Try] = {
    "address": lambda work, officer, _: _address(work, officer, MINE),
    "no address": lambda work, officer, _: _address(work, officer, ""),
    "further address": lambda work, officer, _: add_address(work, officer, MINE),
    "further address away": lambda work, officer, _: remove_address(work, officer, officer.addresses[0].id),
    "leaving": lambda work, officer, _: mark_left(work, officer, on=TODAY),
    "coming back": lambda work, officer, _: come_back(work, officer),
    "revoking": lambda work, officer, _: revoke_role(work, officer, officer.roles[0].id),
    "a further role": lambda work, officer, _: grant_role(work, officer, Role.TRAINER),
    "the officer kept": merge_people,
    "the officer merged away": lambda work, officer, other: merge_people(work, other, officer),
    "unmerging": _unmerge,
    "import": _import,
    "second factor": lambda work, officer, _: reset_second_factor(work, officer, reason="Lost"),
}


@pytest.fixture
def office(make: Make) -> dict[Role, Person]:
    """Two of each, so that nobody is the last."""
    for role in ENTRUSTED:
        make.person(f"Second {role}", roles=(role,))
    return {role: _officer(make, role) for role in ENTRUSTED}


def _officer(make: Make, role: Role) -> Person:
    person = make.person(f"Robin {role}", roles=(role,))
    person.addresses.append(PersonAddress(address=f"{role}@old.example"))
    make.account(person).tf_totp_secret = "a factor"
    make.sign_in_session(person)
    return person


def _as(work: Work, person: Person, *roles: Role) -> Work:
    actor = Actor(person.name, person_id=person.id, roles=frozenset(roles))
    return replace(work, actor=actor)


def _held(session: Session, person: Person) -> tuple[Any, ...]:
    session.expire_all()
    account = session.scalar(sa.select(Account).where(Account.person_id == person.id))
    assert account is not None
    grants = session.execute(sa.select(RoleGrant.id, RoleGrant.role).where(RoleGrant.person_id == person.id)).all()
    return (
        person.email,
        [each.address for each in person.addresses],
        person.left_on,
        person.merged_into_id,
        grants,
        (_sessions(session, person), account.active, account.tf_totp_secret),
    )


def _sessions(session: Session, person: Person) -> list[int]:
    return list(session.scalars(sa.select(SignInSession.id).where(SignInSession.person_id == person.id)))


def _refused(work: Work, officer: Person, other: Person, attempt: Try) -> None:
    before = _held(work.session, officer)
    outer = work.session.begin_nested()
    with pytest.raises(NotAllowed, match="business manager"):
        attempt(work, officer, other)
    outer.rollback()
    assert _held(work.session, officer) == before


@pytest.mark.parametrize("path", TRIES)
@pytest.mark.parametrize("role", ENTRUSTED)
def test_nobody_but_a_business_manager_touches_a_record_that_is_entrusted(
    work: Work, make: Make, office: dict[Role, Person], role: Role, path: str
) -> None:
    """By whichever path; whoever is coordinator, review officer, finance or a token that may as much as a manager."""
    other, officer = make.person("Mal Lory", email=MINE), office[role]
    for tries in Role:
        if tries is not Role.BUSINESS_MANAGER:
            _refused(_as(work, make.person(roles=()), tries), officer, other, TRIES[path])
    token = replace(work, actor=Actor("HR (token)", roles=frozenset({Role.BUSINESS_MANAGER})))
    _refused(token, officer, other, TRIES[path])


@pytest.mark.parametrize("path", TRIES)
def test_a_business_manager_decides_about_others_and_not_about_themselves(
    work: Work, make: Make, office: dict[Role, Person], path: str
) -> None:
    manager = _as(work, office[Role.BUSINESS_MANAGER], Role.BUSINESS_MANAGER, Role.COORDINATOR)
    other = make.person("Mal Lory", email=MINE)
    _refused(manager, office[Role.BUSINESS_MANAGER], other, TRIES[path])
    TRIES[path](manager, office[Role.REVIEW_OFFICER], other)


@pytest.mark.parametrize("role", ENTRUSTED)
def test_only_a_business_manager_makes_somebody_one(work: Work, make: Make, role: Role) -> None:
    person, manager = make.person(), make.person(roles=(Role.BUSINESS_MANAGER,))
    for tries in set(Role) - {Role.BUSINESS_MANAGER}:
        with pytest.raises(NotAllowed, match="business manager decides"):
            grant_role(_as(work, make.person(), tries), person, role)
    with pytest.raises(NotAllowed, match="another business manager"):
        grant_role(_as(work, manager, Role.BUSINESS_MANAGER), manager, role)
    grant_role(_as(work, manager, Role.BUSINESS_MANAGER), person, role)


def test_a_coordinator_still_changes_everybody_else(work: Work, make: Make) -> None:
    coordinator = _as(work, make.coordinator(), Role.COORDINATOR)
    person, other = make.person(), make.person("Other", email="other@old.example")
    person.addresses.append(PersonAddress(address="further@old.example"))
    make.account(person).tf_totp_secret = "a factor"
    make.sign_in_session(person)
    make.person(roles=(Role.TRAINER,))
    grant_role(coordinator, person, Role.TRAINER)
    for path in ("address", "further address away", "revoking", "second factor", "leaving", "coming back", "import"):
        TRIES[path](coordinator, person, other)
    unmerge_people(coordinator, merge_people(coordinator, person, other))


PATHS_TOLD = sorted(set(TRIES) - {"import", "unmerging", "the officer merged away"})


@pytest.mark.parametrize("path", PATHS_TOLD)
def test_whoever_is_changed_is_written_to_and_signed_out(
    work: Work, make: Make, office: dict[Role, Person], session: Session, path: str
) -> None:
    officer, other = office[Role.FINANCE], make.person("Mal Lory", email=MINE)
    assert _sessions(session, officer) != []
    old, removed = officer.email, officer.addresses[0].address
    TRIES[path](work, officer, other)
    assert _sessions(session, officer) == []
    kinds = ("people.access_changed", "signin.account_changed")
    to_them = OutboxLetter.person_id == officer.id, OutboxLetter.kind.in_(kinds)
    letters = session.scalars(sa.select(OutboxLetter).where(*to_them)).all()
    also = set(session.scalars(sa.select(OutboxLetter.to_address).where(OutboxLetter.to_address != "")))
    both = {
        "address": {old},
        "no address": {old},
        "further address": {MINE},
        "further address away": {removed},
        "the officer kept": {MINE},
    }
    assert also == both.get(path, set())
    assert len(letters) == (0 if path == "no address" else 1)
    assert not any(MINE in str(each.context) or old in str(each.context) for each in letters)


def test_an_import_that_changes_an_address_writes_to_the_old_and_the_new(
    work: Work, make: Make, session: Session
) -> None:
    person = make.person(email="old@rvch.example")
    make.account(person)
    make.sign_in_session(person)
    _import(work, person, person)
    letters = session.scalars(sa.select(OutboxLetter).order_by(OutboxLetter.id)).all()
    assert [(each.person_id, each.to_address) for each in letters] == [(person.id, ""), (None, "old@rvch.example")]
    assert make.account(person).email == MINE
    assert session.scalars(sa.select(SignInSession)).all() == []
    _import(work, person, person)
    assert len(session.scalars(sa.select(OutboxLetter)).all()) == 2
