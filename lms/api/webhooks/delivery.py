"""Delivery of facts: each is claimed and its end written down in short transactions; none is open while it travels.

So two workers never send the same fact, and a stop at any moment loses nothing: at worst one goes again, under the same
id. What is sent is asked anew at each try, so that what has come under embargo meanwhile never goes. Whatever is wrong
with one fact or one receiver is written on that fact, and the next one goes.
"""

import json
import logging
from collections import Counter
from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

import sqlalchemy as sa
from flask import Flask
from sqlalchemy.engine import Engine
from sqlalchemy.orm import Session, joinedload

from lms.api.shapes import read, write
from lms.api.webhooks.models import Webhook, WebhookDelivery
from lms.api.webhooks.rules import DeliveryState, ends_it, is_taken, plain_answer, signature
from lms.api.webhooks.services import TRIAL, content_for, secret_of, switch_off
from lms.api.webhooks.transport import NotSent, post
from lms.frame.access import program
from lms.frame.db import begin_reading, without_values, writing
from lms.frame.site import Site
from lms.frame.work import Work
from lms.kit.errors import Refused
from lms.mail.models import MailHold
from lms.mail.rules import CLAIM_LASTS, give_back_at, try_again_at

logger = logging.getLogger(__name__)

FACTS_A_ROUND = 100
GONE = "The other system answered 410: it wants no more facts."
NOT_TO_BE_HEARD = "This system can no longer be told about it."
INTERRUPTED = "The worker was stopped while it sent this, so it may have arrived. The repeat has the same id."
DEMONSTRATION = "Nothing leaves a demonstration. It would have been sent as: "
STOPS_THE_WORKER = "Given up: the worker was stopped each time that it sent this, so it may have arrived."


@dataclass(frozen=True)
class FactClaim:
    """A fact that is ours to send, before anything of it is read."""

    id: int
    webhook_id: int
    tries: int


@dataclass(frozen=True)
class FactToSend:
    """A fact with what may be said of it now. Without a body nobody may hear of it."""

    uid: str
    url: str
    secret: str
    body: bytes | None


@dataclass(frozen=True)
class Ended:
    """What became of a fact at one try."""

    state: DeliveryState
    values: dict[str, Any]


def deliver_facts(app: Flask, clock: Callable[[], datetime], *, most: int = FACTS_A_ROUND) -> Counter[DeliveryState]:
    """Send what is due, so many at most. A webhook that does not answer is left alone for the rest of the round."""
    ended: Counter[DeliveryState] = Counter()
    away: set[int] = set()
    site: Site = app.extensions["lms"]
    with app.app_context():
        engine: Engine = app.extensions["sqlalchemy"].engine
        _give_back_interrupted(engine, clock())
        while ended.total() < most and (claim := _claim(engine, clock(), away)):
            end = _deliver(engine, site, claim, clock())
            _record(engine, claim, end)
            ended[end.state] += 1
            if end.state is DeliveryState.WAITING:
                away.add(claim.webhook_id)
    return ended


def _give_back_interrupted(engine: Engine, now: datetime) -> None:
    """Facts that were claimed and never recorded wait again, a little longer each time, and in the end no more."""
    stuck = sa.and_(WebhookDelivery.state == DeliveryState.SENDING, WebhookDelivery.claimed_at <= now - CLAIM_LASTS)
    columns = (WebhookDelivery.id, WebhookDelivery.interruptions)
    with writing(engine) as session:
        found = session.execute(
            sa.select(*columns).where(stuck).with_for_update(key_share=True, skip_locked=True)
        ).all()
        for row in found:
            values: dict[str, Any] = {"claimed_at": None, "interruptions": row.interruptions + 1}
            again_at = give_back_at(row.interruptions + 1, now)
            if again_at is None:
                values |= {"state": DeliveryState.GIVEN_UP, "answer": STOPS_THE_WORKER}
            else:
                values |= {"state": DeliveryState.WAITING, "answer": INTERRUPTED, "due_at": again_at}
            session.execute(sa.update(WebhookDelivery).where(WebhookDelivery.id == row.id).values(values))


def _claim(engine: Engine, now: datetime, away: Collection[int]) -> FactClaim | None:
    """Take the next fact that is due, reading nothing that could be wrong with it."""
    with writing(engine) as session:
        row = session.execute(
            sa.select(WebhookDelivery.id, WebhookDelivery.webhook_id, WebhookDelivery.tries)
            .where(
                WebhookDelivery.state == DeliveryState.WAITING,
                WebhookDelivery.due_at <= now,
                WebhookDelivery.webhook_id.not_in(away),
                ~sa.exists().select_from(MailHold),  # what is restored has been told already
            )
            .order_by(WebhookDelivery.due_at, WebhookDelivery.id)
            .limit(1)
            .with_for_update(key_share=True, skip_locked=True)
        ).one_or_none()
        if row is None:
            return None
        claim = FactClaim(row.id, row.webhook_id, row.tries + 1)
        taken = {"state": DeliveryState.SENDING, "claimed_at": now, "tries": claim.tries}
        session.execute(sa.update(WebhookDelivery).where(WebhookDelivery.id == claim.id).values(taken))
        return claim


