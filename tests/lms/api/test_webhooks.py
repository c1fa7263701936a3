"""Facts to other systems: told to those who may know, signed, tried again, withdrawn, and once more by hand."""

import base64
import hashlib
import hmac
import json
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from courses.booking.bookings.rules import BookingRequest
from courses.booking.bookings.services import book_place, cancel_booking
from lms.api.tokens.rules import TokenWanted
from lms.api.tokens.services import make_token, revoke_token
from lms.api.webhooks.delivery import deliver_facts
from lms.api.webhooks.models import Webhook, WebhookDelivery
from lms.api.webhooks.rules import DeliveryState
from lms.api.webhooks.services import add_webhook, forget_deliveries, send_again, send_trial
from lms.frame.access import Role
from lms.frame.settings import Settings
from lms.frame.work import Work
from lms.hosting.app import create_app
from lms.kit.errors import Invalid
from lms.people.models import Person
from reviews.cases.rules import Publication
from reviews.embargoes.services import set_embargo
from reviews.facts import ReviewPublished
from tests.built_in import BUILT_IN
from tests.conftest import Clock
from tests.make import Make
from tests.moments import NOW


@dataclass
class Receiver:
    """The other system: keeps what came, and answers as it is told."""

    url: str = ""
    status: int = 204
    came: list[tuple[dict[str, str], bytes]] = field(default_factory=list)

    @property
    def facts(self) -> list[dict[str, Any]]:
        return [json.loads(body) for _, body in self.came]


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    made = Receiver()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            made.came.append((dict(self.headers), body))
            self.send_response(made.status)
            self.send_header("Location", "http://127.0.0.1/elsewhere")
            self.end_headers()
            if made.status != 204:
                self.wfile.write(b"<h1>no\nthanks</h1>")

        def log_message(self, *_: object) -> None:
            """Nothing on the screen."""

    server = HTTPServer(("127.0.0.1", 0), Handler)
    made.url = f"http://127.0.0.1:{server.server_port}/facts"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield made
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def settings(settings: Settings) -> Settings:
    return replace(settings, others={"LMS_API_WEBHOOK_NETWORKS": "127.0.0.1"})


@pytest.fixture
def in_app(app: Flask, work: Work) -> Work:
    """A program's Work in the application, so that facts are heard."""
    return replace(work, site=app.extensions["lms"])


ALL_BOOKINGS = ("courses.booking_confirmed", "courses.booking_cancelled")


def hook_for(work: Work, url: str, role: Role, *facts: str, agency_id: int | None = None) -> tuple[Webhook, str]:
    token, _ = make_token(work, TokenWanted("HR", role, agency_id))
    all_may = replace(work.actor, permissions=frozenset(work.site.roles_by_permission))  # type: ignore[attr-defined]
    by = replace(work, actor=all_may)
    work.session.flush()
    return add_webhook(by, token_id=token.id, url=url, fact_names=facts)


def test_facts_are_told_once_signed_and_in_the_scope_of_the_token(
    app: Flask, in_app: Work, make: Make, clock: Clock, receiver: Receiver
) -> None:
    own, other = make.agency("Own"), make.agency("Other")
    event = make.event(ref="SB1-1", capacity=2)
    ours, theirs = make.person("Ours Fenwick", agency=own), make.person("Theirs Hall", agency=other)
    _, secret = hook_for(in_app, receiver.url, Role.AGENCY_LEAD, *ALL_BOOKINGS, agency_id=own.id)
    hook_for(in_app, receiver.url, Role.CHAIR, "reviews.review_published")
    book_place(in_app, event.id, theirs, BookingRequest())
    booking = book_place(in_app, event.id, ours, BookingRequest(needs="A ramp"))
    cancel_booking(in_app, booking)
    make.commit()
    assert deliver_facts(app, clock) == {DeliveryState.DELIVERED: 2}
    assert deliver_facts(app, clock) == {}
    assert [each["type"] for each in receiver.facts] == list(ALL_BOOKINGS)
    headers, body = receiver.came[0]
    told = json.loads(body)
    assert told["timestamp"] == told["told_at"] == "2026-03-16T09:52:00+00:00"
    assert told["fact"] == told["type"], "receivers of before go on"
    assert told["data"] == {
        "booking_id": str(booking.id), "event_id": str(event.id), "event_ref": "SB1-1",
        "course_code": event.course.code, "person_ref": ours.ref, "agency_code": own.code,
        "state": "cancelled", "outcome": None, "was_waiting": False,
    }  # fmt: skip
    assert b"Fenwick" not in body
    assert b"ramp" not in body
    sent = {name.lower(): value for name, value in headers.items()}
    assert sent["webhook-id"] == told["id"]
    assert sent["webhook-timestamp"] == str(int(NOW.timestamp()))
    signed = f"{sent['webhook-id']}.{sent['webhook-timestamp']}.".encode() + body
    key = base64.b64decode(secret.removeprefix("whsec_"))
    right = base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()
    assert sent["webhook-signature"] == f"v1,{right}"


