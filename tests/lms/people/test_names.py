"""What no name holds is refused wherever a name is typed, in words, and nothing of it is kept."""

import csv
import io
from collections.abc import Callable

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from lms.agencies.models import Agency
from lms.agencies.tables import IMPORT as AGENCIES
from lms.frame.access import Role
from lms.frame.plugins import Import
from lms.frame.work import Work
from lms.kit.errors import Invalid
from lms.partnership.models import Partnership
from lms.people.models import Person
from lms.people.rules import PersonDetails
from lms.people.services import add_person, change_own_details
from lms.people.tables import IMPORT as PEOPLE
from lms.tables.services import import_file
from tests.hostile import HARMLESS_NAMES, HOSTILE_NAMES, STORED_NAMES
from tests.make import Make

SignIn = Callable[[Person], FlaskClient]
CODED = "=?utf-8?q?=0d=0aBcc:_x?="


@pytest.mark.parametrize("name", HOSTILE_NAMES)
def test_no_service_keeps_such_a_name(work: Work, name: str) -> None:
    for field, details in (("name", PersonDetails(name)), ("manager_name", PersonDetails("Ann", manager_name=name))):
        with pytest.raises(Invalid) as refused:
            add_person(work, details)
        assert refused.value.field == field


@pytest.mark.parametrize("name", HARMLESS_NAMES)
def test_names_that_people_have_are_kept_as_they_are(work: Work, session: Session, name: str) -> None:
    person = add_person(work, PersonDetails(name, manager_name=name))
    session.flush()
    session.refresh(person)
    assert (person.name, person.manager_name) == (name, name)


@pytest.mark.parametrize("name", [CODED, "Ann http://evil.example", "Ann\u202enna", "Ann\u2028Bcc: x", "A" * 201])
def test_pages_refuse_such_a_name_and_keep_what_was_typed(
    client: FlaskClient, sign_in: SignIn, make: Make, session: Session, name: str
) -> None:
    manager = make.person("Gwen Ashdown", roles=(Role.BUSINESS_MANAGER,))
    person = make.person("Amara Fenwick-Osei")
    event_id = make.event().id
    sector_id, agency_id, person_id = person.agency.sector_id, person.agency_id, person.id
    office, own, stranger = sign_in(manager), sign_in(person), client
    details = {"agency": agency_id, "role_group": 0, "email": "x@rvch.example"}
    settings = {
        "short_name": "Rowan Valley", "rest_of_name": "SCP", "host_authority": "", "team_name": "Team",
        "team_email": "", "team_phone": "", "front_door_name": "", "front_door_phone": "", "ref_prefix": "RV",
        "brand": "", "brand_dark": "", "brand_mid": "", "brand_tint": "",
    }  # fmt: skip
    register = {"name": "Ann", "email": "x@home.example", "job_title": "Nurse", "agency_words": "Ashbeck"}
    doors = [
        (office, "/people/add", details | {"name": name}),
        (office, "/people/add", details | {"name": "Ann", "manager_name": name}),
        (office, f"/people/{person_id}/change", details | {"name": name}),
        (own, "/my/details", details | {"name": name}),
        (own, "/my/details", details | {"name": "Amara", "manager_name": name}),
        (own, "/my/details", details | {"name": "Amara", "job_title": name}),
        (office, "/agencies/add", {"code": "NEW", "name": name, "sector": sector_id}),
        (office, f"/agencies/{agency_id}/change", {"name": name, "sector": sector_id}),
        (office, "/lists/sectors", {"name": name}),
        *((office, "/settings/partnership", settings | {each: name}) for each in settings if each.endswith("_name")),
        (office, "/settings/partnership", settings | {"host_authority": name}),
        (office, "/settings/statements", {"dpo_name": name}),
        *((stranger, "/register", register | {each: name}) for each in register if each != "email"),
        (own, f"/events/{event_id}/book", {"manager_name": name, "manager_email": "m@rvch.example"}),
    ]
    for browser, url, data in doors:
        answer = browser.post(url, data=data)
        assert answer.status_code == 422, f"{url} answers {answer.status} to {data}"
        assert "this name" in answer.text.casefold(), url
    assert _kept(session, name) == []


def _kept(session: Session, name: str) -> list[str]:
    """Every column of the database in which it stands."""
    found = []
    for table in (Person, Agency, Partnership):
        for column in sa.inspect(table).columns:
            if isinstance(column.type, sa.Text) and session.scalar(sa.select(sa.exists().where(column == name))):
                found.append(f"{column.table.name}.{column.name}")
    return found


def test_files_refuse_such_a_name_by_row(work: Work, make: Make) -> None:
    make.agency(code="NEW")
    wrong = [name for name in STORED_NAMES if len(name) < 1000]
    for kind, key, columns in ((PEOPLE, "ref", ("name", "manager_name")), (AGENCIES, "code", ("name", "sector"))):
        rows = [
            {key: f"X{n}{column}", "name": "Ann", "sector": "Health", column: name}
            for n, name in enumerate(wrong)
            for column in columns
        ]
        done = import_file(work, kind, _csv(kind, rows), save=True)
        assert [each.column for each in done.problems] == [*columns] * len(wrong)
        assert done.rejected == len(rows)


def _csv(kind: Import, rows: list[dict[str, str]]) -> bytes:
    made = io.StringIO()
    names = [column.name for column in kind.columns]
    table = csv.DictWriter(made, names, quoting=csv.QUOTE_ALL, restval="", extrasaction="ignore")
    table.writeheader()
    table.writerows(rows)
    return made.getvalue().encode()


def test_the_command_refuses_such_a_name(app: Flask, make: Make) -> None:
    make.agency(code="NEW")
    make.commit()
    refused = app.test_cli_runner().invoke(
        args=["add-person", CODED, "x@rvch.example", "--agency", "NEW", "--role", "coordinator"]
    )
    assert refused.exit_code != 0
    assert "Leave =? out of this name." in refused.output


def test_whoever_has_such_a_name_from_before_can_do_everything_but_keep_it(work: Work, make: Make) -> None:
    person = make.person(CODED)
    with pytest.raises(Invalid):
        change_own_details(work, person, PersonDetails(CODED, person.email, agency_id=person.agency_id))
    change_own_details(work, person, PersonDetails("Ann", person.email, agency_id=person.agency_id))
    assert person.name == "Ann"


def test_names_from_before_are_listed_by_the_check(app: Flask, make: Make) -> None:
    make.person(CODED, ref="P404", manager_name="Ann http://evil.example")
    make.agency("Health\u202ehtlaeH", code="BIDI")
    make.session.get_one(Partnership, 1).team_name = "Team\nBcc: x"
    make.commit()
    said = app.test_cli_runner().invoke(args=["check"]).output
    assert "Person P404, name “utf-8?q?=0d=0aBcc:_x?=”: Leave =? out of this name." in said
    assert "Person P404, manager’s name “Ann http evil.example”: Leave web addresses out of this name." in said
    assert "Agency BIDI, name “HealthhtlaeH”: This name holds a hidden character" in said
    assert "The partnership, team_name “Team Bcc: x”: Enter this name on one line" in said
    assert "\u202e" not in said
