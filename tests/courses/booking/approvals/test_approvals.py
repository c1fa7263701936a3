"""Line managers who agree first, where a course asks for it."""

from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from courses.booking.approvals.rules import how_request_ended
from courses.booking.approvals.services import agree_booking, follow_up, refuse_booking
from courses.booking.bookings.rules import BookingRequest, BookingSource, BookingState
from courses.booking.bookings.services import book_place
from courses.programme.events.models import Event
from courses.programme.events.rules import EventState
from lms.frame.work import Work
from lms.jobs.services import carry_out
from lms.kit.errors import Conflict
from lms.mail.models import OutboxLetter
from tests.make import Make
from tests.moments import NOW

MANAGER = BookingRequest(manager_name="Colette Barraclough-Ames", manager_email="colette@rvch.example")
OFFICE = BookingRequest(source=BookingSource.COORDINATOR)
S = BookingState


@pytest.fixture
def event(make: Make) -> Event:
    return make.event(make.course(needs_approval=True), capacity=1)


def kinds(work: Work) -> list[str]:
    kinds = work.session.scalars(sa.select(OutboxLetter.kind).order_by(OutboxLetter.id))
    return [kind.removeprefix("courses.") for kind in kinds]


def test_a_place_is_given_once_the_manager_agrees_and_nothing_is_held_before(
    work: Work, make: Make, event: Event
) -> None:
    asked = book_place(work, event.id, make.person("Amara"), MANAGER)
    assert (asked.state, asked.place_number) == (S.AWAITING_MANAGER, None)
    assert kinds(work) == ["awaiting_manager", "approval_asked"]
    agree_booking(work, asked.id)
    assert (asked.state, asked.place_number, asked.queued_at) == (S.CONFIRMED, 1, None)
    with pytest.raises(Conflict, match="over"):
        agree_booking(work, asked.id)


def test_who_asked_first_keeps_the_turn_when_the_manager_agrees_later(work: Work, make: Make, event: Event) -> None:
    early = book_place(work, event.id, make.person("Early"), MANAGER)
    work.now += timedelta(minutes=5)
    holder, later = (book_place(work, event.id, make.person(name), OFFICE) for name in ("Holder", "Later"))
    assert (holder.state, later.state) == (S.CONFIRMED, S.WAITING), "the office agrees by booking"
    agree_booking(work, early.id)
    assert (early.state, early.queued_at) == (S.WAITING, NOW)
    event.capacity = 2
    work.session.flush()
    added = book_place(work, event.id, make.person("Added"), BookingRequest(source=BookingSource.COORDINATOR))
    assert (early.state, added.state) == (S.OFFERED, S.WAITING)


def test_a_refusal_is_told_and_silence_is_asked_once_more_then_ends(work: Work, make: Make, event: Event) -> None:
    refused = book_place(work, event.id, make.person("Amara"), MANAGER)
    refuse_booking(work, refused.id, "We are short that day.")
    assert (refused.state, refused.cancel_reason) == (S.DECLINED, "We are short that day.")
    silent = book_place(work, event.id, make.person("Tobiah"), MANAGER)
    for day in (1, 3, 3, 4):
        work.now = NOW + timedelta(days=day, hours=1)
        carry_out(work, follow_up)
    assert kinds(work).count("approval_asked") == 3, "each once, and the second once more"
    work.now = event.booking_closes_at + timedelta(seconds=1)
    carry_out(work, follow_up)
    assert (silent.state, kinds(work)[-1]) == (S.LAPSED, "not_agreed")


def test_the_link_needs_no_account_and_a_get_agrees_to_nothing(
    app: Flask, client: FlaskClient, work: Work, make: Make, event: Event
) -> None:
    work.site = app.extensions["lms"]
    asked = book_place(work, event.id, make.person("Amara"), MANAGER)
    letter = work.session.scalars(sa.select(OutboxLetter).where(OutboxLetter.kind == "courses.approval_asked")).one()
    address = f"/approvals/{letter.context['token']}"
    make.commit()
    assert "Do you agree?" in client.get(address).text
    work.session.rollback()
    assert asked.state is S.AWAITING_MANAGER
    assert client.post(address, data={}).status_code == 422
    assert client.post(address, data={"answer": "agree"}).status_code == 303
    work.session.rollback()
    assert asked.state is S.CONFIRMED
    again = client.post(address, data={"answer": "refuse"})
    assert again.status_code == 200
    assert "This request was agreed" in again.text
    work.session.rollback()
    assert asked.state is S.CONFIRMED, "a second answer changes nothing"
    assert client.get("/approvals/guessed").status_code == 404


@pytest.mark.parametrize(
    ("state", "agreed_on", "event", "heading"),
    [
        (S.CANCELLED, "Monday 2 March 2026", EventState.PUBLISHED, "This request was agreed"),
        (S.DECLINED, "", EventState.PUBLISHED, "This request was not agreed"),
        (S.LAPSED, "", EventState.PUBLISHED, "Booking has closed"),
        (S.AWAITING_MANAGER, "", EventState.PUBLISHED, "Booking has closed"),
        (S.AWAITING_MANAGER, "", EventState.POSTPONED, "The event is postponed"),
        (S.CANCELLED, "", EventState.PUBLISHED, "This request has ended"),
    ],
)
def test_how_a_request_ended(state: BookingState, agreed_on: str, event: EventState, heading: str) -> None:
    assert how_request_ended("Amara", state, agreed_on=agreed_on, event=event)[0] == heading
