"""What the training team writes: to who it goes, that it goes once, and only to those whom it still concerns."""

from collections.abc import Callable
from datetime import timedelta

import pytest
import sqlalchemy as sa
from bs4 import BeautifulSoup
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from courses.booking.bookings.models import Booking
from courses.booking.bookings.rules import BookingRequest
from courses.booking.bookings.services import book_place, cancel_booking
from courses.booking.messages.models import Message
from courses.booking.messages.queries import about_course, about_event, copies_of, readers_of
from courses.booking.messages.rules import MessageWritten, ReaderGroup, readers_chosen, to_words
from courses.booking.messages.services import send_message
from courses.programme.courses.models import Interest
from courses.programme.events.models import Event
from lms.frame.access import Actor
from lms.frame.work import Work
from lms.kit.errors import Invalid, NotAllowed
from lms.mail.delivery import deliver_due
from lms.mail.models import OutboxLetter
from lms.mail.rules import LetterState
from lms.people.models import Person
from tests.make import Make
from tests.moments import NOW

LUNCH = {"subject": "Bring your lunch", "body": "The kitchen is closed.\n\nThere is a shop."}


def by(*groups: ReaderGroup, people: tuple[int, ...] = ()) -> MessageWritten:
    return MessageWritten(**LUNCH, groups=frozenset(groups), person_ids=frozenset(people))


def ids_of(work: Work, event: Event, written: MessageWritten) -> frozenset[int]:
    about = about_event(work.session, event.id)
    return frozenset(each.person_id for each in readers_chosen(readers_of(work.session, about), written))


@pytest.fixture
def full(work: Work, make: Make) -> tuple[Event, list[Booking]]:
    """An event of two places with a trainer: two booked, one waiting, one who cancelled."""
    event = make.event(capacity=2)
    event.trainers = [make.person("Tansy Marchbank")]
    bookings = [book_place(work, event.id, make.person(f"Delegate {n}"), BookingRequest()) for n in range(4)]
    cancel_booking(work, bookings[3])
    return event, bookings


@pytest.mark.parametrize(
    ("groups", "people", "expected"),
    [
        ((ReaderGroup.BOOKED,), (), {"Delegate 0", "Delegate 1"}),
        ((ReaderGroup.WAITING,), (), {"Delegate 2"}),
        ((ReaderGroup.TRAINERS, ReaderGroup.BOOKED), (), {"Tansy Marchbank", "Delegate 0", "Delegate 1"}),
        ((ReaderGroup.WAITING,), (0, 2), {"Delegate 0", "Delegate 2"}),
        ((), (3,), set()),
    ],
)
def test_it_goes_to_the_groups_and_to_those_chosen_by_name(
    work: Work,
    full: tuple[Event, list[Booking]],
    groups: tuple[ReaderGroup, ...],
    people: tuple[int, ...],
    expected: set[str],
) -> None:
    event, bookings = full
    about = about_event(work.session, event.id)
    written = by(*groups, people=tuple(bookings[n].person_id for n in people))
    if not expected:
        with pytest.raises(Invalid, match="who the message goes to"):
            send_message(work, about, written, seen=frozenset(), key="one")
        return
    message = send_message(work, about, written, seen=ids_of(work, event, written), key="one")
    work.session.flush()
    letters = work.session.scalars(sa.select(OutboxLetter).where(OutboxLetter.kind == "courses.message")).all()
    names = {each.id: each.name for each in work.session.scalars(sa.select(Person))}
    assert {names[each.person_id] for each in letters if each.person_id} == expected
    assert len(letters) == len(expected) == message.number_of_readers
    assert {copy.name for copy in copies_of(work.session, message)} == expected
    assert letters[0].context["lines"] == ["The kitchen is closed.", "There is a shop."]


def test_a_second_click_sends_nothing_and_answers_the_same_message(
    work: Work, full: tuple[Event, list[Booking]]
) -> None:
    event, _ = full
    about, written = about_event(work.session, event.id), by(ReaderGroup.BOOKED)
    seen = ids_of(work, event, written)
    first = send_message(work, about, written, seen=seen, key="one")
    assert send_message(work, about, written, seen=seen, key="one") is first
    assert work.session.scalar(sa.select(sa.func.count(Message.id))) == 1
    kinds = sa.select(sa.func.count(OutboxLetter.id)).where(OutboxLetter.kind == "courses.message")
    assert work.session.scalar(kinds) == 2


def test_it_goes_to_nobody_whom_the_writer_did_not_see(
    work: Work, make: Make, full: tuple[Event, list[Booking]]
) -> None:
    event, bookings = full
    about, written = about_event(work.session, event.id), by(ReaderGroup.WAITING)
    seen = ids_of(work, event, written)
    book_place(work, event.id, make.person("Came since"), BookingRequest())
    with pytest.raises(Invalid, match="2 people now"):
        send_message(work, about, written, seen=seen, key="one")
    assert seen == {bookings[2].person_id}


def test_only_the_training_team_writes(work: Work, full: tuple[Event, list[Booking]]) -> None:
    event, _ = full
    work.actor = Actor("Somebody", person_id=None, permissions=frozenset({"courses.see_own_events"}))
    with pytest.raises(NotAllowed):
        send_message(work, about_event(work.session, event.id), by(ReaderGroup.BOOKED), seen=frozenset(), key="one")


