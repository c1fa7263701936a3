"""One page, one code: who is asked what, what the code does, and that nothing is done before it."""

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.engine import Engine
from sqlalchemy.orm import Session

from courses.booking.bookings.models import Booking
from courses.booking.bookings.rules import BookingRequest, BookingState, Outcome
from courses.booking.bookings.services import book_place
from courses.booking.needs.models import KeptNeeds
from courses.booking.wishes.models import BookingWish
from courses.booking.wishes.services import forget_wishes
from courses.programme.events.models import Event
from courses.programme.events.rules import EventState
from courses.records.completions.models import Completion
from lms.agencies.models import Agency
from lms.frame.access import Role
from lms.frame.work import Work
from lms.people.models import Person
from lms.signin.linked.rules import as_kept
from lms.signin.models import Registration
from lms.signin.providers.rules import ProvedIdentity
from lms.signin.registrations.services import accept_registration
from tests.conftest import Clock
from tests.lms.signin.conftest import Post, who
from tests.make import Make
from tests.moments import NOW

SignIn = Callable[[Person], FlaskClient]
CODE = "courses.booking_code"
MANAGER = {"manager": "new", "manager_name": "Colette Barraclough-Ames", "manager_email": "colette@rvch.example"}
HERS = {"manager_name": "Her Manager", "manager_email": "her@rvch.example"}
LATER = datetime(2026, 5, 20, 8, 30, tzinfo=UTC)
NORA = MANAGER | {
    "name": "Nora Quill-Adeyemi",
    "email": "Nora@rvch.example",
    "needs": "Hearing loop",
    "phone_on_day": "07700 900 418",
    "is_declared": "y",
}


@pytest.fixture
def post(engine: Engine) -> Post:
    return Post(engine)


@pytest.fixture
def event(make: Make) -> Event:
    make.agency(domains=["rvch.example"])
    found = make.event(capacity=2)
    make.commit()
    return found


def ask(browser: FlaskClient, event_id: int, **said: str) -> str:
    """Send the one page signed out; answers the address of the page for the code."""
    answer = browser.post(f"/events/{event_id}/book", data=NORA | said)
    assert answer.status_code == 303, answer.text
    return answer.location


def enter(browser: FlaskClient, page: str, post: Post) -> str:
    """Type the newest code; answers where that leads."""
    return browser.post(page, data={"code": post.code(CODE)}).location


def booked(office: Work, event: Event, person: Person, **said: str) -> Booking:
    """Somebody has booked already."""
    return book_place(office, event.id, person, BookingRequest(**said))  # type: ignore[arg-type]


def bookings(session: Session) -> list[Booking]:
    session.rollback()
    return list(session.scalars(sa.select(Booking).order_by(Booking.id)))


def test_somebody_new_books_on_one_page_with_one_code(
    client: FlaskClient, post: Post, session: Session, event: Event
) -> None:
    event_id = event.id
    page = ask(client, event_id)
    shown = client.get(page)
    assert "Nora Quill-Adeyemi, Rowan Valley Community Health" in shown.text
    assert "Colette Barraclough-Ames" in shown.text
    assert (post.count("person"), post.count("booking")) == (0, 0), "typing an address does nothing"
    assert "Nora" not in str(post.newest(CODE).context), "no word of whoever typed it"
    assert client.post(page, data={"code": "000000"}).status_code == 422
    booked = enter(client, page, post)
    assert "Your place is booked" in client.get(booked).text
    booking = bookings(session)[0]
    assert (booking.state, booking.event_id) == (BookingState.CONFIRMED, event_id)
    assert booking.person.name == "Nora Quill-Adeyemi"
    assert booking.person.email == "nora@rvch.example"
    assert booking.booked_by_id == booking.person_id
    assert (booking.manager_email, booking.phone_on_day) == ("colette@rvch.example", "07700 900 418")
    assert booking.needs is not None
    assert post.count("booking_wish") == 0
    assert "Booking" in client.get(f"/events/{event_id}/book").text
    assert [letter.kind for letter in post.all()].count("courses.booking_confirmed") == 1