def _read(engine: Engine, site: Site, claim: FactClaim, now: datetime) -> FactToSend:
    """The fact, with what may be said of it as it is now."""
    with Session(engine) as session:
        begin_reading(session)
        hook = joinedload(WebhookDelivery.webhook, innerjoin=True).joinedload(Webhook.token, innerjoin=True)
        delivery = session.get_one(WebhookDelivery, claim.id, options=[hook])
        work = Work(session=session, actor=program("webhooks"), now=now, site=site)
        content = _content(work, delivery)
        body = None
        if content is not None:
            body = json.dumps(_told(delivery, content), ensure_ascii=False, separators=(",", ":")).encode()
        return FactToSend(delivery.uid, delivery.webhook.url, secret_of(work, delivery.webhook), body)


def _told(delivery: WebhookDelivery, content: dict[str, Any]) -> dict[str, Any]:
    """As Standard Webhooks has it; `fact` and `told_at` are what receivers of before read."""
    name, at = delivery.fact_name, write(delivery.told_at)
    return {"id": delivery.uid, "type": name, "timestamp": at, "fact": name, "told_at": at, "data": content}


def _content(work: Work, delivery: WebhookDelivery) -> dict[str, Any] | None:
    """What its reader may know of it by now; None when that is nothing."""
    told = cast(Site, work.site).told_facts.get(delivery.fact_name)
    if not delivery.webhook.is_on:
        return None
    if delivery.fact_name == TRIAL:
        return {}
    if told is None:
        return None
    try:
        fact = read(told.fact, delivery.content, is_ours=True)
        return content_for(work, told, fact, delivery.webhook.token)
    except (Refused, sa.exc.NoResultFound):
        return None


def _deliver(engine: Engine, site: Site, claim: FactClaim, now: datetime) -> Ended:
    """Send one fact; what became of it, whatever that is."""
    try:
        fact = _read(engine, site, claim, now)
        if fact.body is None:
            return Ended(DeliveryState.WITHDRAWN, {"answer": NOT_TO_BE_HEARD})
        if site.settings.is_demo:
            return Ended(DeliveryState.WITHDRAWN, {"answer": plain_answer(DEMONSTRATION + fact.body.decode())})
        return _sent(engine, site, claim, fact, fact.body, now)
    except NotSent as failed:
        return _failed(claim, None, str(failed), now)
    except Exception as error:
        logger.exception("Fact %s could not be sent", claim.id)
        return _failed(claim, None, f"It could not be sent: {without_values(error)}", now)


def _sent(engine: Engine, site: Site, claim: FactClaim, fact: FactToSend, body: bytes, now: datetime) -> Ended:
    timestamp = int(now.timestamp())
    headers = {
        "Content-Type": "application/json",
        "User-Agent": "Golden-Thread/1",
        "webhook-id": fact.uid,
        "webhook-timestamp": str(timestamp),
        "webhook-signature": signature(fact.secret, fact.uid, timestamp, body),
    }
    answer = post(fact.url, body, headers, site.setting("api.webhook_networks"))
    if ends_it(answer.status):
        with writing(engine) as session:
            switch_off(session, claim.webhook_id, why=GONE)
        logger.warning("Webhook %s is switched off: %s", claim.webhook_id, GONE)
    if is_taken(answer.status):
        values = {"answered_at": now, "status": answer.status, "answer": plain_answer(answer.text)}
        return Ended(DeliveryState.DELIVERED, values)
    return _failed(claim, answer.status, answer.text, now)


def _failed(claim: FactClaim, status: int | None, words: str, now: datetime) -> Ended:
    again_at = try_again_at(claim.tries, now)
    values: dict[str, Any] = {"answered_at": now, "status": status, "answer": plain_answer(words)}
    if again_at is None:
        return Ended(DeliveryState.GIVEN_UP, values)
    return Ended(DeliveryState.WAITING, values | {"due_at": again_at})


def _record(engine: Engine, claim: FactClaim, end: Ended) -> None:
    """Write down what became of a fact, unless another worker has it by now."""
    still_ours = sa.and_(
        WebhookDelivery.id == claim.id,
        WebhookDelivery.state == DeliveryState.SENDING,
        WebhookDelivery.tries == claim.tries,
    )
    values = {"state": end.state, "claimed_at": None, **end.values}
    try:
        with writing(engine) as session:
            session.execute(sa.update(WebhookDelivery).where(still_ours).values(values))
            _withdraw_if_off(session, claim)
    except sa.exc.SQLAlchemyError:
        logger.exception("What became of fact %s could not be written down; it will be given back", claim.id)


def _withdraw_if_off(session: Session, claim: FactClaim) -> None:
    """Its webhook may have been switched off while this fact was under way."""
    is_off = sa.exists().where(Webhook.id == claim.webhook_id, Webhook.is_on.is_(False))
    waits = (WebhookDelivery.id == claim.id, WebhookDelivery.state == DeliveryState.WAITING, is_off)
    session.execute(sa.update(WebhookDelivery).where(*waits).values(state=DeliveryState.WITHDRAWN))
