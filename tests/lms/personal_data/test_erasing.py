"""Erasing somebody: nothing tells who they were, and everything is counted as before."""

from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
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
from lms.personal_data.queries import mentions_of
from lms.personal_data.services import erase_person, export_person
from lms.retention.services import lift_hold, remove_what_is_past, set_hold
from surveys.concerns.models import Concern
from surveys.questions.rules import SurveyKind
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


def named_by_others(work: Work, make: Make, number: int) -> Person:
    """Somebody who is the line manager of so many people of other agencies."""
    person = make.person(NAME, ref=REF, email=ADDRESS)
    for each in range(number):
        make.person(f"Delegate {each}", manager_name=NAME, manager_email="desk@rvch.example")
    return person


def test_above_twenty_texts_of_others_it_stops_until_somebody_looked_at_just_as_many(housed: Work, make: Make) -> None:
    person = named_by_others(housed, make, 21)
    for seen in (None, 0, 20, 22):
        with pytest.raises(Invalid, match="21 texts about other people"):
            erase_person(housed, person, reason="Asked", texts_seen=seen)
    assert person.name == NAME
    assert erase_person(housed, person, reason="Asked", texts_seen=21).texts == 21


def test_up_to_twenty_need_no_second_look(housed: Work, make: Make) -> None:
    person = named_by_others(housed, make, 20)
    assert erase_person(housed, person, reason="Asked").texts == 20


def test_what_is_written_for_everybody_is_shown_and_never_rewritten(housed: Work, make: Make) -> None:
    person = make.person(NAME, ref=REF, email=ADDRESS, phone="07700 900 999")
    course = make.course(title="Safer babies", summary=f"Led by {NAME}. Ring 07700 900999 or {ADDRESS}.")
    point = make.learning_point(text=f"{NAME} found it")
    event = make.event(course, joining_note=f"Ask for {NAME} at the desk, or ring 07700 900 999.")
    found = mentions_of(housed, person.id)
    assert [(each.table, each.column) for each in found.texts] == [("event", "joining_note")]
    assert {(each.table, each.column, each.what) for each in found.places} == {
        ("course_version", "summary", "the catalogue"),
        ("learning_point", "text", "learning points"),
    }
    erase_person(housed, person, reason="Asked")
    housed.session.expire_all()
    assert course.versions[0].summary == f"Led by {NAME}. Ring 07700 900999 or {ADDRESS}."
    assert point.text == f"{NAME} found it"
    assert event.joining_note == "Ask for [erased] at the desk, or ring 07700 900 999."


def test_words_that_stay_when_they_mean_something_else(housed: Work, make: Make) -> None:
    person = make.person("Florence Ward", ref=REF)
    event = make.event(joining_note="The room is on Florence Ward.")
    assert mentions_of(housed, person.id).words == ["Florence Ward"]
    erase_person(housed, person, reason="Asked", leave=["Florence Ward"])
    housed.session.expire_all()
    assert event.joining_note == "The room is on Florence Ward."
    assert person.name != "Florence Ward"


def test_a_name_is_found_without_its_accents_and_others_with_a_longer_one_keep_theirs(housed: Work, make: Make) -> None:
    person = make.person("Zoë Quill", email=ADDRESS)
    other = make.person("Zoe Quill-Marchbanks", manager_name="ZOE QUILL")
    third = make.person("Mary Zoë Quill")
    event = make.event(joining_note="Ask Zoe Quill, Zoe Quill-Marchbanks or Mary Zoë Quill.")
    erase_person(housed, person, reason="Asked")
    housed.session.expire_all()
    assert event.joining_note == "Ask [erased], Zoe Quill-Marchbanks or Mary Zoë Quill."
    assert (other.name, other.manager_name) == ("Zoe Quill-Marchbanks", "Erased person")
    assert third.name == "Mary Zoë Quill"


def test_words_that_only_few_may_read_are_not_shown(housed: Work, make: Make) -> None:
    person = make.person(NAME)
    concern = Concern(kind=SurveyKind.ON_THE_DAY, about="A day", words=f"{NAME} told me", raised_on=NOW.date())
    housed.session.add(concern)
    housed.session.flush()
    (found,) = mentions_of(housed, person.id).texts
    assert found.table == "survey_concern"
    assert [piece.words for excerpt in found.excerpts for piece in excerpt] == [
        "Only a few people can read these words, so they are not shown here."
    ]
    erase_person(housed, person, reason="Asked")
    housed.session.expire_all()
    assert concern.words == "[erased] told me"