def test_the_page_and_the_next_one_read_the_same_for_whom_we_know(
    app: Flask, make: Make, office: Work, post: Post, session: Session, event: Event
) -> None:
    """And nothing of a record shows, or changes, before its owner's code was typed."""
    amara = make.person("Amara Fenwick-Osei", email="amara@rvch.example", phone="07700 900 111")
    booked(office, make.event(starts=LATER), amara, **HERS)
    make.commit()
    seen = []
    for address in ("amara@rvch.example", "nobody@rvch.example"):
        stranger = app.test_client()
        page = ask(stranger, event.id, email=address, name="Someone Else", manager="last", phone_on_day="")
        token = page.rpartition("/")[2]
        html = re.sub(r'name="csrf_token" value="[^"]+"', "", stranger.get(page).text)
        seen.append(html.replace(token, "").replace(address.partition("@")[0], "somebody"))
        assert "Her Manager" not in seen[-1]
        assert "Amara" not in seen[-1]
    assert seen[0] == seen[1]
    session.rollback()
    assert session.get_one(Person, amara.id).name == "Amara Fenwick-Osei"
    assert len(bookings(session)) == 1


def test_whoever_booked_before_keeps_record_and_manager(
    client: FlaskClient, make: Make, office: Work, post: Post, session: Session, event: Event
) -> None:
    amara = make.person("Amara Fenwick-Osei", email="amara@rvch.example")
    booked(office, make.event(starts=LATER), amara, **HERS)
    make.commit()
    amara_id, event_id = amara.id, event.id
    page = ask(client, event_id, email="amara@rvch.example", name="A. Nother", manager="last")
    assert "Her Manager" in client.get(enter(client, page, post)).text
    _, booking = bookings(session)
    assert (booking.person_id, booking.manager_email) == (amara_id, "her@rvch.example")
    assert booking.person.name == "Amara Fenwick-Osei"


def test_without_a_manager_of_last_time_it_is_asked_once_more_and_nothing_is_lost(
    client: FlaskClient, make: Make, post: Post, session: Session, event: Event
) -> None:
    make.person("Amara Fenwick-Osei", email="amara@rvch.example", agency=None)
    make.commit()
    page = ask(client, event.id, email="amara@rvch.example", manager="last", agency_words="Ashbeck")
    then = enter(client, page, post)
    assert who(client) == "Amara Fenwick-Osei"
    back = client.get(then).text
    assert "nothing is booked yet" in back
    assert "Hearing loop" in back
    assert client.post(then, data=MANAGER | {"is_declared": "y"}).status_code == 303
    assert len(bookings(session)) == 1


def test_a_second_factor_comes_before_the_booking(
    client: FlaskClient, make: Make, post: Post, session: Session, event: Event
) -> None:
    make.person("Priyanka Hallowdale", email="priyanka@rvch.example", roles=(Role.COORDINATOR,))
    make.commit()
    then = enter(client, ask(client, event.id, email="priyanka@rvch.example"), post)
    assert "second-factor" in then
    assert who(client) == ""
    assert bookings(session) == []


def test_a_shared_mailbox_is_told_whose_it_is_and_books_for_nobody(
    client: FlaskClient, make: Make, post: Post, session: Session, event: Event
) -> None:
    for name in ("Amara Fenwick-Osei", "Joel Tarrant"):
        make.person(name, email="office@rvch.example")
    make.commit()
    page = ask(client, event.id, email="office@rvch.example")
    assert [letter.kind for letter in post.all()] == ["signin.shared_mailbox"]
    assert client.post(page, data={"code": "123456"}).status_code == 422
    assert bookings(session) == []


def test_the_last_place_goes_while_somebody_looks_for_the_code(
    client: FlaskClient, make: Make, office: Work, post: Post, session: Session, event: Event
) -> None:
    page = ask(client, event.id)
    session.rollback()
    for name in ("Tobiah Hanley-Roe", "Wren Dallimore"):
        booked(office, session.get_one(Event, event.id), make.person(name))
    make.commit()
    then = enter(client, page, post)
    told = client.get(then).text
    assert "The last place went while you were looking for the code" in told
    assert "Join the waiting list" in told
    assert "Hearing loop" in told
    assert len(bookings(session)) == 2
    again = MANAGER | {"is_declared": "y"}
    assert client.post(then, data=again).status_code == 303
    assert bookings(session)[-1].state is BookingState.WAITING


