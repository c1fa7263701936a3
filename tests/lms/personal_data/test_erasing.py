"""Erasing somebody: nothing tells who they were, and everything is counted as before."""

from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session

from courses.attendance.finalising.services import finalise_register
from courses.attendance.register.rules import MarkKind, Seen
from courses.attendance.register.services import mark_people
from courses.booking.bookings.models import Booking
from courses.booking.bookings.services import BookingRequest, book_place
from courses.records.certificates.services import evaluation_answered
from lms.frame.access import Actor, Role
from lms.frame.db import Base
from lms.frame.work import Work
from lms.kit.errors import Conflict, Invalid
from lms.mail.models import OutboxLetter
from lms.mail.rules import LetterState
from lms.merging.services import merge_people, unmerge_people
from lms.people.models import Person
from lms.people.rules import PersonDetails
from lms.people.services import add_address, change_person
from lms.personal_data.services import erase_person, export_person
from lms.retention.services import lift_hold, set_hold
from tests.make import Make
from tests.moments import NOW

NAME, BEFORE, ADDRESS, FURTHER, REF = (
    "Zoë Quillfeather",
    "Zoë Marchbanks",
    "zoe@rvch.example",
    "zm@old.example",
    "RV90210",
)


@pytest.fixture
def housed(app: Flask, work: Work) -> Work:
    """A Work of the whole site, with all its plugins."""
    return replace(work, site=app.extensions["lms"])


def everything_of(work: Work, make: Make) -> Person:
    """Somebody who left traces wherever one can: two records, letters, a register, words of others about them."""
    person = make.person(BEFORE, ref=REF, email=ADDRESS, roles=(Role.TRAINER,))
    colleague = make.person("Bo Ashgrove", agency=person.agency, manager_name=NAME, manager_email=ADDRESS)
    change_person(
        work,
        person,
        PersonDetails(NAME, ADDRESS, "07700 900 999", "Health visitor", person.agency_id, None, "Bo", "bo@x.example"),
    )
    add_address(work, person, FURTHER)
    make.account(person)
    duplicate = make.person("Zoe Quillfeather", ref="RV90211", email="zq@rvch.example", agency=person.agency)
    merge_people(work, person, duplicate)
    event = make.event(starts=NOW - timedelta(days=10))
    earlier = replace(work, now=NOW - timedelta(days=20))
    request = BookingRequest(
        manager_name="Bo", manager_email="bo@x.example", needs="A ramp", phone_on_day="07700 900 999"
    )
    booking = book_place(earlier, event.id, person, request)
    by_them = replace(earlier, actor=Actor(NAME, person_id=person.id))
    others = book_place(
        by_them,
        event.id,
        colleague,
        BookingRequest(manager_name=NAME, manager_email=ADDRESS, clash_reason=f"Ask {NAME}"),
    )
    mark_people(work, event.id, 1, {booking.id: Seen(MarkKind.PRESENT, note=f"{NAME} told the story of the bridge")})
    mark_people(work, event.id, 1, {others.id: Seen(MarkKind.PRESENT, note=f"Came with {REF}")})
    finalise_register(work, event.id)
    evaluation_answered(work, booking.id)
    work.session.flush()
    return person


def numbers(session: Session) -> dict[str, Any]:
    """How many rows each table has, and what is counted of bookings."""
    found: dict[str, Any] = {
        table.name: session.scalar(sa.select(sa.func.count()).select_from(table))
        for table in Base.metadata.sorted_tables
    }
    gone = {"account", "access_needs", "person_address", "role_grant", "audit_entry", "sign_in_code", "sign_in_try"}
    gone |= {"survey_refusal"}  # written, so that nobody asks them again
    bookings = session.execute(
        sa.select(Booking.state, Booking.outcome, Booking.agency_id, Booking.role_group_id, Booking.person_id)
    )
    return {**{name: number for name, number in found.items() if name not in gone}, "bookings": Counter(bookings)}


def where_it_stands(session: Session, *needles: str) -> list[str]:
    """Every text in the database that contains one of these, in any spelling."""
    found = []
    for table in Base.metadata.sorted_tables:
        for row in session.execute(sa.select(table)):
            for column, value in row._mapping.items():
                text = value.decode("utf-8", "ignore") if isinstance(value, bytes) else str(value)
                found += [f"{table.name}.{column}: {text}" for each in needles if each.lower() in text.lower()]
    return found


@pytest.mark.slow
def test_nothing_in_the_database_tells_who_an_erased_person_was(housed: Work, make: Make) -> None:
    person = everything_of(housed, make)
    needles = ("quillfeather", "marchbanks", ADDRESS, FURTHER, "zq@rvch", REF, "RV90211", "900 999")
    before = numbers(housed.session)
    assert len(where_it_stands(housed.session, *needles)) > 20
    with pytest.raises(Invalid):
        erase_person(housed, person, reason=" ")
    erased = erase_person(housed, person, reason=f"{NAME} asked on 2 April")
    housed.session.expire_all()
    assert where_it_stands(housed.session, *needles) == []
    assert numbers(housed.session) == before
    assert erased.left == ()
    assert person.erased_at == NOW
    assert not person.is_here
    waiting = sa.select(OutboxLetter).where(
        OutboxLetter.person_id == person.id, OutboxLetter.state == LetterState.WAITING
    )
    assert housed.session.scalars(waiting).all() == []


