"""Pages about people: who sees whom, what is refused, what is kept as typed."""

from collections.abc import Callable

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from lms.frame.access import Role
from lms.people.models import Person, RoleGrant
from tests.make import Make

SignIn = Callable[[Person], FlaskClient]


def test_a_coordinator_opens_every_page_about_a_person(sign_in: SignIn, make: Make) -> None:
    person = make.person("Tobiah Hanley-Roe")
    browser = sign_in(make.coordinator())
    for address in (
        "/people",
        "/people/add",
        "/people/duplicates",
        f"/people/{person.id}",
        f"/people/{person.id}/change",
        f"/people/{person.id}/addresses",
        f"/people/{person.id}/roles",
        f"/people/{person.id}/left",
        f"/people/{person.id}/merge",
        "/my/details",
    ):
        assert browser.get(address).status_code == 200, address


def test_people_are_found_by_name_address_reference_and_agency(sign_in: SignIn, make: Make) -> None:
    trust = make.agency("Larkham Children's Trust")
    person = make.person("Nerys Calloway-Jha", agency=trust, ref="P00077", email="n.jha@trust.example")
    make.person("Tobiah Hanley-Roe")
    browser = sign_in(make.coordinator())
    for words in ("nerys", "N.JHA@", "P00077", "larkham trust", "nerys larkham"):
        found = browser.get("/people", query_string={"words": words}).text
        assert person.name in found, words
        assert "Tobiah" not in found, words
    assert "No one found" in browser.get("/people", query_string={"words": "100%"}).text


def test_the_list_takes_the_same_number_of_queries_for_many_people(
    sign_in: SignIn, make: Make, app: Flask, count_queries: Callable[[], list[str]]
) -> None:
    browser = sign_in(make.coordinator())
    few = count_queries()
    browser.get("/people")
    few_queries = len(few)
    agency = make.agency()
    for number in range(60):
        make.person(f"Person {number}", agency=agency, role_group=make.role_group())
    make.commit()
    few.clear()
    page = browser.get("/people")
    assert len(few) == few_queries
    assert page.text.count("<tr>") == 51
    assert "Pages of people" in page.text


def test_an_agency_lead_sees_their_own_agencys_people_and_nobody_else(sign_in: SignIn, make: Make) -> None:
    ours, theirs = make.agency("Ours"), make.agency("Theirs")
    lead = make.person("Lead", agency=ours, roles=(Role.AGENCY_LEAD,))
    colleague, stranger = make.person("Our Colleague", agency=ours), make.person("Their Stranger", agency=theirs)
    browser = sign_in(lead)
    listed = browser.get("/people").text
    assert "Our Colleague" in listed
    assert "Their Stranger" not in listed
    assert "Theirs" not in listed
    assert "Their Stranger" not in browser.get(f"/people?agency={theirs.id}&words=stranger").text
    assert browser.get(f"/people/{colleague.id}").status_code == 200
    assert browser.get(f"/people/{stranger.id}").status_code == 404
    assert browser.get(f"/people/{colleague.id}/change").status_code == 403
    assert browser.post(f"/people/{colleague.id}/back").status_code == 403


def test_a_delegate_is_refused_the_list_and_the_public_is_asked_to_sign_in(
    sign_in: SignIn, make: Make, client: FlaskClient
) -> None:
    browser = sign_in(make.person())
    assert browser.get("/people").status_code == 403
    assert client.get("/people").status_code == 302


def test_a_person_is_added_with_the_next_free_reference(sign_in: SignIn, make: Make, session: Session) -> None:
    browser = sign_in(make.coordinator())
    answer = browser.post(
        "/people/add",
        data={"name": "Oisin Partridge-Lund", "email": "", "agency": "0", "role_group": "0"},
        follow_redirects=True,
    )
    assert answer.status_code == 200
    assert "Added Oisin Partridge-Lund, P00" in answer.text


def test_a_shared_mailbox_is_asked_about_and_what_was_typed_is_kept(sign_in: SignIn, make: Make) -> None:
    make.person("Nerys Calloway-Jha", email="team@trust.example")
    browser = sign_in(make.coordinator())
    typed = {"name": "Idris Vance", "email": "Team@Trust.example", "agency": "0", "role_group": "0"}
    refused = browser.post("/people/add", data=typed)
    assert refused.status_code == 422
    assert "If this is the same person" in refused.text
    assert 'value="Idris Vance"' in refused.text
    agreed = browser.post("/people/add", data={**typed, "shares_address": "y"})
    assert agreed.status_code == 303


@pytest.mark.parametrize(
    ("field", "typed", "words"),
    [
        ("name", " ", "Enter the name"),
        ("email", "nerys at trust", "like name@example.org"),
        ("manager_email", "x@", "like"),
    ],
)
def test_what_cannot_be_used_is_refused_at_its_field(
    sign_in: SignIn, make: Make, field: str, typed: str, words: str
) -> None:
    person = make.person("Nerys Calloway-Jha")
    browser = sign_in(make.coordinator())
    good = {"name": "Nerys Vance", "phone": "0123", "email": "a@b.example", "agency": "0", "role_group": "0"}
    answer = browser.post(f"/people/{person.id}/change", data={**good, field: typed})
    assert answer.status_code == 422
    assert words in answer.text
    assert 'value="0123"' in answer.text