def test_whom_the_office_must_look_at_keeps_turn_and_wish(
    client: FlaskClient, make: Make, post: Post, sign_in: SignIn, session: Session, clock: Clock, event: Event
) -> None:
    event_id, agency_id = event.id, make.agency("Ashbeck Family Centre").id
    make.commit()
    unknown = NORA | {"email": "nora@home.example"}
    refused = client.post(f"/events/{event_id}/book", data=unknown)
    assert refused.status_code == 422
    assert "We cannot tell from this address where you work" in refused.text
    page = ask(client, event_id, email="nora@home.example", agency_words="Ashbeck Family Centre")
    assert "We’ve kept your request" in client.post(page, data={"code": post.code(CODE)}).text
    received = post.newest("signin.registration_received").context
    assert received["wants"].startswith("a place on Safer babies")
    clock.now += timedelta(days=1)
    for name in ("Tobiah Hanley-Roe", "Wren Dallimore", "Joel Tarrant"):
        browser = sign_in(make.person(name))
        assert browser.post(f"/events/{event_id}/book", data=MANAGER | {"is_declared": "y"}).status_code == 303
    office = sign_in(make.coordinator())
    assert "Came for a place on Safer babies" in office.get("/registrations").text
    registration_id = session.scalars(sa.text("SELECT id FROM registration")).one()
    session.rollback()
    assert office.post(f"/registrations/{registration_id}", data={"agency_id": agency_id}).status_code == 303
    *_, waiting, nora = bookings(session)
    assert nora.person.name == "Nora Quill-Adeyemi"
    assert (waiting.state, nora.state) == (BookingState.WAITING, BookingState.WAITING)
    assert (waiting.queued_at, nora.queued_at) == (NOW + timedelta(days=1), NOW)
    assert post.newest("courses.waiting").context["position"] == 1
    assert post.newest("signin.registration_accepted").context["wants"] == received["wants"]
    assert post.count("booking_wish") == 0


def test_a_wish_that_cannot_be_kept_is_told_and_one_of_whom_the_office_refuses_goes(
    app: Flask, make: Make, post: Post, sign_in: SignIn, session: Session, event: Event
) -> None:
    event_id, agency_id = event.id, make.agency("Ashbeck Family Centre").id
    make.commit()
    for address in ("nora@home.example", "wren@home.example"):
        browser = app.test_client()
        page = ask(browser, event_id, email=address, agency_words="Ashbeck Family Centre")
        browser.post(page, data={"code": post.code(CODE)})
    office = sign_in(make.coordinator())
    first, second = session.scalars(sa.text("SELECT id FROM registration ORDER BY id"))
    cancelled = session.get_one(Event, event_id)
    cancelled.state, cancelled.cancelled_at = EventState.CANCELLED, NOW
    session.commit()
    assert office.post(f"/registrations/{first}", data={"agency_id": agency_id}).status_code == 303
    assert "does not take bookings" in post.newest("courses.wish_not_kept").context["why"]
    assert post.count("booking_wish") == 1
    assert office.post(f"/registrations/{second}/refuse").status_code == 303
    assert post.newest("signin.registration_refused").context["wants"]
    assert post.count("booking_wish") == 0


def test_a_get_of_the_code_page_does_nothing_and_another_browser_sees_no_answers(
    app: Flask, client: FlaskClient, post: Post, session: Session, event: Event
) -> None:
    page = ask(client, event.id)
    other = app.test_client()
    assert "Colette" not in other.get(page).text
    assert bookings(session) == []
    assert "Your place is booked" in other.get(enter(other, page, post)).text
    assert client.get(page).status_code == 404


