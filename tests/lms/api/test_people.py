"""An HR system keeps people in step: joiners, movers, leavers, within what its token was given."""

from collections.abc import Callable
from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session

from courses.booking.bookings.models import Booking
from courses.booking.bookings.rules import BookingState
from lms.api.tokens.queries import actor_of_token
from lms.api.tokens.rules import POWER_WORDS, Power, TokenWanted
from lms.api.tokens.services import make_token
from lms.audit.models import AuditEntry
from lms.frame.access import Role
from lms.frame.work import Work
from lms.kit.errors import Invalid
from lms.people.models import Person
from lms.people.rules import DECIDED_BY_MANAGER
from tests.lms.api.conftest import System
from tests.make import Make
from tests.moments import NOW

NewSystem = Callable[..., System]
PEOPLE = (Power.PEOPLE,)
AMARA = {"name": "Amara Osei", "email": "amara@own.example", "agency_code": "OWN", "role_group": "Teaching staff"}


def people(session: Session) -> dict[str, Person]:
    session.rollback()
    return {each.ref: each for each in session.scalars(sa.select(Person))}


def test_a_joiner_is_added_once_moves_and_leaves_with_what_was_open(
    system: NewSystem, make: Make, session: Session
) -> None:
    make.agency(code="OWN")
    event = make.event(ref="E-1", capacity=1)
    hr = system(powers=PEOPLE)
    tried = hr.ask("PUT", "/people/HR-1?dry_run=true", AMARA).get_json()
    assert (tried["result"], hr.get("/people/HR-1").status_code) == ("added", 404)
    results = [hr.ask("PUT", "/people/HR-1", AMARA).get_json()["result"] for _ in range(2)]
    assert results == ["added", "unchanged"], "the same again changes nothing"
    told = hr.get("/people/HR-1").get_json()
    assert (told["name"], told["agency_code"], told["role_group"]) == ("Amara Osei", "OWN", "Teaching staff")
    moved = hr.ask("PUT", "/people/HR-1", {"manager_name": "Bo Ashgrove"}).get_json()
    assert (moved["result"], moved["changed"]) == ("changed", ["manager_name"])
    assert hr.get("/people/HR-1").get_json()["email"] == "amara@own.example", "what is not sent stays"
    hr.ask("POST", f"/events/{event.id}/bookings", {"person_ref": "HR-1"})
    (matter,) = hr.get("/people/HR-1/open").get_json()["items"]
    assert next(each["what"] for each in matter["choices"]) == matter["usual"]
    gone = hr.ask("PUT", "/people/HR-1", {"left_on": "2026-03-16"}).get_json()
    assert gone["changed"] == ["left_on"]
    assert any(matter["words"] in note for note in gone["notes"]), "what was open, and what becomes of it"
    assert people(session)["HR-1"].left_on is not None
    assert session.scalars(sa.select(Booking.state)).one() is BookingState.RELEASED
    session.rollback()
    assert hr.get("/people/HR-1/open").get_json() == {"items": []}
    again = hr.ask("POST", f"/events/{event.id}/bookings", {"person_ref": "HR-1"})
    assert (again.status_code, again.get_json()["code"]) == (409, "left")
    back = hr.ask("PUT", "/people/HR-1", {"left_on": ""}).get_json()
    assert (back["result"], people(session)["HR-1"].left_on) == ("changed", None)
    lines = session.scalars(sa.select(AuditEntry.event).where(AuditEntry.record_type == "Person")).all()
    assert "added by another system" in lines


def test_a_leaver_may_be_said_with_a_choice_for_each_thing(system: NewSystem, make: Make, session: Session) -> None:
    own = make.agency(code="OWN")
    event, leaver, colleague = make.event(), make.person("Leaver", agency=own), make.person("Stays", agency=own)
    hr, ref, other = system(powers=PEOPLE), leaver.ref, colleague.ref
    hr.ask("POST", f"/events/{event.id}/bookings", {"person_ref": ref})
    key = hr.get(f"/people/{ref}/open").get_json()["items"][0]["key"]
    for settled, place in (
        ([{"key": "nothing:1", "what": "end"}], "settled.0.key"),
        ([{"key": key, "what": "give", "receiver_ref": "nobody"}], "settled.0.receiver_ref"),
    ):
        wrong = hr.ask("POST", f"/people/{ref}/leave", {"left_on": "2026-03-16", "settled": settled})
        assert (wrong.status_code, wrong.get_json()["errors"][0]["field"]) == (422, place)
    late = hr.ask("POST", f"/people/{ref}/leave", {"left_on": "2026-04-16"})
    assert (late.status_code, late.get_json()["errors"][0]["field"]) == (422, "left_on")
    settled = [{"key": key, "what": "give", "receiver_ref": other}]
    done = hr.ask("POST", f"/people/{ref}/leave", {"left_on": "2026-03-16", "settled": settled})
    assert done.get_json() == {"ref": ref, "left_on": "2026-03-16"}
    session.rollback()
    held = sa.select(Person.ref).join(Booking, Booking.person_id == Person.id)
    assert session.scalars(held.where(Booking.state == BookingState.CONFIRMED)).all() == [other]
    assert hr.ask("POST", f"/people/{ref}/leave", {"left_on": "2026-03-16"}).status_code == 404