def test_words_to_whom_it_went(work: Work, full: tuple[Event, list[Booking]]) -> None:
    event, bookings = full
    everybody = readers_of(work.session, about_event(work.session, event.id))
    chosen = by(ReaderGroup.TRAINERS, people=(bookings[0].person_id, bookings[2].person_id))
    assert to_words(everybody, chosen) == "the trainers and 2 people chosen by name"
    assert to_words(everybody, by(ReaderGroup.BOOKED, people=(bookings[0].person_id,))) == "everyone who has a place"


def test_those_who_ask_for_a_date_are_written_to_in_their_turn(work: Work, make: Make) -> None:
    course = make.course()
    for name, here in (("First", True), ("Has left", False), ("Second", True)):
        person = make.person(name, left_on=None if here else NOW.date())
        make._keep(Interest(course_id=course.id, person_id=person.id, asked_at=NOW))
    about = about_course(work.session, course.id)
    assert [each.name for each in readers_of(work.session, about)] == ["First", "Second"]


def test_who_is_no_longer_what_it_was_written_to_gets_none(
    app: Flask, session: Session, work: Work, make: Make
) -> None:
    """Between the writing and the sending one gives up, and the one who waited has a place."""
    event = make.event(capacity=1)
    has, waits = (book_place(work, event.id, make.person(f"D{n}"), BookingRequest()) for n in range(2))
    about, written = about_event(session, event.id), by(ReaderGroup.BOOKED, ReaderGroup.WAITING)
    work.now = NOW + timedelta(hours=2)
    message = send_message(work, about, written, seen=ids_of(work, event, written), key="one")
    cancel_booking(work, has)
    session.commit()
    deliver_due(app, lambda: work.now)
    session.expire_all()
    found = {copy.name: (copy.state, copy.why_not) for copy in copies_of(session, message)}
    assert found["D0"] == (LetterState.WITHDRAWN, "Not sent: the booking is cancelled now.")
    assert found["D1"][0] is LetterState.SENT
    assert waits.state.value == "offered"


def carried_by(html: str) -> dict[str, list[str]]:
    """What the page's form carries along, as a browser sends it."""
    found: dict[str, list[str]] = {}
    for each in BeautifulSoup(html, "html.parser").select("main form input[type=hidden]"):
        found.setdefault(str(each["name"]), []).append(str(each.get("value", "")))
    return found


def pressed(carried: dict[str, list[str]], step: str) -> dict[str, list[str]]:
    """With the button that was pressed: it comes after whatever else has its name."""
    return {**carried, "step": [*carried.get("step", []), step]}


def test_a_coordinator_writes_looks_and_sends(
    sign_in: Callable[[Person], FlaskClient], session: Session, make: Make, work: Work
) -> None:
    event = make.event()
    for name in ("Amara Fenwick-Osei", "Bronagh Whitlowe"):
        book_place(work, event.id, make.person(name), BookingRequest())
    browser = sign_in(make.coordinator())
    url = f"/events/{event.id}/messages/new"
    assert browser.get(f"{url}?to=booked").text.count("checked") == 1
    refused = browser.post(url, data={"step": "preview", **LUNCH, "subject": ""})
    assert refused.status_code == 422
    assert "Enter a subject." in refused.text
    assert "The kitchen is closed." in refused.text, "what was typed stays"
    nobody = browser.post(url, data={"step": "preview", **LUNCH})
    assert nobody.status_code == 422
    assert "Choose who the message goes to." in nobody.text
    preview = browser.post(url, data={"step": "preview", **LUNCH, "groups": "booked"})
    assert preview.status_code == 200
    assert "Amara Fenwick-Osei" in preview.text
    assert "Send to 2 people" in preview.text
    assert session.scalar(sa.select(sa.func.count(Message.id))) == 0
    carried = carried_by(preview.text)
    changed = browser.post(url, data=pressed(carried, "change"))
    assert "The kitchen is closed." in changed.text
    again = browser.post(url, data={**carried_by(changed.text), "step": "preview", **LUNCH, "groups": "booked"})
    assert carried_by(again.text)["key"] != carried["key"], "another message, should the first have been sent"
    sent = [browser.post(url, data=pressed(carried, "send")) for _ in range(2)]
    assert [each.status_code for each in sent] == [303, 303]
    assert sent[0].location == sent[1].location
    shown = browser.get(sent[0].location).text
    assert "everyone who has a place" in shown
    assert "Bronagh Whitlowe" in shown
    assert "Bring your lunch" in browser.get(f"/events/{event.id}/manage").text
    session.rollback()
    assert session.scalar(sa.select(sa.func.count(Message.id))) == 1
    other = make.event()
    make.commit()
    message_id = session.scalar(sa.select(Message.id))
    assert browser.get(f"/events/{other.id}/messages/{message_id}").status_code == 404


def test_hostile_choices_are_refused_in_words(sign_in: Callable[[Person], FlaskClient], make: Make, work: Work) -> None:
    event = make.event()
    book_place(work, event.id, make.person("Amara Fenwick-Osei"), BookingRequest())
    browser = sign_in(make.coordinator())
    url = f"/events/{event.id}/messages/new"
    for data in ({"people": "999999"}, {"people": "x"}, {"groups": "everybody"}):
        answer = browser.post(url, data={"step": "preview", **LUNCH, **data})
        assert answer.status_code == 422
        assert "Choose one of the options." in answer.text
    for seen in ("9" * 400, "-1,;", "9999,1"):
        answer = browser.post(url, data={"step": "send", **LUNCH, "groups": "booked", "seen": seen, "key": "k"})
        assert answer.status_code == 422
    assert browser.get(f"{url}?to=nobody&person=abc&person=999").status_code == 200