def test_what_fails_is_tried_again_later_and_given_up_in_the_end(
    app: Flask, in_app: Work, make: Make, session: Session, clock: Clock, receiver: Receiver
) -> None:
    hook, _ = hook_for(in_app, receiver.url, Role.COORDINATOR, *ALL_BOOKINGS)
    first = send_trial(in_app, hook)
    send_trial(in_app, hook)
    make.commit()
    receiver.status = 302
    assert deliver_facts(app, clock) == {DeliveryState.WAITING: 1}, "one that does not answer costs one try a round"
    session.refresh(first)
    assert (first.status, first.answer, first.due_at) == (302, "<h1>no thanks</h1>", NOW + timedelta(minutes=1))
    make.commit()
    assert [len(receiver.came), deliver_facts(app, clock).total()] == [1, 1], "the second trial was still due"
    receiver.status, clock.now = 200, NOW + timedelta(minutes=2)
    assert deliver_facts(app, clock) == {DeliveryState.DELIVERED: 2}
    assert len({headers["webhook-id"] for headers, _ in receiver.came}) == 2, "a repeat has the same id"
    make.commit()
    send_again(in_app, session.get_one(WebhookDelivery, first.id, populate_existing=True))
    session.execute(sa.update(WebhookDelivery).where(WebhookDelivery.id == first.id).values(tries=75))
    make.commit()
    receiver.status = 500
    assert deliver_facts(app, clock) == {DeliveryState.GIVEN_UP: 1}
    broken = app.test_cli_runner().invoke(args=["check"]).output
    assert "BROKEN  api.webhooks" in broken
    receiver.status = 410
    make.commit()
    send_again(in_app, session.get_one(WebhookDelivery, first.id, populate_existing=True))
    make.commit()
    deliver_facts(app, clock)
    session.refresh(hook)
    assert (hook.is_on, "410" in hook.off_because) == (False, True)
    forget_deliveries(replace(in_app, now=NOW + timedelta(days=31)))
    assert session.scalars(sa.select(WebhookDelivery.id)).all() == []


def test_a_review_under_embargo_is_told_to_nobody_whenever_the_embargo_came(
    app: Flask, in_app: Work, make: Make, session: Session, clock: Clock, receiver: Receiver
) -> None:
    hook_for(in_app, receiver.url, Role.REVIEW_OFFICER, "reviews.review_published")
    embargoed = make.review("A trial is coming", publication=Publication.EMBARGOED)
    public, later = make.review("Out"), make.review("Out, then under embargo")
    for review in (embargoed, public, later):
        in_app.tell(ReviewPublished(review.id, in_full=True))
    assert len(session.scalars(sa.select(WebhookDelivery.id)).all()) == 2, "not even a row of the embargoed one"
    set_embargo(in_app, later, reason="A trial", look_again_on=NOW.date() + timedelta(days=30))
    make.commit()
    assert deliver_facts(app, clock) == {DeliveryState.DELIVERED: 1, DeliveryState.WITHDRAWN: 1}
    assert [each["data"]["review_ref"] for each in receiver.facts] == [public.ref]


def test_a_revoked_token_falls_silent_and_a_stopped_worker_loses_nothing(
    app: Flask, in_app: Work, make: Make, session: Session, clock: Clock, receiver: Receiver
) -> None:
    hook, _ = hook_for(in_app, receiver.url, Role.COORDINATOR, *ALL_BOOKINGS)
    event = make.event()
    book_place(in_app, event.id, make.person("First"), BookingRequest())
    stopped = session.scalars(sa.select(WebhookDelivery)).one()
    stopped.state, stopped.claimed_at = DeliveryState.SENDING, NOW - timedelta(minutes=11)
    make.commit()
    assert deliver_facts(app, clock) == {DeliveryState.DELIVERED: 1}
    book_place(in_app, event.id, make.person("Second"), BookingRequest())
    revoke_token(in_app, hook.token)
    book_place(in_app, event.id, make.person("Third"), BookingRequest())
    make.commit()
    assert deliver_facts(app, clock) == {DeliveryState.WITHDRAWN: 1}
    assert len(receiver.came) == 1