def test_many_at_once_are_each_answered_and_what_is_right_is_kept(
    system: NewSystem, make: Make, session: Session
) -> None:
    own = make.agency(code="OWN")
    officer = make.person("Officer", roles=(Role.REVIEW_OFFICER,), ref="RO", email="ro@own.example", agency=own)
    hr = system(powers=PEOPLE)
    rows = [
        {"ref": "HR-1", **AMARA},
        {"ref": "HR-2", **AMARA, "agency_code": "NOWHERE"},
        {"ref": "HR-3", "email": "nameless@own.example"},
        {"ref": "HR-1", "name": "Twice"},
        {"ref": "RO", "email": "taken.over@own.example"},
        {"ref": "RO", "left_on": "2026-03-16"},
    ]
    for dry_run, stays in (("true", 1), ("false", 2)):
        done = hr.ask("POST", f"/people/many?dry_run={dry_run}", {"people": rows}).get_json()
        told = [(each["result"], each["code"], each["field"]) for each in done["items"]]
        assert told == [
            ("added", None, None), ("refused", "invalid", "agency_code"), ("refused", "invalid", "name"),
            ("refused", "given_twice", "ref"), ("refused", "entrusted", "email"), ("refused", "given_twice", "ref"),
        ]  # fmt: skip
        assert done["items"][4]["words"] == DECIDED_BY_MANAGER, "the very sentence that the office reads"
        assert len(people(session)) == stays
    again = hr.ask("POST", "/people/many", {"people": rows[:1]}).get_json()["items"]
    assert [each["result"] for each in again] == ["unchanged"]
    left = hr.ask("PUT", "/people/RO", {"left_on": "2026-03-16"})
    assert (left.status_code, left.get_json()["code"], left.get_json()["detail"]) == (
        403, "entrusted", DECIDED_BY_MANAGER,
    )  # fmt: skip
    asked = hr.ask("POST", "/people/RO/leave", {"left_on": "2026-03-16"})
    assert (asked.status_code, asked.get_json()["code"]) == (403, "entrusted")
    kept = people(session)["RO"]
    assert (kept.email, kept.left_on, kept.id) == ("ro@own.example", None, officer.id)
    too_many = {"people": [{"ref": f"X{number}", "name": "X"} for number in range(501)]}
    assert hr.ask("POST", "/people/many", too_many).status_code == 422


def test_a_token_that_is_limited_to_agencies_keeps_their_people_alone(
    system: NewSystem, make: Make, session: Session
) -> None:
    own, second, other = (make.agency(code=code) for code in ("OWN", "TWO", "ELSE"))
    theirs = make.person("Theirs", agency=other, ref="THEIRS")
    make.person("Lead", agency=own, ref="LEAD", email="lead@own.example", roles=(Role.AGENCY_LEAD,))
    hr = system(Role.AGENCY_LEAD, agency_id=own.id, powers=PEOPLE, further_codes=("TWO",))
    assert hr.ask("PUT", "/people/HR-1", AMARA).get_json()["result"] == "added"
    assert hr.ask("PUT", "/people/HR-1", {"agency_code": "TWO"}).get_json()["result"] == "changed"
    for ref, body in (
        ("HR-2", {**AMARA, "agency_code": "ELSE"}),
        ("HR-3", {"name": "No agency"}),
        ("HR-1", {"agency_code": "ELSE"}),
        ("HR-1", {"agency_code": ""}),
        (theirs.ref, {"name": "Changed"}),
    ):
        refused = hr.ask("PUT", f"/people/{ref}", body)
        assert (refused.status_code, refused.get_json()["code"]) == (409, "not_yours"), (ref, body)
    role = hr.ask("PUT", "/people/LEAD", {"email": "somebody.else@own.example"})
    assert (role.status_code, role.get_json()["code"]) == (409, "has_a_role"), "it would lead the other agency too"
    assert [each["ref"] for each in hr.get("/people").get_json()["items"]] == ["LEAD", "HR-1"]
    assert hr.get("/people/THEIRS").status_code == hr.get("/people/THEIRS/open").status_code == 404
    assert [each["code"] for each in hr.get("/agencies").get_json()["items"]] == ["OWN", "TWO"]
    assert hr.ask("PUT", "/agencies/OWN", {"name": "Renamed"}).status_code == 403
    assert people(session)["THEIRS"].name == "Theirs"
    assert second.id


