"""For whom people worked on a day: written by every way in which their record changes, and read for past days."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from lms.agencies.services import merge_agency
from lms.frame.access import Actor, Role, program
from lms.frame.work import Work
from lms.kit.errors import Conflict, Invalid, NotFound
from lms.merging.services import merge_people, unmerge_people
from lms.people.affiliations.checks import agencies_that_differ
from lms.people.affiliations.models import Affiliation
from lms.people.affiliations.queries import employed_on
from lms.people.affiliations.services import add_further_agency, end_further_agency
from lms.people.models import Person
from lms.people.rules import PersonDetails
from lms.people.services import add_person, change_person, come_back, mark_left
from lms.people.tables import IMPORT
from lms.personal_data.services import erase_person, export_person
from lms.tables.services import import_file
from tests.make import Make
from tests.moments import NOW

TODAY = NOW.date()
SignIn = Callable[[Person], FlaskClient]


def later(work: Work, days: int) -> Work:
    """The same work, so many days later."""
    return replace(work, now=work.now + timedelta(days=days))


def told(session: Session, person: Person) -> list[tuple[str, date, date | None]]:
    """The main agencies of somebody, the first one first."""
    session.flush()
    session.expire_all()
    found = sa.select(Affiliation).where(Affiliation.person_id == person.id, Affiliation.is_main)
    rows = session.scalars(found.order_by(Affiliation.from_on, Affiliation.id))
    return [(row.agency.name if row.agency else "", row.from_on, row.until_on) for row in rows]


def agency_on(session: Session, person: Person, day: date) -> int | None:
    employed = employed_on(day)
    return session.scalar(sa.select(employed.c.agency_id).where(employed.c.person_id == person.id))


def everything(site: Any, person: Person) -> Actor:
    """Somebody who may do all that there is."""
    return Actor(person.name, person_id=person.id, permissions=frozenset(site.roles_by_permission))


def moved(person: Person, **values: object) -> PersonDetails:
    names = ("name", "email", "phone", "job_title", "agency_id", "role_group_id", "manager_name", "manager_email")
    return PersonDetails(**{**{name: getattr(person, name) for name in names}, **values})  # type: ignore[arg-type]


def test_each_change_ends_what_was_and_begins_what_is(work: Work, make: Make, session: Session) -> None:
    trust, school = make.agency("Trust"), make.agency("School")
    person = add_person(work, PersonDetails("Amara Fenwick-Osei", agency_id=trust.id, manager_name="Ines Calder"))
    in_june = later(work, 90)
    change_person(in_june, person, moved(person, agency_id=school.id, manager_name="Noor Ashby"))
    day = in_june.now.date()
    assert told(session, person) == [("Trust", TODAY, day), ("School", day, None)]
    first = session.scalars(sa.select(Affiliation).order_by(Affiliation.id)).first()
    assert first is not None
    assert first.manager_name == "Ines Calder"

    change_person(in_june, person, moved(person, agency_id=trust.id))  # a slip, put right on the same day
    assert told(session, person) == [("Trust", TODAY, day), ("Trust", day, None)]
    assert agency_on(session, person, day - timedelta(days=1)) == trust.id
    assert agency_on(session, person, TODAY - timedelta(days=1)) is None
    assert list(agencies_that_differ(work)) == []


def test_who_leaves_and_comes_back_was_away(work: Work, make: Make, session: Session) -> None:
    person = make.person(agency=make.agency("Trust"), created_at=NOW - timedelta(days=100))
    left_on = TODAY - timedelta(days=10)
    mark_left(work, person, on=left_on)
    assert told(session, person) == [("Trust", TODAY - timedelta(days=100), left_on)]
    assert agency_on(session, person, left_on - timedelta(days=1)) == person.agency_id
    assert agency_on(session, person, left_on) is None
    again = later(work, 30)
    come_back(again, person)
    assert told(session, person)[1:] == [("Trust", again.now.date(), None)]
    assert list(agencies_that_differ(work)) == []


def test_a_file_writes_it_too(app: Flask, make: Make, session: Session) -> None:
    make.agency("Trust", code="TRUST")
    make.agency("School", code="SCHOOL")
    head, line = "ref,name,email,agency_code,role_group,manager_name,manager_email\n", "P900,Amara Osei,,{},,,\n"
    work = Work(session=session, actor=program("office"), now=NOW, site=app.extensions["lms"])
    for days, code in ((0, "TRUST"), (5, "SCHOOL"), (9, "SCHOOL")):
        assert import_file(later(work, days), IMPORT, (head + line.format(code)).encode(), save=True).problems == ()
    person = session.scalars(sa.select(Person).where(Person.ref == "P900")).one()
    fifth = TODAY + timedelta(days=5)
    assert told(session, person) == [("Trust", TODAY, fifth), ("School", fifth, None)]


def test_an_agency_that_merges_moves_its_people_from_that_day_on(work: Work, make: Make, session: Session) -> None:
    trust, larger = make.agency("Trust"), make.agency("Larger Trust")
    person = make.person(agency=trust, created_at=NOW - timedelta(days=100))
    merge_agency(work, trust, larger, on=TODAY, move_people=True)
    before = TODAY - timedelta(days=100)
    assert told(session, person) == [("Trust", before, TODAY), ("Larger Trust", TODAY, None)]


def test_a_merge_leaves_both_histories_where_they_were_said(work: Work, make: Make, session: Session) -> None:
    trust = make.agency("Trust")
    duplicate = make.person(agency=trust, created_at=NOW - timedelta(days=300))
    kept = make.person("Amara", agency=None, email="", created_at=NOW - timedelta(days=100))
    before = told(session, kept), told(session, duplicate)
    merge = merge_people(work, kept, duplicate)
    assert told(session, kept) == [("", TODAY - timedelta(days=100), TODAY), ("Trust", TODAY, None)]
    assert told(session, duplicate) == before[1]
    assert agency_on(session, kept, TODAY - timedelta(days=200)) == trust.id, "before the record kept began"
    assert agency_on(session, kept, TODAY - timedelta(days=50)) is None
    counted = sa.select(sa.func.count()).select_from(employed_on(TODAY))
    assert session.scalar(counted) == 1
    unmerge_people(work, merge)
    session.flush()
    assert told(session, duplicate) == before[1]
    assert told(session, kept)[-1] == ("", TODAY, None)
    assert session.scalar(counted) == 2
    assert list(agencies_that_differ(work)) == []


@pytest.mark.slow
def test_erasing_ends_it_and_takes_the_words(app: Flask, make: Make, session: Session) -> None:
    manager = make.person("Odile Marsh", roles=(Role.BUSINESS_MANAGER,))
    person = make.person(
        "Amara Osei", agency=make.agency("Trust"), job_title="Ward sister", manager_name="Ines Calder",
        created_at=NOW - timedelta(days=100),
    )  # fmt: skip
    session.commit()
    site = app.extensions["lms"]
    work = Work(session=session, actor=everything(site, manager), now=NOW, site=site)
    assert export_person(work, person)["data"]["Agencies"][0]["Agency"] == "Trust"
    erase_person(work, person, reason="She asked")
    assert told(session, person) == [("Trust", TODAY - timedelta(days=100), TODAY)]
    kept = session.scalars(sa.select(Affiliation).where(Affiliation.person_id == person.id)).one()
    assert (kept.job_title, kept.manager_name, kept.manager_email) == ("", "", "")
    assert agency_on(session, person, TODAY - timedelta(days=1)) == kept.agency_id, "past counts stay"


def test_two_agencies_are_possible_and_one_is_the_main_one(work: Work, make: Make, session: Session) -> None:
    trust, school = make.agency("Trust"), make.agency("School")
    person = make.person(agency=trust)
    made = add_further_agency(work, person, school.id, since=TODAY, job_title="Governor")
    session.flush()
    with pytest.raises(Invalid, match="already"):
        add_further_agency(work, person, school.id, since=TODAY)
    with pytest.raises(Invalid, match="already"):
        add_further_agency(work, person, trust.id, since=TODAY)
    with pytest.raises(Invalid, match="today or before"):
        add_further_agency(work, person, trust.id, since=TODAY + timedelta(days=1))
    with pytest.raises(Invalid, match="last 70 years"):
        add_further_agency(work, person, make.agency("Nursery").id, since=date(66, 1, 1))
    assert agency_on(session, person, TODAY) == trust.id
    assert told(session, person) == [("Trust", TODAY, None)]
    end_further_agency(later(work, 3), person, made.id)
    session.flush()
    assert made.until_on == TODAY + timedelta(days=3)
    with pytest.raises(NotFound):
        end_further_agency(work, person, made.id)
    mark_left(work, person, on=TODAY)
    with pytest.raises(Conflict, match="not here"):
        add_further_agency(work, person, school.id, since=TODAY)


def test_the_database_takes_one_open_main_agency(make: Make, session: Session) -> None:
    person = make.person()
    with pytest.raises(sa.exc.IntegrityError), session.begin_nested():
        session.execute(sa.insert(Affiliation).values(person_id=person.id, from_on=TODAY))
    closed = {"person_id": person.id, "from_on": TODAY, "until_on": TODAY - timedelta(days=1)}
    with pytest.raises(sa.exc.IntegrityError, match="ends_after_start"), session.begin_nested():
        session.execute(sa.insert(Affiliation).values(closed))


def test_a_record_that_says_something_else_is_found(work: Work, make: Make, session: Session) -> None:
    person = make.person()
    session.flush()
    assert list(agencies_that_differ(work)) == []
    session.execute(sa.update(Person).where(Person.id == person.id).values(job_title="By hand"))
    assert [person.ref in line for line in agencies_that_differ(work)] == [True]


def test_the_office_adds_and_ends_a_further_agency_on_its_page(make: Make, session: Session, sign_in: SignIn) -> None:
    office = sign_in(make.coordinator())
    person, school = make.person(agency=make.agency("Trust")), make.agency("School")
    make.commit()
    url = f"/people/{person.id}/agencies"
    assert "Trust" in office.get(url).text
    assert office.post(url, data={"agency": "0", "role_group": "0", "since": "2026-03-01"}).status_code == 422
    typed = {"agency": str(school.id), "role_group": "0", "job_title": "Governor", "since": "2026-03-01"}
    assert "last 70 years" in office.post(url, data={**typed, "since": "0066-03-01"}).text
    assert office.post(url, data=typed).status_code == 303
    assert "further agency" in office.get(url).text
    further = session.scalars(sa.select(Affiliation).where(~Affiliation.is_main)).one().id
    make.commit()
    assert office.post(f"{url}/{further}/end").status_code == 303
    assert office.post(f"{url}/{further}/end").status_code == 404