def test_back_shows_what_was_typed_and_another_date_takes_it_along(
    client: FlaskClient, make: Make, post: Post, event: Event
) -> None:
    other = make.event(event.course, starts=event.starts_at + timedelta(days=28))
    make.commit()
    path = f"/events/{event.id}/book"
    ask(client, event.id)
    assert "Hearing loop" in client.get(path).text
    moved = client.post(path, data=NORA | {"to": str(other.id)})
    assert moved.location == f"/events/{other.id}/book"
    assert "Hearing loop" in client.get(moved.location).text
    assert "Hearing loop" not in client.get("/my/needs", follow_redirects=True).text


def test_another_code_books_too_and_the_first_letter_still_works(
    client: FlaskClient, post: Post, session: Session, event: Event
) -> None:
    first = ask(client, event.id)
    second = client.post(f"{first}/again").location
    assert second != first
    assert "Your place is booked" in client.get(enter(client, second, post)).text
    assert len(bookings(session)) == 1


@pytest.mark.parametrize(
    ("state", "title"),
    [
        (EventState.CANCELLED, "This event is cancelled"),
        (EventState.POSTPONED, "This event is postponed"),
        (None, "Booking has closed"),
        (EventState.DELIVERED, "This event is over"),
    ],
)
def test_what_takes_no_booking_says_so_at_once_and_offers_what_helps(
    client: FlaskClient, make: Make, clock: Clock, event: Event, state: EventState | None, title: str
) -> None:
    make.event(event.course, starts=event.starts_at + timedelta(days=28))
    event.state = state or event.state
    event.cancelled_at = NOW if state is EventState.CANCELLED else None
    event.finalised_at = NOW if state is EventState.DELIVERED else None
    make.commit()
    clock.now = event.booking_closes_at + timedelta(minutes=1) if state is None else clock.now
    page = client.get(f"/events/{event.id}/book")
    assert page.status_code == 200
    assert title in page.text
    assert "Other dates of this course" in page.text
    assert "Ask for another date" in page.text
    assert client.post(f"/events/{event.id}/book", data=NORA).status_code == 409


def test_what_is_missing_is_said_at_its_field_and_what_was_typed_stays(client: FlaskClient, event: Event) -> None:
    answer = client.post(f"/events/{event.id}/book", data={"needs": "Hearing loop", "email": "nora@rvch.example"})
    assert answer.status_code == 422
    for words in (
        "Enter your name.",
        "Enter your line manager’s name, or say that you do not have one.",
        "Confirm that your line manager has agreed",
        "belongs to <strong>Rowan Valley Community Health",
        "Hearing loop",
    ):
        assert words in answer.text


def test_a_course_that_asks_managers_first_says_so_everywhere(
    client: FlaskClient, make: Make, post: Post, session: Session, event: Event
) -> None:
    event.course.needs_approval = True
    make.commit()
    path, code = f"/events/{event.id}/book", event.course.code
    page = client.get(path).text
    assert "Ask for a place" in page
    assert "No place is held for you until they do" in page
    assert "Your booking is confirmed" not in page
    assert "line manager" in client.get(f"/courses/{code}").text
    alone = client.post(path, data=NORA | {"manager": "none", "is_declared": ""})
    assert "Tick to say that you know it is a request." in alone.text
    then = ask(client, event.id)
    assert "Confirm and ask for my place" in client.get(then).text
    enter(client, then, post)
    assert bookings(session)[0].state is BookingState.AWAITING_MANAGER


def test_a_volunteer_without_a_manager_declares_nothing(
    sign_in: SignIn, make: Make, session: Session, event: Event
) -> None:
    browser = sign_in(make.person("Tobiah Hanley-Roe"))
    assert browser.post(f"/events/{event.id}/book", data={"manager": "none"}).status_code == 303
    assert bookings(session)[0].manager_email == ""