def test_people_are_listed_since_a_moment_with_where_a_record_went(
    system: NewSystem, make: Make, session: Session, work: Work
) -> None:
    first, second = make.person("First", ref="A"), make.person("Second", ref="B")
    office = system(powers=PEOPLE)
    assert [each["ref"] for each in office.get("/people?limit=1").get_json()["items"]] == ["A"]
    after = office.get("/people?limit=1").get_json()["next_cursor"]
    assert [each["ref"] for each in office.get(f"/people?limit=1&cursor={after}").get_json()["items"]] == ["B"]
    later = Work(session, work.actor, NOW + timedelta(days=1), work.site)
    make.commit()
    second.merged_into_id = first.id
    later.record("merged", second)
    make.commit()
    (changed,) = office.get("/people?updated_since=2026-03-17T00:00:00Z").get_json()["items"]
    assert (changed["ref"], changed["merged_into_ref"]) == ("B", "A")
    assert office.get("/people/B").status_code == 404
    refused = office.ask("PUT", "/people/B", {"name": "Back"})
    assert (refused.status_code, refused.get_json()["errors"][0]["field"]) == (422, "ref")
    assert office.get("/people?is_here=true").get_json()["items"][0]["ref"] == "A"


def test_agencies_are_kept_in_step_too(system: NewSystem, make: Make, session: Session) -> None:
    office = system(powers=PEOPLE)
    school = {"name": "Larkham Primary School", "sector": "Education", "email_domains": "larkham.example"}
    assert office.ask("PUT", "/agencies/LARK", school).get_json()["result"] == "added"
    assert office.ask("PUT", "/agencies/LARK", {"exempt": "yes"}).get_json()["changed"] == ["exempt"]
    told = office.get("/agencies/LARK").get_json()
    assert (told["is_exempt"], told["email_domains"], told["sector"]) == (True, ["larkham.example"], "Education")
    rows = [{"code": "NEW", **school, "email_domains": ""}, {"code": "LARK", "closed_on": "never"}]
    done = office.ask("POST", "/agencies/many", {"agencies": rows}).get_json()["items"]
    assert [(each["ref"], each["result"], each["field"]) for each in done] == [
        ("NEW", "added", None), ("LARK", "refused", "closed_on"),
    ]  # fmt: skip
    assert len(office.get("/agencies").get_json()["items"]) == 2


def test_nobody_keeps_people_whose_token_was_not_given_that(app: Flask, system: NewSystem, make: Make) -> None:
    make.person("Amara Osei")
    plain = system()
    for method, path in (("GET", "/people"), ("PUT", "/people/X"), ("POST", "/people/many"), ("GET", "/agencies")):
        assert plain.ask(method, path, {} if method != "GET" else None).status_code == 403, path
    reader = system(powers=PEOPLE, may_write=False)
    assert reader.get("/people").status_code == 200
    refused = reader.ask("PUT", "/people/X", {"name": "X"})
    assert (refused.status_code, refused.get_json()["code"]) == (403, "reads_only")


def test_a_power_that_the_role_never_has_is_refused(app: Flask, work: Work, make: Make) -> None:
    agency = make.agency()
    with_site = Work(work.session, work.actor, NOW, app.extensions["lms"])
    with pytest.raises(Invalid, match="This role may not add, change and end") as refusal:
        make_token(with_site, TokenWanted("Dashboard", Role.SCRUTINEER, powers=PEOPLE))
    assert refusal.value.field == "powers"
    with pytest.raises(Invalid, match="no agency with the code"):
        make_token(with_site, TokenWanted("HR", Role.AGENCY_LEAD, agency.id, further_codes=("NOWHERE",)))
    assert set(POWER_WORDS) == set(Power)


def test_a_token_follows_its_agency_into_the_one_that_it_merged_into(app: Flask, make: Make, work: Work) -> None:
    successor = make.agency("New")
    old = make.agency("Old", closed_on=NOW.date(), successor=successor)
    with_site = Work(work.session, work.actor, NOW, app.extensions["lms"])
    token, _ = make_token(with_site, TokenWanted("HR", Role.AGENCY_LEAD, old.id))
    work.session.flush()
    assert actor_of_token(token, app.extensions["lms"]).leads_agency_ids == {old.id, successor.id}
