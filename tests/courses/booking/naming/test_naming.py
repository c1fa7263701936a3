"""Another line manager on a booking: who is asked, who hears of it, and whose links end."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient

from courses.booking.bookings.asking.letters import approval_token
from courses.booking.bookings.letters import manager_token
from courses.booking.bookings.models import Booking
from courses.booking.bookings.rules import STRANGERS_A_WEEK, BookingRequest, BookingSource
from courses.booking.bookings.services import book_place
from courses.booking.naming.services import name_manager
from lms.frame.access import Actor
from lms.frame.work import Work
from lms.kit.errors import Conflict, Invalid
from lms.mail.models import OutboxLetter
from lms.people.models import Person
from tests.make import Make
from tests.moments import NOW

BO, DEE = "bo@rvch.example", "dee@rvch.example"
LATER = NOW + timedelta(days=2)
BY_BO = BookingRequest(manager_name="Bo Ashgrove", manager_email=BO)


@pytest.fixture
def amara(make: Make) -> Person:
    return make.person("Amara Fenwick-Osei", agency=make.agency(domains=["rvch.example"]))


def by(person: Person, office: Work) -> Work:
    return replace(office, actor=Actor(person.name, person.id))


def heard(work: Work, address: str) -> list[str]:
    rows = work.session.scalars(
        sa.select(OutboxLetter).where(OutboxLetter.to_address == address).order_by(OutboxLetter.id)
    )
    return [f"{row.context.get('about', row.kind)} {row.state.value}" for row in rows]


def test_who_was_told_hears_that_it_is_over_and_who_is_named_now_hears_of_the_place(
    office: Work, make: Make, amara: Person, deliver: Callable[..., None], client: FlaskClient
) -> None:
    booking = book_place(by(amara, office), make.event().id, amara, BY_BO)
    old = manager_token(office, booking)
    deliver(LATER)
    now = replace(by(amara, office), now=LATER)
    name_manager(now, booking, "Dee Marlow", DEE, is_declared=True)
    assert heard(office, BO) == ["booking_confirmed sent", "manager_changed waiting"]
    assert heard(office, DEE) == ["booking_confirmed waiting"]
    assert booking.declared_at == LATER
    make.commit()
    assert client.get(f"/managers/{old}").status_code == 404, "what they were told by link is no longer theirs"
    deliver(LATER + timedelta(days=3))
    last = office.session.scalars(sa.select(OutboxLetter).where(OutboxLetter.sent_to == BO)).all()[-1]
    assert "new line manager" in last.subject


def test_who_had_heard_nothing_yet_hears_nothing(office: Work, make: Make, amara: Person) -> None:
    booking = book_place(by(amara, office), make.event().id, amara, BY_BO)
    name_manager(by(amara, office), booking, "", "")
    assert heard(office, BO) == ["booking_confirmed withdrawn"]
    assert (booking.manager_name, booking.manager_email, booking.declared_at) == ("", "", None)


def test_who_is_to_agree_is_asked_and_who_was_asked_before_cannot(
    office: Work, make: Make, amara: Person, client: FlaskClient
) -> None:
    booking = book_place(by(amara, office), make.event(make.course(needs_approval=True)).id, amara, BY_BO)
    before = approval_token(office, booking)
    name_manager(by(amara, office), booking, "Dee Marlow", DEE)
    assert heard(office, DEE) == ["courses.approval_asked waiting"]
    after = approval_token(office, booking)
    make.commit()
    assert client.post(f"/approvals/{before}", data={"answer": "agree"}).status_code == 404
    assert client.post(f"/approvals/{after}", data={"answer": "agree"}).status_code == 303


def test_what_is_refused(office: Work, make: Make, amara: Person) -> None:
    booking = book_place(by(amara, office), make.event().id, amara, BY_BO)
    for address in (amara.email, BO):
        with pytest.raises(Invalid):
            name_manager(by(amara, office), booking, "Bo Ashgrove", address)
    with pytest.raises(Conflict, match="has started"):
        name_manager(replace(by(amara, office), now=booking.event.starts_at), booking, "Dee", DEE)


def test_nobody_makes_us_write_to_ever_new_strangers(office: Work, make: Make, amara: Person) -> None:
    """Neither by booking nor by changing who the line manager is; the office may."""
    booking = book_place(by(amara, office), make.event().id, amara, BY_BO)
    assert booking.source is BookingSource.DELEGATE
    for number in range(STRANGERS_A_WEEK):
        name_manager(by(amara, office), booking, "Somebody", f"somebody{number}@letterbox.example")
    with pytest.raises(Invalid, match="many line managers outside"):
        name_manager(by(amara, office), booking, "Somebody", "one.more@letterbox.example")
    name_manager(office, booking, "Somebody", "one.more@letterbox.example")
    name_manager(by(amara, office), booking, "Dee Marlow", DEE)


def test_the_page_is_for_whoever_has_the_booking_and_the_office(
    make: Make, office: Work, amara: Person, sign_in: Callable[[Person], FlaskClient]
) -> None:
    booking: Booking = book_place(by(amara, office), make.event().id, amara, BY_BO)
    address, stranger, coordinator = f"/bookings/{booking.id}/manager", make.person("Tobiah"), make.coordinator()
    assert sign_in(stranger).get(address).status_code == 404
    page = sign_in(coordinator).get(address).text
    assert ("of Amara Fenwick-Osei" in page, "Bo Ashgrove" in page) == (True, True)
    theirs = sign_in(amara)
    wrong = theirs.post(address, data={"manager": "new", "manager_name": "Dee", "manager_email": "no address"})
    assert (wrong.status_code, "Enter an email address" in wrong.text, 'value="Dee"' in wrong.text) == (422, True, True)
    assert theirs.post(address, data={"manager": "none"}).status_code == 303
    assert "Line manager: none" in theirs.get(f"/bookings/{booking.id}").text