def test_signed_in_what_was_said_last_time_is_offered_and_booking_twice_is_said_at_once(
    sign_in: SignIn, make: Make, office: Work, session: Session, event: Event
) -> None:
    amara = make.person("Amara Fenwick-Osei")
    booked(office, make.event(starts=LATER), amara, **HERS, phone_on_day="07700 900 418")
    browser, path = sign_in(amara), f"/events/{event.id}/book"
    page = browser.get(path).text
    assert "Her Manager, her@rvch.example" in page
    assert 'value="07700 900 418"' in page
    assert browser.post(path, data={"manager": "last", "is_declared": "y"}).status_code == 303
    assert bookings(session)[-1].manager_email == "her@rvch.example"
    assert "You have already booked this" in browser.get(path).text
    assert browser.post(path, data={"manager": "last", "is_declared": "y"}).status_code == 409


def test_needs_are_kept_by_a_tick_filled_in_next_time_and_taken_away(
    sign_in: SignIn, make: Make, session: Session, event: Event
) -> None:
    amara, later = make.person("Amara Fenwick-Osei"), make.event()
    browser = sign_in(amara)
    said = {"manager": "none", "needs": "Hearing loop", "food": "Vegan"}
    browser.post(f"/events/{event.id}/book", data=said | {"keep_needs": "y"})
    session.rollback()
    assert session.scalars(sa.select(KeptNeeds.needs)).all() == ["Hearing loop"]
    session.rollback()
    page = browser.get(f"/events/{later.id}/book").text
    assert "Hearing loop" in page
    assert "at the same time.</p>" in page, "a caution asks for no reason: the field below it does"
    assert "Vegan" in browser.get("/my/needs").text
    assert browser.post(f"/events/{later.id}/book", data=said | {"clash_reason": "Both"}).status_code == 303
    session.rollback()
    assert session.scalars(sa.select(KeptNeeds)).all() == [], "without the tick it goes"
    session.rollback()
    browser.post("/my/needs", data={"needs": "Seat by the door", "food": ""})
    assert "Seat by the door" in browser.get("/my/needs").text
    browser.post("/my/needs/take-away")
    assert "Seat by the door" not in browser.get("/my/needs").text
    assert bookings(session)[0].needs is not None


def test_a_stranger_neither_sees_nor_takes_away_what_is_kept(
    client: FlaskClient, make: Make, post: Post, session: Session, event: Event
) -> None:
    amara = make.person("Amara Fenwick-Osei", email="amara@rvch.example")
    make.session.add(KeptNeeds(person_id=amara.id, needs="Hearing loop", food="", kept_at=NOW))
    make.commit()
    page = ask(client, event.id, email="amara@rvch.example", needs="", phone_on_day="")
    assert "Hearing loop" not in client.get(page).text
    booked = enter(client, page, post)
    session.rollback()
    assert session.scalars(sa.select(KeptNeeds.needs)).all() == ["Hearing loop"]
    session.rollback()
    assert "What you saved last time" in client.get(booked).text
    assert "Hearing loop" in client.get(f"{booked}/needs").text


def test_what_speaks_against_it_is_said_never_forbidden_and_the_reason_is_kept(
    sign_in: SignIn, make: Make, office: Work, session: Session, event: Event
) -> None:
    mine, others = make.role_group("Police"), make.role_group("Social work")
    amara = make.person("Amara Fenwick-Osei", role_group=mine)
    event.version.audience.append(others)
    event.course.needed = [make.course("Working together"), make.course("Signs of neglect")]
    read = Completion(course_id=event.course.needed[1].id, person_id=amara.id, completed_on=NOW.date(), created_at=NOW)
    make.session.add(read)
    past = make.event(event.course)
    attended = booked(office, past, amara)
    for day in (past, past.days[0]):
        day.starts_at, day.ends_at = NOW - timedelta(days=40, hours=6), NOW - timedelta(days=40)
    past.state, past.finalised_at, attended.outcome = EventState.DELIVERED, NOW, Outcome.ATTENDED
    browser, path = sign_in(amara), f"/events/{event.id}/book"
    page = browser.get(path).text
    assert "This course is meant for Social work, and your kind of work is Police." in page
    assert "You attended this course on" in page
    assert "People should have done this first: Working together. We have no record that you have." in page
    assert "Working together</a>" in browser.get(f"/courses/{event.course.code}").text
    refused = browser.post(path, data={"manager": "none"})
    assert "Explain why you would still like to come." in refused.text
    assert browser.post(path, data={"manager": "none", "clash_reason": "New team"}).status_code == 303
    assert bookings(session)[-1].clash_reason == "New team"