def test_a_copy_holds_what_every_plugin_keeps_and_no_secret(housed: Work, make: Make) -> None:
    person = everything_of(housed, make)
    account = make.account(person)
    account.password, account.tf_totp_secret = "a-hash", "a-seed"
    copy = export_person(housed, person)
    assert copy["data"]["Your record"]["Further addresses"] == [FURTHER, "zq@rvch.example"]
    assert copy["data"]["Bookings"][0]["What you need on the day"] == "A ramp"
    assert {"Certificates", "Letters to you", "What was done with your record", "Roles"} <= copy["data"].keys()
    assert "Your record, in a record that was merged" in copy["data"]
    for secret in ("a-hash", "a-seed", account.fs_uniquifier):
        assert secret not in str(copy)


def test_a_hold_or_something_unfinished_stops_it(housed: Work, make: Make) -> None:
    person = make.person(NAME)
    held = set_hold(housed, person=person, reason="A complaint", look_again_on=NOW.date() + timedelta(days=90))
    booking = book_place(housed, make.event().id, person, BookingRequest())
    make.action(owner=person)
    make.event(trainers=[person])
    with pytest.raises(Conflict) as refused:
        erase_person(housed, person, reason="Asked")
    for words in ("A complaint", booking.event.ref, "owns an action", "This person trains"):
        assert words in refused.value.words
    lift_hold(housed, held, reason="Settled")
    with pytest.raises(Conflict) as refused:
        erase_person(housed, person, reason="Asked")
    assert "complaint" not in refused.value.words
    assert person.name == NAME


def test_the_last_coordinator_and_oneself_are_not_erased(housed: Work, make: Make) -> None:
    last = make.coordinator()
    with pytest.raises(Conflict, match="last L&D coordinator"):
        erase_person(housed, last, reason="Asked")
    me = make.person("Mo Self", roles=(Role.BUSINESS_MANAGER,))
    mine = Actor("Mo Self", me.id, permissions=frozenset({"personal_data.erase"}))
    with pytest.raises(Conflict, match="your own"):
        erase_person(replace(housed, actor=mine), me, reason="Asked")


def test_a_namesake_and_a_shared_mailbox_keep_what_is_theirs(housed: Work, make: Make) -> None:
    person = make.person("Sam Green", email="desk@rvch.example")
    other = make.person("Sam Green", email="desk@rvch.example")
    housed.record("somebody spoke", other, note="Sam Green rang from desk@rvch.example")
    erased = erase_person(housed, person, reason="Asked")
    housed.session.expire_all()
    assert (other.name, other.email) == ("Sam Green", "desk@rvch.example")
    assert erased.left == ("desk@rvch.example", "sam green")
    assert person.name != "Sam Green"
    assert where_it_stands(housed.session, "rang from desk@rvch.example")


def test_an_erased_record_is_neither_changed_merged_nor_unmerged(housed: Work, make: Make) -> None:
    person, duplicate, other = (make.person(name) for name in ("One Person", "Won Person", "An Other"))
    merge = merge_people(housed, person, duplicate)
    with pytest.raises(Conflict):
        erase_person(housed, duplicate, reason="Asked")
    erase_person(housed, person, reason="Asked")
    for forbidden in (
        lambda: erase_person(housed, person, reason="Again"),
        lambda: merge_people(housed, other, person),
        lambda: unmerge_people(housed, merge),
        lambda: change_person(housed, person, PersonDetails("Back")),
    ):
        with pytest.raises(Conflict):
            forbidden()


@pytest.mark.slow
def test_pages_copy_hold_and_erase(app: Flask, make: Make, sign_in: Callable[[Person], Any], session: Session) -> None:
    manager = make.person("Odile Marsh", roles=(Role.BUSINESS_MANAGER,))
    person = make.person(NAME, ref=REF, email=ADDRESS)
    browser, own = sign_in(manager), sign_in(person)
    copy = own.post("/my/data/copy.html").text
    assert NAME in copy
    assert "In our records since</strong></dt><dd>Mon 16 Mar 2026" in copy
    assert own.post("/my/data/copy.json").json["person"]["name"] == NAME
    assert own.post("/my/data/copy.exe").status_code == 404
    assert own.get(f"/people/{person.id}/data").status_code == 403
    assert browser.post(f"/people/{person.id}/data/copy.json").json["person"]["reference"] == REF
    hold = {"ref": REF, "kept": "", "reason": "A claim", "look_again_on": "2027-01-31"}
    assert browser.post("/retention/hold", data={**hold, "look_again_on": "2020-01-31"}).status_code == 422
    assert browser.post("/retention/hold", data=hold).status_code == 303
    assert "A claim" in browser.get(f"/people/{person.id}").text
    assert "A hold stands" in browser.get(f"/people/{person.id}/erase").text
    erase = {"reason": "Asked", "ref": REF}
    assert browser.post(f"/people/{person.id}/erase", data=erase).status_code == 409
    assert browser.post("/retention/holds/1/lift", data={"reason": "Over"}).status_code == 303
    assert browser.post(f"/people/{person.id}/erase", data={**erase, "ref": "RV1"}).status_code == 422
    assert browser.post(f"/people/{person.id}/erase", data=erase).status_code == 303
    assert "Erased person" in browser.get(f"/people/{person.id}").text
    assert own.get("/my/data").status_code == 302
    session.rollback()
    assert where_it_stands(session, NAME, REF, ADDRESS) == []
