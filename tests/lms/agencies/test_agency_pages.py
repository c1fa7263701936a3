"""Agencies, sectors and role groups as pages."""

from collections.abc import Callable

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from lms.agencies.models import Agency, FormerAgencyName, Sector
from lms.agencies.rules import domain_warning
from lms.people.models import Person
from tests.databases import ON_SQLITE
from tests.make import Make

SignIn = Callable[[Person], FlaskClient]


@ON_SQLITE
def test_an_agency_is_added_renamed_and_found_by_its_former_name(sign_in: SignIn, make: Make, session: Session) -> None:
    sector = make.sector("Early years")
    browser = sign_in(make.coordinator())
    typed = {"name": "Ashbeck Nursery", "code": "ASH", "sector": sector.id, "domains": "@Ashbeck.example\nnhs.net"}
    added = browser.post("/agencies/add", data=typed, follow_redirects=True)
    assert "Added Ashbeck Nursery" in added.text
    assert "Many agencies share nhs.net" in added.text
    agency_id = session.scalars(sa.select(Agency.id).where(Agency.code == "ASH")).one()
    make.commit()
    renamed = {**typed, "name": "Ashbeck Children’s Centre", "renamed_on": "2026-03-01"}
    assert browser.post(f"/agencies/{agency_id}/change", data=renamed).status_code == 303
    assert session.scalars(sa.select(FormerAgencyName.name)).all() == ["Ashbeck Nursery"]
    make.commit()
    assert "Ashbeck Children’s Centre" in browser.get("/agencies?words=nursery").text
    assert "Ashbeck Nursery until" in browser.get(f"/agencies/{agency_id}").text


@ON_SQLITE
@pytest.mark.parametrize(
    ("field", "typed", "words"),
    [
        ("name", " ", "Enter the agency’s name"),
        ("code", "A B", "without spaces"),
        ("code", "TAKEN", "already an agency with the code TAKEN"),
        ("domains", "not a domain", "is not an email domain"),
        ("domains", "taken.example", "taken.example belongs to"),
        ("charge_email", "nobody", "like name@example.org"),
    ],
)
def test_what_cannot_be_is_refused_and_the_rest_kept(
    sign_in: SignIn, make: Make, field: str, typed: str, words: str
) -> None:
    make.agency("Taken", code="TAKEN", domains=["taken.example"])
    browser = sign_in(make.coordinator())
    good = {"name": "Ashbeck", "code": "ASH", "sector": make.sector().id, "charge_email": "money@ashbeck.example"}
    make.commit()
    answer = browser.post("/agencies/add", data={**good, field: typed})
    assert answer.status_code == 422
    assert words in answer.text
    assert ("money@ashbeck.example" if field != "charge_email" else "Ashbeck") in answer.text


def test_an_agency_is_merged_and_its_people_move(sign_in: SignIn, make: Make, session: Session) -> None:
    old, new = make.agency("Old"), make.agency("New")
    person = make.person("Nerys", agency=old)
    browser = sign_in(make.coordinator())
    assert browser.get(f"/agencies/{old.id}/merge").status_code == 200
    typed = {"successor": new.id, "closed_on": "2026-03-16", "move_people": "y"}
    merged = browser.post(f"/agencies/{old.id}/merge", data=typed, follow_redirects=True)
    assert "Old is now part of New. 1 person moved." in merged.text
    session.refresh(person)
    assert person.agency_id == new.id
    make.commit()
    back = browser.post(f"/agencies/{new.id}/merge", data={**typed, "successor": old.id})
    assert back.status_code == 422
    assert "Old" not in browser.get("/agencies?words=old").text.split("</form>")[-1]
    assert browser.post(f"/agencies/{old.id}/reopen").status_code == 303
    assert browser.post(f"/agencies/{old.id}/close", data={"closed_on": "2026-03-16"}).status_code == 303


def test_sectors_are_added_ordered_renamed_and_removed_when_unused(
    sign_in: SignIn, make: Make, session: Session
) -> None:
    used = make.sector("Used")
    make.agency("Any", sector=used)
    browser = sign_in(make.coordinator())
    assert browser.post("/lists/sectors", data={"name": "Police"}).status_code == 303
    assert browser.post("/lists/sectors", data={"name": "police"}).status_code == 422
    police = session.scalars(sa.select(Sector).where(Sector.name == "Police")).one()
    make.commit()
    assert browser.post(f"/lists/sectors/{police.id}/up").status_code == 303
    assert browser.post(f"/lists/sectors/{police.id}", data={"name": "Policing"}).status_code == 303
    assert browser.post(f"/lists/sectors/{used.id}/remove").status_code == 422
    assert browser.post(f"/lists/sectors/{police.id}/remove").status_code == 303
    assert browser.get("/lists/role-groups").status_code == 200
    assert browser.get("/lists/shoes").status_code == 404


def test_only_the_office_sees_agencies(sign_in: SignIn, make: Make) -> None:
    assert sign_in(make.person()).get("/agencies").status_code == 403


def test_domains_that_say_little_are_warned_of() -> None:
    assert "Anyone" in (domain_warning("gmail.com") or "")
    assert domain_warning("rvch.example") is None
