"""Whoever tries whichever route that changes something against a record that is entrusted: it stays as it was.

The one rule is `lms.people.services.check_may_change`. When this fails for a page of yours, let its service ask it.
"""

import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from typing import Any

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient
from sqlalchemy.orm import Session
from werkzeug.routing import Rule

from lms.frame.access import ENTRUSTED_ROLES, Role, program
from lms.frame.db import Base
from lms.frame.work import Work
from lms.merging.services import merge_people
from lms.people.accounts.models import Account
from lms.people.models import Person, PersonAddress
from lms.people.queries import person_by_ref
from lms.sessions.models import SignInSession
from tests.house.world import WHO, World, examples
from tests.make import Make
from tests.moments import NOW

pytestmark = pytest.mark.slow

MINE = "mallory@letterbox.example"
OWN = frozenset({"account", "at_work", "signin"})
"""Blueprints by which people change their own ways to sign in. Tried last of all: some sign the reader out."""

ENDS = frozenset({"merging.merge", "changes.left", "personal_data.erase"})
"""After these there is not much left to change."""

ROOMS_OF_PEOPLE = frozenset(
    {"changes", "entrusting", "leaving", "merging", "people", "personal_data", "resets", "tables"}
)
"""Blueprints by which a business manager may change somebody's record."""

TYPED: Mapping[str, Any] = {
    "name": "Mal Lory",
    "email": MINE,
    "address": MINE,
    "shares_address": "y",
    "phone": "01632 960 001",
    "job_title": "",
    "agency": "0",
    "agency_id": "0",
    "role_group": "0",
    "role": "trainer",
    "left_on": NOW.date().isoformat(),
    "reason": "They asked",
    "answer": "agree",
    "kind": "people",
    "code": "123456",
    "password": "a long enough password",
    "again": "a long enough password",
    "person_ref": "HOUSE-MALLORY",
    "identifier": "HOUSE-MALLORY",
}
"""What whoever tries would type into any form."""


@dataclass(frozen=True)
class Victim:
    """A record that is entrusted, with something of all that lets its owner in."""

    person_id: int
    ref: str
    session_id: int
    numbers: Mapping[str, list[int]]

    def held(self, world: World) -> list[tuple[Any, ...]]:
        """Every row that says who they are and what lets them in."""
        with Session(world.engine) as session, session.begin():
            tables = [
                Base.metadata.tables[name] for name in ("role_grant", "person_address", "account", "linked_account")
            ]
            rows = [tuple(row) for table in tables for row in session.execute(_of(table, self.person_id))]
            person = session.get_one(Person, self.person_id)
            theirs = sa.select(SignInSession.person_id).where(SignInSession.id == self.session_id)
            rows.append(tuple(session.scalars(theirs)))
            rows.append((person.ref, person.email, person.left_on, person.merged_into_id, person.erased_at))
            return rows


def _of(table: sa.Table, person_id: int) -> sa.Select[Any]:
    return sa.select(table).where(table.c.person_id == person_id).order_by(table.c.id)


def _victim(world: World, role: Role) -> Victim:
    """The world's holder of the role. There is a second holder, so that nobody is the last; and an invented person."""
    with Session(world.engine) as session, session.begin():
        make, person = Make(session), person_by_ref(session, f"HOUSE-{role}")
        make.person(f"Second {role}", roles=(role,))
        account = session.scalars(sa.select(Account).where(Account.person_id == person.id)).one()
        account.tf_totp_secret, account.mf_recovery_codes = "a factor", ["locked"]
        person.addresses.append(PersonAddress(address=f"{role}@old.example"))
        mallory = make.person("Mal Lory", ref="HOUSE-MALLORY", email=MINE)
        make.account(mallory)
        session.flush()
        merge = _merge_of_before(world, session, person, make)
        numbers = {
            "person_id": [person.id],
            "kept_id": [person.id, mallory.id],
            "duplicate_id": [mallory.id, person.id],
            "grant_id": [each.id for each in person.roles],
            "address_id": [each.id for each in person.addresses],
            "merge_id": [merge],
            "account_id": [account.id],
        }
        return Victim(person.id, person.ref, make.sign_in_session(person).id, numbers)


def _merge_of_before(world: World, session: Session, person: Person, make: Make) -> int:
    """The record had a duplicate merged into it once."""
    work = Work(session=session, actor=program("test"), now=NOW, site=world.site)
    merge = merge_people(work, person, make.person("Duplicate"))
    session.flush()
    return merge.id


def _posts(world: World, victim: Victim) -> list[tuple[str, str]]:
    """Every address that takes POST, aimed at the victim wherever it can be; what signs the reader out comes last."""
    found: dict[str, str] = {}
    with Session(world.engine) as session, session.begin(), world.app.test_request_context():
        for rule in _rules(world):
            for values in _aimed(session, rule, victim):
                found[world.app.url_for(rule.endpoint, **values)] = rule.endpoint
    return sorted(found.items(), key=lambda each: (each[1].split(".")[0] in OWN, each[1] in ENDS, each))


def _rules(world: World) -> list[Rule]:
    rules = world.app.url_map.iter_rules()
    return [rule for rule in rules if "POST" in (rule.methods or ()) and not rule.endpoint.startswith("api.")]