def test_the_night_touches_nothing_but_the_rows_of_who_left(housed: Work, make: Make) -> None:
    """Nobody looks on, so what others wrote stays, whatever stands there."""
    person = make.person(NAME, ref=REF, email=ADDRESS, left_on=NOW.date() - timedelta(days=3000))
    other = make.person("Bo Ashgrove", manager_name=NAME, manager_email=ADDRESS)
    event = make.event(joining_note=f"Ask {NAME}")
    run = remove_what_is_past(housed, housed.site.retention)
    assert ["personal_data.former_people", 1] in [[line[0], line[2]] for line in run.lines]
    housed.session.expire_all()
    assert person.name == "Erased person"
    assert (other.manager_name, other.manager_email) == (NAME, ADDRESS)
    assert event.joining_note == f"Ask {NAME}"


def test_a_copy_holds_what_every_plugin_keeps_and_no_secret(housed: Work, make: Make) -> None:
    person = everything_of(housed, make)
    account = make.account(person)
    account.password, account.tf_totp_secret = "a-hash", "a-seed"
    copy = export_person(housed, person)
    assert copy["data"]["Your record"]["Further addresses"] == [FURTHER, "zq@rvch.example"]
    assert copy["data"]["Bookings"][0]["What you need on the day"] == "A ramp"
    assert {"Certificates", "Emails to you", "What was done with your record", "Roles"} <= copy["data"].keys()
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


@pytest.mark.parametrize(
    ("typed", "of_other"),
    [("Sam Green, Ashbeck", "Sam Green"), ("Sam Green (DSL)", "Sam Green"), ("Sam Green", "Sam Green, DSL")],
)
def test_a_namesake_keeps_their_name_whatever_stands_behind_either(
    housed: Work, make: Make, typed: str, of_other: str
) -> None:
    person, other = make.person(typed, email="sam@rvch.example"), make.person(of_other, email="green@rvch.example")
    event = make.event(joining_note="Ask Sam Green for the room.")
    erase_person(housed, person, reason="Asked")
    housed.session.expire_all()
    assert other.name == of_other
    assert event.joining_note == "Ask Sam Green for the room."


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


@pytest.mark.slow
def test_the_page_shows_every_text_with_its_words_and_asks_twice_about_many(
    app: Flask, make: Make, sign_in: Callable[[Person], Any], session: Session
) -> None:
    manager = make.person("Odile Marsh", roles=(Role.BUSINESS_MANAGER,))
    person = make.person(NAME, ref=REF, email=ADDRESS)
    make.course(summary=f"Led by {NAME}.")
    event = make.event(joining_note=f"Ask {NAME} at the desk.")
    for number in range(20):
        make.person(f"Delegate {number}", manager_name=NAME)
    browser, url = sign_in(manager), f"/people/{person.id}/erase"
    page = browser.get(url).text
    assert "21 texts about other people lose the marked words" in page
    assert f"Ask <mark>{NAME}</mark> at the desk." in page
    assert "Person, manager name: 20 times" in page
    assert f"Led by <mark>{NAME}</mark>." in page.partition("Places to look at")[2]
    erase = {"reason": "Asked", "ref": REF, "shown": "21"}
    refused = browser.post(url, data=erase)
    assert (refused.status_code, "Look at each of them" in refused.text) == (422, True)
    assert browser.post(url, data={**erase, "texts_seen": "y", "shown": "20"}).status_code == 422
    assert browser.post(url, data={**erase, "texts_seen": "y", "shown": "x"}).status_code == 422
    session.rollback()
    assert session.get_one(Person, person.id).name == NAME
    assert browser.post(url, data={**erase, "texts_seen": "y", "leave": ["nobody"]}).status_code == 303
    session.rollback()
    session.refresh(event)
    assert event.joining_note == "Ask [erased] at the desk."


def test_no_file_of_the_database_holds_an_erased_name(housed: Work, make: Make, session: Session) -> None:
    """Neither a free page nor the write-ahead log, once the erasure is saved."""
    if session.get_bind().dialect.name != "sqlite":
        pytest.skip("PostgreSQL's files are its server's: docs/personal-data.md")
    person = make.person("Unmistakable Quillfeather")
    make.commit()
    erase_person(housed, person, reason="Asked by email")
    make.commit()
    path = Path(str(session.get_bind().engine.url.database))
    session.close()
    kept = b"".join(each.read_bytes() for each in path.parent.glob(f"{path.name}*"))
    assert b"Quillfeather" not in kept
