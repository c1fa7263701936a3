"""The demonstration's people: twelve hundred who exist nowhere, with the awkward cases that every partnership knows."""

import re
import unicodedata
from collections import Counter
from dataclasses import dataclass, field
from datetime import timedelta
from random import Random
from typing import Any

import sqlalchemy as sa

from lms.agencies.demonstration import agency_rows
from lms.agencies.models import Agency, RoleGroup
from lms.frame.access import Role
from lms.frame.demonstration import Row, chance, read_rows, read_words
from lms.frame.work import Work
from lms.kit.working_days import london_date
from lms.people.models import Person, PersonAddress, RoleGrant

WORDS = read_words(__file__)
FIRST_NAMES = WORDS["first_names"].split()
LAST_NAMES = WORDS["last_names"].split()
KINDS: dict[str, dict[str, Any]] = WORDS["kinds"]
MANAGERS = "Managers and supervisors"
PRIVATE_DOMAIN = "letterbox.example"
NO_ADDRESS = "none"
PEOPLE_A_MANAGER = 12
SHARE_OF_VOLUNTEERS_ALONE = 0.5
SHARE_WHO_LEFT = 0.03
SHARE_WITH_PHONE = 0.4
SHARE_WITH_TWO_SURNAMES = 0.1


@dataclass
class PeopleMaking:
    """What is at hand while the people are made, one agency after the other."""

    work: Work
    agencies: dict[str, Agency]
    role_groups: dict[str, RoleGroup]
    random: Random = field(default_factory=lambda: chance("people"))
    people: dict[str, Person] = field(default_factory=dict)
    addresses: Counter[str] = field(default_factory=Counter)
    names: set[str] = field(default_factory=set)


def load(work: Work) -> None:
    """Add the people whom the demonstration knows by name, then as many others as each agency has."""
    agencies = {each.code: each for each in work.session.scalars(sa.select(Agency).order_by(Agency.id))}
    groups = {each.name: each for each in work.session.scalars(sa.select(RoleGroup).order_by(RoleGroup.id))}
    making = PeopleMaking(work, agencies, groups)
    known = read_rows(__file__)
    for row in known:
        _known_person(making, row)
    there = Counter(row["agency"] for row in known)
    heads = {row["code"]: _staff(making, row, int(row["people"]) - there[row["code"]]) for row in agency_rows()}
    for row in known:
        manager = heads[row["agency"]] if row["manager"] == "head" else making.people.get(row["manager"])
        _agree(making.people[row["ref"]], manager)
    work.session.add_all(making.people.values())
    work.session.flush()


def _known_person(making: PeopleMaking, row: Row) -> None:
    agency = making.agencies[row["agency"]]
    email = "" if row["email"] == NO_ADDRESS else row["email"] or _address(making, row["name"], agency)
    making.names.add(row["name"])
    person = _person(making, agency, row["ref"], row["name"], email)
    person.job_title = row["job_title"]
    person.role_group = making.role_groups[row["role_group"]] if row["role_group"] else None
    for name in filter(None, row["roles"].split(";")):
        _grant(person, Role(name))


def _staff(making: PeopleMaking, row: Row, number: int) -> Person | None:
    """The people of one agency whom nobody knows by name. Answers who leads it, if anybody does."""
    kind, agency = KINDS[row["kind"]], making.agencies[row["code"]]
    leading = min(number, 1 + number // PEOPLE_A_MANAGER) if kind["manager"] else 0
    titles = [kind.get("head", kind["manager"]), *[kind["manager"]] * leading][:leading]
    managers = [_invented_person(making, agency, title, MANAGERS) for title in titles]
    for manager in managers[1:]:
        _agree(manager, managers[0])
    if managers and number >= PEOPLE_A_MANAGER:
        _grant(managers[0], Role.AGENCY_LEAD)
    jobs = kind["jobs"]
    for job, group, _ in making.random.choices(jobs, [often for *_, often in jobs], k=number - leading):
        worker = _invented_person(making, agency, job, group)
        _agree(worker, _manager_for(making, job, managers))
        _leave_perhaps(making, worker)
        _keep_old_address_perhaps(making, worker)
    return managers[0] if managers else None


def _manager_for(making: PeopleMaking, job: str, managers: list[Person]) -> Person | None:
    is_alone = job.startswith("Volunteer") and making.random.random() < SHARE_OF_VOLUNTEERS_ALONE
    return None if is_alone or not managers else making.random.choice(managers)


def _invented_person(making: PeopleMaking, agency: Agency, job: str, group: str) -> Person:
    name = _new_name(making)
    ref = f"RV{len(making.people) + 100:05}"
    person = _person(making, agency, ref, name, _address(making, name, agency))
    person.job_title, person.role_group = job, making.role_groups[group]
    return person


def _new_name(making: PeopleMaking) -> str:
    """A name that nobody has yet, so that a person in a list can be told from the next."""
    while True:
        last = making.random.choice(LAST_NAMES)
        if making.random.random() < SHARE_WITH_TWO_SURNAMES:
            last = f"{last}-{making.random.choice(LAST_NAMES)}"
        name = f"{making.random.choice(FIRST_NAMES)} {last}"
        if name not in making.names:
            making.names.add(name)
            return name


def _address(making: PeopleMaking, name: str, agency: Agency) -> str:
    """first.last at the agency's domain, with a number when somebody there has it already."""
    plain = unicodedata.normalize("NFKD", name.lower()).encode("ascii", "ignore").decode()
    local = re.sub(r"[^a-z-]+", ".", plain)
    address = f"{local}@{agency.domains[0].domain if agency.domains else PRIVATE_DOMAIN}"
    making.addresses[address] += 1
    often = making.addresses[address]
    return address if often == 1 else address.replace("@", f"{often}@")


def _person(making: PeopleMaking, agency: Agency, ref: str, name: str, email: str) -> Person:
    """A person in the records for more than a year, so that history can speak of them."""
    number = len(making.people)
    person = Person(
        ref=ref,
        name=name,
        email=email,
        phone=f"07700 900 {number % 1000:03}" if making.random.random() < SHARE_WITH_PHONE else "",
        agency=agency,
        created_at=making.work.now - timedelta(days=making.random.randrange(400, 1000), minutes=number % 420),
    )
    making.people[ref] = person
    return person


def _agree(person: Person, manager: Person | None) -> None:
    """Say who agrees that a person may attend. Some have nobody."""
    if manager is not None:
        person.manager_name, person.manager_email = manager.name, manager.email


def _grant(person: Person, role: Role) -> None:
    leads = person.agency if role is Role.AGENCY_LEAD else None
    person.roles.append(RoleGrant(role=role, agency=leads, granted_at=person.created_at + timedelta(days=1)))


def _leave_perhaps(making: PeopleMaking, person: Person) -> None:
    """Some have left in the course of the year."""
    if making.random.random() < SHARE_WHO_LEFT:
        person.left_on = london_date(making.work.now) - timedelta(days=making.random.randrange(10, 330))


def _keep_old_address_perhaps(making: PeopleMaking, person: Person) -> None:
    """Half of those at an agency that another was merged into still have an address from before."""
    before = next((each for each in making.agencies.values() if each.successor is person.agency), None)
    if before is not None and making.random.random() < 0.5:
        person.addresses.append(PersonAddress(address=_address(making, person.name, before)))