def _aimed(session: Session, rule: Rule, victim: Victim) -> Iterator[dict[str, Any]]:
    aimed = {name: victim.numbers[name] for name in rule.arguments if name in victim.numbers}
    words = {name: getattr(each, "items", None) for name, each in rule._converters.items()}
    for values in islice(examples(session, rule), 1):
        chosen = {name: sorted(words[name])[0] if words.get(name) else value for name, value in values.items()}
        for number in range(max((len(numbers) for numbers in aimed.values()), default=1)):
            yield {**chosen, **{name: numbers[number % len(numbers)] for name, numbers in aimed.items()}}


def _try(browser: FlaskClient, url: str, victim: Victim) -> None:
    typed = {**TYPED, "ref": victim.ref}
    if url == "/tables":
        header = "ref,name,email,agency_code,role_group,manager_name,manager_email"
        file = f"{header}\n{victim.ref},X,by-file@letterbox.example,,,,\n"
        typed["file"] = (io.BytesIO(file.encode()), "people.csv")
    with browser.post(url, data=typed) as answer:
        assert answer.status_code < 500, url
        if url == "/tables" and answer.status_code == 303:
            browser.post(f"{answer.location}/save").close()


def _changed_by(world: World, who: str, victim: Victim, *, refused_too: bool = False) -> list[str]:
    """The addresses by which somebody changed the record. What their guard keeps from them, no view hears of."""
    found, before, open_to = [], victim.held(world), world.let_in(who)
    for url, endpoint in _posts(world, victim):
        if not refused_too and endpoint not in open_to:
            continue
        _try(world.browser(who), url, victim)
        after = victim.held(world)
        if after != before:
            found.append(f"{url} ({endpoint})")
            before = after
    return found


@pytest.mark.parametrize("who", [each for each in WHO if each not in (Role.BUSINESS_MANAGER, Role.REVIEW_OFFICER)])
def test_nobody_changes_the_review_officers_record(own_world: World, who: str) -> None:
    """A delegate knocks at every door, also at those that the guard keeps shut; the others at those that it opens."""
    victim = _victim(own_world, Role.REVIEW_OFFICER)
    assert len(_posts(own_world, victim)) > 100
    assert _changed_by(own_world, who, victim, refused_too=who == Role.DELEGATE) == []


@pytest.mark.parametrize("role", sorted(ENTRUSTED_ROLES - {Role.REVIEW_OFFICER, Role.COORDINATOR}))
def test_a_coordinator_changes_no_entrusted_record(own_world: World, role: Role) -> None:
    assert _changed_by(own_world, Role.COORDINATOR, _victim(own_world, role)) == []


@pytest.mark.parametrize("who", sorted(ENTRUSTED_ROLES - {Role.BUSINESS_MANAGER, Role.COORDINATOR}))
def test_whoever_is_entrusted_themselves_changes_no_business_managers_record(own_world: World, who: Role) -> None:
    assert _changed_by(own_world, who, _victim(own_world, Role.BUSINESS_MANAGER)) == []


def test_on_postgresql_a_coordinator_changes_no_entrusted_record(postgresql_world: World) -> None:
    assert _changed_by(postgresql_world, Role.COORDINATOR, _victim(postgresql_world, Role.REVIEW_OFFICER)) == []


@pytest.mark.parametrize("role", sorted(ENTRUSTED_ROLES))
def test_whoever_is_entrusted_changes_of_their_own_record_only_how_they_sign_in(own_world: World, role: Role) -> None:
    """Business managers too. By "My account" they change their own password and app, and end their own sessions."""
    changed = _changed_by(own_world, role, _victim(own_world, role))
    assert [each for each in changed if not each.startswith(("/account/", "/sign-"))] == []
    assert any("account.password" in each for each in changed)


def test_a_business_manager_changes_another_record_by_the_pages_that_are_made_for_it(own_world: World) -> None:
    """And by no others: this is what the walk finds where the rule allows it."""
    changed = _changed_by(own_world, Role.BUSINESS_MANAGER, _victim(own_world, Role.REVIEW_OFFICER))
    endpoints = {each.partition("(")[2].rstrip(")") for each in changed}
    assert endpoints >= {"changes.change", "changes.addresses", "changes.roles", "resets.reset", "tables.tables"}
    assert {each.split(".")[0] for each in endpoints} <= ROOMS_OF_PEOPLE


def test_where_the_one_rule_is_taken_away_the_walk_finds_each_door(
    own_world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """So that the walk cannot pass because its forms are filled in wrongly."""
    monkeypatch.setattr("lms.people.services.check_decides", lambda *_: None)
    monkeypatch.setattr("lms.people.tables.why_not_decide", lambda *_: "")
    monkeypatch.setattr("lms.entrusting.queries.why_not_decide", lambda *_: "")
    changed = _changed_by(own_world, Role.COORDINATOR, _victim(own_world, Role.REVIEW_OFFICER))
    endpoints = {each.partition("(")[2].rstrip(")") for each in changed}
    assert endpoints >= {"changes.change", "changes.addresses", "changes.roles", "resets.reset", "tables.tables"}
    assert endpoints & {"merging.merge", "merging.undo", "changes.left"}