def test_an_address_inside_is_never_asked_although_it_was_added(
    settings: Settings, in_app: Work, make: Make, session: Session, clock: Clock, receiver: Receiver
) -> None:
    """The setting is gone by now; nothing is sent, whatever the address looked like when it was added."""
    hook, _ = hook_for(in_app, receiver.url, Role.COORDINATOR, *ALL_BOOKINGS)
    trial = send_trial(in_app, hook)
    make.commit()
    strict = create_app(replace(settings, others={}), BUILT_IN, clock=clock)
    assert deliver_facts(strict, clock) == {DeliveryState.WAITING: 1}
    session.refresh(trial)
    assert (receiver.came, trial.status) == ([], None)
    hook.url = "https://localhost/facts"
    trial.due_at = NOW
    make.commit()
    deliver_facts(strict, clock)
    session.refresh(trial)
    assert "inside a network" in trial.answer
    with strict.app_context():
        strict.extensions["sqlalchemy"].engine.dispose()


def test_facts_beyond_the_tokens_role_cannot_be_chosen(in_app: Work) -> None:
    with pytest.raises(Invalid, match="role does not include"):
        hook_for(in_app, "https://hr.example.org/", Role.FINANCE, "courses.booking_confirmed")
    with pytest.raises(Invalid, match="at least one"):
        hook_for(in_app, "https://hr.example.org/", Role.COORDINATOR, "courses.nonsense")


def test_the_administrator_adds_watches_and_stops_a_webhook(
    app: Flask,
    sign_in: Callable[[Person], FlaskClient],
    in_app: Work,
    make: Make,
    session: Session,
    clock: Clock,
    receiver: Receiver,
) -> None:
    token, _ = make_token(in_app, TokenWanted("HR of the council", Role.COORDINATOR))
    session.flush()
    browser = sign_in(make.person(roles=(Role.BUSINESS_MANAGER,)))
    form = {"token_id": token.id, "fact_names": list(ALL_BOOKINGS)}
    wrong = browser.post("/webhooks", data={"url": "hr.example", **form})
    assert (wrong.status_code, "begins with https://" in wrong.text) == (422, True)
    made = browser.post("/webhooks", data={"url": receiver.url, **form})
    assert "whsec_" in made.text
    make.commit()
    hook = session.scalars(sa.select(Webhook)).one()
    url = f"/webhooks/{hook.id}"
    make.commit()
    browser.post(f"{url}/try")
    receiver.status = 500
    deliver_facts(app, clock)
    page = browser.get(url).text
    assert "A person holds a place" in page
    assert "A trial" in page
    assert "&lt;h1&gt;no thanks" in page
    receiver.status = 204
    make.commit()
    trial = session.scalars(sa.select(WebhookDelivery)).one()
    make.commit()
    assert browser.post(f"/webhooks/deliveries/{trial.id}/again").status_code == 303
    deliver_facts(app, clock)
    assert "Delivered" in browser.get(url).text
    assert receiver.url in browser.get("/webhooks").text
    inside = browser.post("/webhooks", data={"url": "https://10.1.2.3/facts", **form})
    assert (inside.status_code, "inside a network" in inside.text) == (422, True)
    came, today = len(receiver.came), NOW.date().isoformat()
    make.commit()
    assert browser.post(url, data={"from_on": today, "to_on": "2026-01-01"}).status_code == 422
    assert browser.post(url, data={"from_on": "2026-01-01", "to_on": "2026-01-02"}).status_code == 303
    assert deliver_facts(app, clock) == {}, "nothing was told in those days"
    assert browser.post(url, data={"from_on": today, "to_on": today}).status_code == 303
    assert deliver_facts(app, clock) == {DeliveryState.DELIVERED: 1}
    ids = [headers["webhook-id"] for headers, _ in receiver.came]
    assert (len(ids), len(set(ids))) == (came + 1, 1), "once more under the same id"
    browser.post(f"{url}/off")
    assert browser.post(url, data={"from_on": today, "to_on": today}).status_code == 409
    assert browser.post(f"{url}/try").status_code == 409
    browser.post(f"{url}/on")
    assert "whsec_" in browser.post(f"{url}/secret").text
    make.commit()
    browser.post(f"{url}/remove")
    assert browser.get(url).status_code == 404
