"""Whatever one fact or one receiver does, the next fact goes; and what is switched off is silent."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session

from courses.booking.bookings.rules import BookingRequest
from courses.booking.bookings.services import book_place, cancel_booking
from lms.api.webhooks import delivery, transport
from lms.api.webhooks.delivery import deliver_facts
from lms.api.webhooks.models import Webhook, WebhookDelivery
from lms.api.webhooks.rules import DeliveryState
from lms.api.webhooks.services import send_again, send_trial, switch
from lms.frame.access import Role
from lms.frame.work import Work
from lms.kit.errors import Conflict
from lms.mail.rules import CLAIM_LASTS, INTERRUPTED_WAITS
from tests.conftest import Clock
from tests.lms.api.test_webhooks import ALL_BOOKINGS, Receiver, hook_for, in_app, receiver, settings  # noqa: F401
from tests.lms.slow_server import How, SlowServer, listening, talk_http
from tests.make import Make
from tests.moments import NOW

DELIVERED, WAITING, WITHDRAWN = DeliveryState.DELIVERED, DeliveryState.WAITING, DeliveryState.WITHDRAWN


@contextmanager
def slow_receiver(step: str, how: How) -> Iterator[SlowServer]:
    with listening(SlowServer(step, how), talk_http) as server:
        yield server


@pytest.mark.slow
@pytest.mark.parametrize(
    ("step", "how", "state", "answer"),
    [
        ("status", How.HANGS, WAITING, "It took longer than 1 seconds."),
        ("status", How.DRIPS, WAITING, "It took longer than 1 seconds."),
        ("headers", How.HANGS, WAITING, "It took longer than 1 seconds."),
        ("headers", How.DRIPS, WAITING, "It took longer than 1 seconds."),
        ("headers", How.CHATTERS, WAITING, "It took longer than 1 seconds."),
        ("body", How.HANGS, DELIVERED, ""),
        ("body", How.DRIPS, DELIVERED, "22222"),
    ],
)
def test_a_receiver_that_never_ends_does_not_keep_the_next(
    app: Flask,
    in_app: Work,  # noqa: F811
    make: Make,
    session: Session,
    clock: Clock,
    receiver: Receiver,  # noqa: F811
    monkeypatch: pytest.MonkeyPatch,
    step: str,
    how: How,
    state: DeliveryState,
    answer: str,
) -> None:
    monkeypatch.setattr(transport, "WHOLE_SECONDS", 1)
    with slow_receiver(step, how) as server:
        bad, _ = hook_for(in_app, f"http://127.0.0.1:{server.port}/facts", Role.COORDINATOR, *ALL_BOOKINGS)
        good, _ = hook_for(in_app, receiver.url, Role.COORDINATOR, *ALL_BOOKINGS)
        slow, _ = send_trial(in_app, bad), send_trial(in_app, good)
        make.commit()
        deliver_facts(app, clock)
        session.refresh(slow)
        assert slow.state is state
        assert slow.answer.startswith(answer)
        assert len(receiver.came) == 1


@pytest.mark.parametrize("error", [KeyError("x"), RuntimeError("\0"), RecursionError()])
@pytest.mark.parametrize("where", ["_content", "post", "signature", "secret_of"])
def test_whatever_breaks_wherever_is_written_on_that_fact(
    app: Flask,
    in_app: Work,  # noqa: F811
    make: Make,
    session: Session,
    clock: Clock,
    receiver: Receiver,  # noqa: F811
    monkeypatch: pytest.MonkeyPatch,
    where: str,
    error: Exception,
) -> None:
    first, _ = hook_for(in_app, receiver.url, Role.COORDINATOR, *ALL_BOOKINGS)
    second, _ = hook_for(in_app, receiver.url, Role.COORDINATOR, *ALL_BOOKINGS)
    bad, good = send_trial(in_app, first), send_trial(in_app, second)
    make.commit()
    real: Callable[..., Any] = getattr(delivery, where)
    calls: list[None] = []

    def broken_at_first(*given: Any) -> Any:
        calls.append(None)
        if len(calls) == 1:
            raise error
        return real(*given)

    monkeypatch.setattr(delivery, where, broken_at_first)
    assert deliver_facts(app, clock) == {WAITING: 1, DELIVERED: 1}
    session.refresh(bad)
    session.refresh(good)
    assert (bad.state, bad.tries, bad.due_at) == (WAITING, 1, NOW + timedelta(minutes=1))
    assert type(error).__name__ in bad.answer
    assert good.state is DELIVERED


def test_a_fact_that_stops_its_worker_each_time_is_given_up(
    app: Flask,
    in_app: Work,  # noqa: F811
    make: Make,
    session: Session,
    clock: Clock,
    receiver: Receiver,  # noqa: F811
) -> None:
    hook, _ = hook_for(in_app, receiver.url, Role.COORDINATOR, *ALL_BOOKINGS)
    bad = send_trial(in_app, hook)
    make.commit()
    engine = session.get_bind()
    for _ in range(len(INTERRUPTED_WAITS) + 1):
        assert delivery._claim(engine, clock.now, ()) is not None  # type: ignore[arg-type]
        clock.now += CLAIM_LASTS
        delivery._give_back_interrupted(engine, clock.now)  # type: ignore[arg-type]
        session.refresh(bad)
        make.commit()
        clock.now = max(clock.now, bad.due_at)
    assert (bad.state, bad.interruptions) == (DeliveryState.GIVEN_UP, 5)
    assert deliver_facts(app, clock) == {}
    assert receiver.came == []
    send_again(in_app, bad)
    make.commit()
    assert deliver_facts(app, clock) == {DELIVERED: 1}


def test_what_was_queued_before_a_webhook_was_switched_off_is_never_sent(
    app: Flask,
    in_app: Work,  # noqa: F811
    make: Make,
    session: Session,
    clock: Clock,
    receiver: Receiver,  # noqa: F811
) -> None:
    hook, _ = hook_for(in_app, receiver.url, Role.COORDINATOR, *ALL_BOOKINGS)
    other, _ = hook_for(in_app, receiver.url, Role.COORDINATOR, *ALL_BOOKINGS)
    event = make.event()
    booking = book_place(in_app, event.id, make.person("First"), BookingRequest())
    switch(in_app, hook, is_on=False)
    cancel_booking(in_app, booking)
    make.commit()
    assert _states(session, hook) == [WITHDRAWN]
    switch(in_app, hook, is_on=True)
    make.commit()
    assert deliver_facts(app, clock) == {DELIVERED: 2}
    assert _states(session, hook) == [WITHDRAWN]
    assert _states(session, other) == [DELIVERED, DELIVERED]


def test_a_switched_off_webhook_sends_nothing_however_it_was_queued(
    app: Flask,
    in_app: Work,  # noqa: F811
    make: Make,
    session: Session,
    clock: Clock,
    receiver: Receiver,  # noqa: F811
) -> None:
    hook, _ = hook_for(in_app, receiver.url, Role.COORDINATOR, *ALL_BOOKINGS)
    trial = send_trial(in_app, hook)
    switch(in_app, hook, is_on=False)
    send_again(in_app, trial)
    make.commit()
    with pytest.raises(Conflict):
        send_trial(in_app, hook)
    assert deliver_facts(app, clock) == {WITHDRAWN: 1}
    assert receiver.came == []


def test_one_that_fails_while_its_webhook_is_switched_off_is_not_tried_again(
    app: Flask,
    in_app: Work,  # noqa: F811
    make: Make,
    session: Session,
    clock: Clock,
    receiver: Receiver,  # noqa: F811
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    hook, _ = hook_for(in_app, receiver.url, Role.COORDINATOR, *ALL_BOOKINGS)
    send_trial(in_app, hook)
    make.commit()

    def switched_off_meanwhile(*_: object) -> transport.Reply:
        switch(in_app, hook, is_on=False)
        make.commit()
        return transport.Reply(503, "busy")

    monkeypatch.setattr(delivery, "post", switched_off_meanwhile)
    deliver_facts(app, clock)
    assert _states(session, hook) == [WITHDRAWN]


def test_the_answer_410_withdraws_what_else_waits(
    app: Flask,
    in_app: Work,  # noqa: F811
    make: Make,
    session: Session,
    clock: Clock,
    receiver: Receiver,  # noqa: F811
) -> None:
    hook, _ = hook_for(in_app, receiver.url, Role.COORDINATOR, *ALL_BOOKINGS)
    for _ in range(3):
        send_trial(in_app, hook)
    make.commit()
    receiver.status = 410
    deliver_facts(app, clock)
    assert _states(session, hook) == [WITHDRAWN] * 3
    assert len(receiver.came) == 1


def _states(session: Session, hook: Webhook) -> list[DeliveryState]:
    session.expire_all()
    asked = sa.select(WebhookDelivery.state).where(WebhookDelivery.webhook_id == hook.id).order_by(WebhookDelivery.id)
    found = list(session.scalars(asked))
    session.commit()
    return found


def test_a_look_up_that_never_ends_has_the_same_deadline(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(transport, "WHOLE_SECONDS", 0.2)
    monkeypatch.setattr(transport.socket, "getaddrinfo", lambda *_: threading.Event().wait(5))
    with pytest.raises(transport.NotSent, match=r"longer than 0\.2 seconds"):
        transport.post("https://hr.example.org/facts", b"{}", {}, ())