def test_wishes_that_nobody_confirmed_are_forgotten_after_a_day(work: Work, make: Make, event: Event) -> None:
    event = work.session.get_one(Event, event.id)
    for hours, confirmed in ((1, None), (25, None), (25, work.now)):
        asked = work.now - timedelta(hours=hours)
        said = {"event": event, "email": f"{hours}@x.example", "said": {}, "asked_at": asked, "confirmed_at": confirmed}
        work.session.add(BookingWish(**said))
    work.session.flush()
    forget_wishes(work)
    assert sorted(work.session.scalars(sa.select(BookingWish.email))) == ["1@x.example", "25@x.example"]


def proved(browser: FlaskClient, address: str) -> None:
    """Their provider has proved an address of somebody new, in this browser."""
    with browser.session_transaction() as kept:
        kept["newcomer"] = as_kept(
            ProvedIdentity("nhs", "https://login.example.org", "nora", address, "Nora Quill"), NOW
        )


def test_somebody_new_whose_provider_proved_the_address_books_without_a_code(
    client: FlaskClient, post: Post, session: Session, event: Event
) -> None:
    event_id = event.id
    proved(client, "nora@rvch.example")
    page = client.get(f"/events/{event_id}/book").text
    assert "nora@rvch.example is confirmed, so you do not need a code" in page
    assert 'value="Nora Quill"' in page
    booked = ask(client, event_id)
    assert "Your place is booked" in client.get(booked).text
    assert who(client) == "Nora Quill-Adeyemi"
    assert [booking.state for booking in bookings(session)] == [BookingState.CONFIRMED]
    kinds = {letter.kind for letter in post.all()}
    assert CODE not in kinds
    assert {"courses.booking_confirmed", "signin.account_changed"} <= kinds
    assert session.scalars(sa.text("SELECT subject FROM linked_account")).all() == ["nora"]
    assert post.count("booking_wish") == 0


def test_a_proof_of_one_address_books_for_no_other_and_for_nobody_whom_we_know(
    client: FlaskClient, post: Post, session: Session, make: Make, event: Event
) -> None:
    event_id = event.id
    proved(client, "mallory@rvch.example")
    assert "/book/code/" in ask(client, event_id)
    assert (post.count("booking"), post.count("person")) == (0, 0)
    proved(client, "nora@rvch.example")
    make.commit()
    make.person("Nora Quill-Adeyemi", email="nora@rvch.example")
    make.commit()
    answer = client.post(f"/events/{event_id}/book", data=NORA)
    assert answer.status_code == 422
    assert "Someone has since registered with this address" in answer.text
    assert who(client) == ""
    assert (post.count("booking"), post.count("linked_account")) == (0, 0)


def test_whom_the_office_must_look_at_keeps_turn_and_wish_without_a_code_too(
    client: FlaskClient, post: Post, session: Session, office: Work, event: Event
) -> None:
    event_id = event.id
    proved(client, "wren@elsewhere.example")
    said = {"name": "Wren Larkspur", "email": "wren@elsewhere.example", "agency_words": "Rowan Valley Community Health"}
    answer = client.post(f"/events/{event_id}/book", data=NORA | said)
    assert "We’ve kept your request" in answer.text
    session.rollback()
    wish = session.scalars(sa.select(BookingWish)).one()
    assert (wish.event_id, wish.confirmed_at) == (event_id, NOW)
    asked = session.scalars(sa.select(Registration)).one()
    agency = session.scalars(sa.select(Agency)).one()
    accept_registration(office, asked.id, agency_id=agency.id)
    office.session.commit()
    assert [(booking.state, booking.person.name) for booking in bookings(session)] == [
        (BookingState.CONFIRMED, "Wren Larkspur")
    ]
