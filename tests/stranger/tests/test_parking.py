"""Parking: told once, by letter; the car is one's own to say; the job warns when there is no room."""

from collections.abc import Callable
from dataclasses import replace

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from golden_thread_parking.models import ParkingSpace
from golden_thread_parking.services import warn_when_full
from sqlalchemy.orm import Session

from courses.facts import BookingConfirmed
from courses.programme.events.models import Event
from lms.audit.models import AuditEntry
from lms.frame.access import Role
from lms.frame.work import Work
from lms.mail.models import OutboxLetter
from lms.people.models import Person

COURSE = {"code": "NEG", "title": "Neglect", "type": "course", "summary": "A day.", "capacity": "20", "status": "live"}
EVENT = {
    "ref": "NEG-1",
    "course_code": "NEG",
    "day": "1",
    "starts_at": "2026-04-09T09:30",
    "ends_at": "2026-04-09T16:00",
    "venue": "Ashbeck Centre",
    "capacity": "20",
    "status": "published",
}


@pytest.fixture
def event(rows: Callable[..., None], session: Session) -> Event:
    rows("courses", COURSE)
    rows("events", EVENT)
    return session.scalars(sa.select(Event)).one()


def confirm(work: Work, event: Event, person: Person) -> None:
    """A place is confirmed in a site where parking listens."""
    work.tell(BookingConfirmed(booking_id=1, event_id=event.id, person_id=person.id, was_waiting=False))
    work.session.flush()


def own_letters(session: Session) -> list[str]:
    return list(session.scalars(sa.select(OutboxLetter.kind).where(OutboxLetter.kind == "parking.explained")))


def test_whoever_holds_a_place_is_told_once(work: Work, event: Event, person: Callable[[Role], Person]) -> None:
    confirm(work, event, person(Role.DELEGATE))
    confirm(work, event, person(Role.DELEGATE))
    assert own_letters(work.session) == ["parking.explained"]


def test_the_page_is_for_those_who_hold_its_permission(browser: Callable[..., FlaskClient]) -> None:
    assert browser(None).get("/parking").location == "/sign-in?next=/parking"
    assert browser(Role.DELEGATE).get("/parking").status_code == 403
    page = browser(Role.COORDINATOR).get("/parking")
    assert "0 of 20 spaces" in page.text
    assert "Worried about a child?" in page.text


def test_its_static_file_is_served_for_a_year_under_its_name(app: Flask, browser: Callable[..., FlaskClient]) -> None:
    page = browser(Role.COORDINATOR).get("/parking").text
    address = page.partition('src="/static/parking/sign.svg')[2].partition('"')[0]
    with app.test_client().get(f"/static/parking/sign.svg{address}") as file:
        assert file.status_code == 200
        assert "max-age=31536000" in file.headers["Cache-Control"]


def test_a_car_is_said_by_its_owner_alone(
    work: Work, event: Event, person: Callable[[Role], Person], browser: Callable[..., FlaskClient]
) -> None:
    confirm(work, event, person(Role.DELEGATE))
    space = work.session.scalars(sa.select(ParkingSpace)).one()
    url = f"/my-parking/{space.id}"
    delegate, trainer = browser(Role.DELEGATE), browser(Role.TRAINER)
    assert trainer.get(url).status_code == 404
    refused = delegate.post(url, data={"plate": "A"})
    assert refused.status_code == 422
    assert "Enter the number plate, like AB12 CDE." in refused.text
    assert delegate.post(url, data={"plate": "ab12 cde"}).status_code == 303
    work.session.refresh(space)
    assert space.plate == "AB12 CDE"


def test_its_panel_speaks_to_those_who_may_know(
    work: Work, event: Event, person: Callable[[Role], Person], browser: Callable[..., FlaskClient]
) -> None:
    confirm(work, event, person(Role.DELEGATE))
    page = f"/people/{person(Role.DELEGATE).id}"
    assert "NEG-1: told on" in browser(Role.COORDINATOR).get(page).text


def test_its_job_warns_when_there_is_no_room(work: Work, event: Event, person: Callable[[Role], Person]) -> None:
    confirm(work, event, person(Role.DELEGATE))
    full = replace(work.site, values={**work.site.values, "parking.spaces": 0})  # type: ignore[type-var, attr-defined]
    warn_when_full(work)
    assert work.session.scalar(sa.select(sa.func.count()).where(AuditEntry.event == "car park full")) == 0
    warn_when_full(replace(work, site=full))
    work.session.flush()
    assert work.session.scalar(sa.select(sa.func.count()).where(AuditEntry.event == "car park full")) == 1
