"""What HR and finance systems take out: attendances, certificates, completions, who is up to date, money, tables."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from typing import Any

import sqlalchemy as sa
from flask import Flask
from sqlalchemy.engine import Engine
from sqlalchemy.orm import Session

from charges.charge.rules import ChargeState
from charges.decisions.services import approve_charge
from charges.following.api import MoneyWanted, list_charges, list_invoices
from charges.invoices.services import issue_invoices, record_payment
from courses.booking.bookings.models import Booking
from courses.booking.bookings.rules import BookingSource, BookingState, Outcome
from courses.programme.events.models import Event
from courses.programme.events.rules import EventState
from courses.records.certificates.services import make_certificate
from courses.records.completions.models import Completion
from lms.api.tokens.rules import Power
from lms.frame.access import Actor, Role
from lms.frame.db import work_at
from lms.frame.plugins import Asked
from lms.frame.work import Work
from lms.people.models import Person
from lms.policies.queries import policy_in_force
from tests.charges.office import Office
from tests.conftest import Clock
from tests.lms.api.conftest import System
from tests.make import Make
from tests.moments import NOW
from tests.queries import counted_queries

NewSystem = Callable[..., System]
LATER = NOW + timedelta(days=3)


def attended(session: Session, event: Event, person: Person, outcome: Outcome = Outcome.ATTENDED) -> Booking:
    booking = Booking(
        event_id=event.id,
        person_id=person.id,
        agency_id=person.agency_id,
        sector_id=person.agency.sector_id if person.agency else None,
        policy_version_id=policy_in_force(session, NOW).id,
        state=BookingState.CONFIRMED,
        source=BookingSource.WALK_IN,
        booked_at=event.starts_at,
        confirmed_at=event.starts_at,
        free_until=event.free_until,
        outcome=outcome,
    )
    session.add(booking)
    session.flush()
    return booking


def held(make: Make, **values: Any) -> Event:
    """A day of seven hours with an hour of breaks, three weeks ago; its register is finalised."""
    course = make.course("Safer babies", refresher_months=36, code="SB", **values)
    event = make.event(
        course, ref="SB-1", starts=NOW - timedelta(days=21), state=EventState.DELIVERED, finalised_at=NOW
    )
    event.days[0].break_minutes = 60
    return event


def test_attendances_have_their_date_title_and_minutes_and_are_asked_for_since_a_moment(
    system: NewSystem, make: Make, session: Session, work: Work
) -> None:
    own, other = make.agency("Own", code="OWN"), make.agency("Other")
    event = held(make)
    ours, theirs = make.person("Ours", ref="P-OURS", agency=own), make.person("Theirs", agency=other)
    came, missed = attended(session, event, ours), attended(session, event, theirs, Outcome.DID_NOT_ATTEND)
    office, hr = system(), system(Role.AGENCY_LEAD, agency_id=own.id)
    assert [each["booking_id"] for each in office.get("/attendances").get_json()["items"]] == [
        str(came.id), str(missed.id),
    ]  # fmt: skip
    (line,) = hr.get("/attendances").get_json()["items"]
    day = (NOW - timedelta(days=21)).date()
    assert (line["person_ref"], line["agency_code"], line["title"]) == ("P-OURS", "OWN", "Safer babies")
    minutes = int((event.ends_at - event.starts_at).total_seconds() // 60) - 60
    assert (line["first_day_on"], line["minutes"], line["outcome"]) == (day.isoformat(), minutes, "attended")
    assert line["valid_until"] == day.replace(year=day.year + 3).isoformat()
    make.commit()
    work_at(session, LATER)
    missed.outcome = Outcome.ATTENDED
    make.commit()
    since = "/attendances?updated_since=2026-03-18T00:00:00Z"
    assert [each["booking_id"] for each in office.get(since).get_json()["items"]] == [str(missed.id)]
    assert hr.get(since).get_json()["items"] == []
    assert [each["id"] for each in office.get("/bookings?updated_since=2026-03-18T00:00:00Z").get_json()["items"]] == [
        str(missed.id)
    ]
    assert office.get("/attendances?updated_since=yesterday").status_code == 422


def test_certificates_and_completions_say_until_when_they_hold(
    app: Flask, system: NewSystem, make: Make, session: Session, work: Work
) -> None:
    own = make.agency(code="OWN")
    person, other = make.person(ref="P-OURS", agency=own), make.person("Other", agency=make.agency())
    event = held(make)
    in_site = Work(session, work.actor, NOW, app.extensions["lms"])
    certificate = make_certificate(in_site, attended(session, event, person).id)
    e_learning = make.course("Basics", code="EL", refresher_months=12)
    for who, on in ((person, date(2026, 1, 31)), (person, date(2025, 1, 31)), (other, date(2025, 2, 1))):
        session.add(
            Completion(
                course_id=e_learning.id, person_id=who.id, agency_id=who.agency_id, completed_on=on, created_at=NOW
            )
        )
    hr = system(Role.AGENCY_LEAD, agency_id=own.id)
    (told,) = hr.get("/certificates").get_json()["items"]
    assert (told["number"], told["state"], told["superseded_by"]) == (certificate.serial, "valid", None)
    assert told["valid_until"] == "2029-02-23"
    assert hr.get("/certificates?updated_since=2026-03-17T00:00:00Z").get_json()["items"] == []
    lines = hr.get("/completions").get_json()["items"]
    assert [(each["completed_on"], each["valid_until"]) for each in lines] == [
        ("2025-01-31", "2026-01-31"), ("2026-01-31", "2027-01-31"),
    ]  # fmt: skip
    first = hr.get("/completions?limit=1").get_json()
    second = hr.get(f"/completions?limit=1&cursor={first['next_cursor']}").get_json()
    assert [*first["items"], *second["items"]] == lines
    known = hr.get("/up-to-date").get_json()["items"]
    assert [(each["course_code"], each["last_on"], each["is_up_to_date"]) for each in known] == [
        ("SB", "2026-02-23", True), ("EL", "2026-01-31", True),
    ]  # fmt: skip
    office = system()
    assert [each["is_up_to_date"] for each in office.get("/up-to-date?course_code=EL").get_json()["items"]] == [
        True, False,
    ]  # fmt: skip
    assert other.ref not in hr.get("/up-to-date").text
    record = hr.get(f"/people/{person.ref}/record").get_json()["items"]
    assert [each["title"] for each in record] == ["Safer babies", "Basics", "Basics"]
    assert record[0]["certificate"] == certificate.serial
    assert hr.get(f"/people/{other.ref}/record").status_code == 404


def test_lists_take_as_many_queries_however_long(
    app: Flask, system: NewSystem, make: Make, session: Session, work: Work
) -> None:
    event = held(make)
    person = make.person()
    attended(session, event, person)
    office = system(powers=())
    office.get("/courses")  # its first use is written down
    paths = ("/attendances", "/certificates", "/completions", "/up-to-date", "/charges", "/invoices", "/bookings")
    with queries(app) as few:
        for path in paths:
            assert office.get(path).status_code == 200
    make.commit()
    for number in range(6):
        attended(session, event, make.person(f"Person {number}"))
    make.commit()
    with queries(app) as many:
        for path in paths:
            assert office.get(path).status_code == 200
    assert len(many) == len(few)


@contextmanager
def queries(app: Flask) -> Iterator[list[str]]:
    with app.app_context():
        engine: Engine = app.extensions["sqlalchemy"].engine
    with counted_queries(engine) as sent:
        yield sent


def test_finance_takes_charges_and_invoices_and_an_agency_its_own(
    session: Session, make: Make, app: Flask, clock: Clock
) -> None:
    office = Office(session, make, app.extensions["lms"])
    charge = office.missed()
    at = NOW - timedelta(days=3)
    charge.respond_by = at - timedelta(days=1)
    approved = office.work(now=at)
    approve_charge(approved, charge.id)
    april = NOW + timedelta(days=20)
    (invoice,) = issue_invoices(office.work(now=april), date(2026, 3, 1))
    finance = office.work(office.person(Role.FINANCE), now=april)
    (line,) = list_charges(finance, Asked({}, MoneyWanted())).items
    assert (line.state, line.pence, line.agency_code) == (ChargeState.INVOICED, 5000, charge.agency.code)
    assert "explanation" not in vars(line)
    (told,) = list_invoices(finance, Asked({}, MoneyWanted())).items
    assert (told.ref, told.owed_pence, told.lines[0].charge_id) == (invoice.ref, 5000, str(charge.id))
    stranger = Actor("HR", permissions=finance.actor.permissions - {"charges.manage_invoices"})
    elsewhere = Work(session, stranger, april, office.site)
    assert list_invoices(elsewhere, Asked({}, MoneyWanted())).items == ()
    assert list_charges(elsewhere, Asked({}, MoneyWanted())).items == ()
    since = MoneyWanted(updated_since=april + timedelta(days=1))
    assert list_invoices(finance, Asked({}, since)).items == ()
    paid = office.work(now=april + timedelta(days=2))
    record_payment(paid, invoice, pence=5000, paid_on=paid.now.date())
    session.flush()
    (told,) = list_invoices(finance, Asked({}, since)).items
    assert (told.owed_pence, told.paid_on) == (0, paid.now.date())
    (line,) = list_charges(finance, Asked({}, since)).items
    assert line.state is ChargeState.PAID


def test_tables_are_taken_by_a_token_that_was_given_that(system: NewSystem, make: Make, session: Session) -> None:
    agency = make.agency(code="OWN")
    make.person("Nadia Quillfeather", agency=agency)
    plain, taker = system(), system(powers=(Power.TABLES,))
    assert plain.get("/downloads").status_code == 403
    kinds = [each["kind"] for each in taker.get("/downloads").get_json()["items"]]
    assert {"people", "bookings-and-outcomes", "certificates", "registers"} <= set(kinds)
    table = taker.get("/downloads/people")
    assert table.mimetype == "text/csv"
    assert table.text.startswith("\ufeffref,name,")
    assert "Nadia Quillfeather" in table.text
    as_the_page = {"Authorization": f"Bearer {taker.secret}"}
    assert taker.client.get("/downloads/people.csv", headers=as_the_page).text == table.text
    wrong = taker.client.get("/downloads/people.csv", headers={"Authorization": "Bearer gt_guessed"})
    assert (wrong.status_code, wrong.get_json()["code"]) == (401, "token_not_valid")
    lead = system(Role.AGENCY_LEAD, agency_id=agency.id, powers=(Power.TABLES,))
    assert lead.get("/downloads/people").status_code == 404
    assert lead.get("/downloads/bookings-and-outcomes").status_code == 200
    assert session.scalars(sa.select(Booking.id)).all() == []