def test_people_move_themselves_only_where_their_address_belongs(sign_in: SignIn, make: Make, session: Session) -> None:
    trust = make.agency("Trust", domains=["trust.example"])
    stranger = make.agency("Stranger")
    me = make.person("Me Myself", email="me@trust.example")
    browser = sign_in(me)
    form = browser.get("/my/details").text
    assert "Trust" in form
    assert "Stranger" not in form
    typed = {"name": "Me Myself", "role_group": "0", "job_title": "Nurse"}
    assert browser.post("/my/details", data={**typed, "agency": stranger.id}).status_code == 422
    assert browser.post("/my/details", data={**typed, "agency": trust.id}).status_code == 303
    session.refresh(me)
    assert (me.agency_id, me.job_title, me.email) == (trust.id, "Nurse", "me@trust.example")


def test_a_coordinator_gives_a_role_and_not_to_themselves(sign_in: SignIn, make: Make, session: Session) -> None:
    coordinator, other = make.coordinator(), make.person("Other")
    browser = sign_in(coordinator)
    given = browser.post(f"/people/{other.id}/roles", data={"role": "trainer", "agency": "0"})
    assert given.status_code == 303
    assert session.scalars(sa.select(RoleGrant.role).where(RoleGrant.person_id == other.id)).all() == [Role.TRAINER]
    make.commit()
    own = browser.post(
        f"/people/{coordinator.id}/roles", data={"role": "finance", "agency": "0"}, follow_redirects=True
    )
    assert "Nothing is changed until then" in own.text
    without_agency = browser.post(f"/people/{other.id}/roles", data={"role": "agency_lead", "agency": "0"})
    assert without_agency.status_code == 422
    assert "Choose the agency that they lead" in without_agency.text


def test_the_last_coordinator_keeps_the_role(sign_in: SignIn, make: Make, session: Session) -> None:
    manager = make.person("Manager", roles=(Role.BUSINESS_MANAGER,))
    coordinator = make.coordinator()
    browser = sign_in(manager)
    grant = coordinator.roles[0].id
    assert browser.post(f"/people/{coordinator.id}/roles/{grant}/revoke").status_code == 409
    assert browser.post(f"/people/{coordinator.id}/left", data={"left_on": "2026-03-16"}).status_code == 409
    make.coordinator("Second")
    make.commit()
    assert browser.post(f"/people/{coordinator.id}/roles/{grant}/revoke").status_code == 303


def test_two_records_are_merged_by_pages_and_unmerged(sign_in: SignIn, make: Make, session: Session) -> None:
    kept, duplicate = make.person("Nerys Calloway"), make.person("Nerys Calloway-Jha", email="other@trust.example")
    browser = sign_in(make.coordinator())
    chosen = browser.post(f"/people/{kept.id}/merge", data={"ref": duplicate.ref})
    assert chosen.headers["Location"].endswith(f"/people/{kept.id}/merge/{duplicate.id}")
    assert "other@trust.example" in browser.get(chosen.headers["Location"]).text
    merged = browser.post(f"/people/{kept.id}/merge/{duplicate.id}", follow_redirects=True)
    assert "Undo the merge" in merged.text
    assert "also other@trust.example" in merged.text
    session.refresh(duplicate)
    assert duplicate.merged_into_id == kept.id
    make.commit()
    undone = browser.post("/people/merges/1/undo", follow_redirects=True)
    assert "record of its own again" in undone.text
    session.refresh(duplicate)
    assert duplicate.merged_into_id is None
    make.commit()
    assert browser.post("/people/merges/1/undo").status_code == 409
    assert browser.post("/people/merges/99/undo").status_code == 404


@pytest.mark.parametrize("role", ["coordinator", "review_officer", "business_manager", "finance"])
def test_only_a_business_manager_entrusts_embargoed_reviews_policy_or_money(
    sign_in: SignIn, make: Make, session: Session, role: str
) -> None:
    person = make.person("Tobiah Hanley-Roe")
    manager = make.person("Hamish Eldermoor", roles=(Role.BUSINESS_MANAGER,))
    address, asked = f"/people/{person.id}/roles", {"role": role, "agency": "0"}
    answer = sign_in(make.coordinator()).post(address, data=asked, follow_redirects=True)
    assert "A business manager decides this: Hamish Eldermoor has been asked" in answer.text
    held = sa.select(RoleGrant.role).where(RoleGrant.person_id == person.id)
    assert session.scalars(held).all() == []
    assert sign_in(manager).post(address, data=asked).status_code == 303
    session.rollback()
    assert session.scalars(held).all() == [role]
