"""Delivery of facts: each is claimed and its end written down in short transactions; none is open while it travels.

So two workers never send the same fact, and a stop at any moment loses nothing: at worst one goes again, under the same
id. What is sent is asked anew at each try, so that what has come under embargo meanwhile never goes.
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
from lms.api.webhooks.services import TRIAL, content_for, secret_of
from lms.api.webhooks.transport import Answer, NotSent, post
from lms.frame.access import program
from lms.frame.db import writing
from lms.frame.site import Site
from lms.frame.work import Work
from lms.kit.errors import Refused
from lms.mail.rules import CLAIM_LASTS, try_again_at

logger = logging.getLogger(__name__)

FACTS_A_ROUND = 100
GONE = "The other system answered 410: it wants no more facts."
INTERRUPTED = "The worker was stopped while it sent this, so it may have arrived. The repeat has the same id."


@dataclass(frozen=True)
class Claimed:
    """A fact that is ours to send. Without a body nobody may hear of it."""

    id: int
    webhook_id: int
    uid: str
    url: str
    secret: str
    body: bytes | None
    tries: int


def deliver_facts(app: Flask, clock: Callable[[], datetime], *, most: int = FACTS_A_ROUND) -> Counter[DeliveryState]:
    """Send what is due, so many at most. A webhook that does not answer is left alone for the rest of the round."""
    ended: Counter[DeliveryState] = Counter()
    away: set[int] = set()
    site: Site = app.extensions["lms"]
    with app.app_context():
        engine: Engine = app.extensions["sqlalchemy"].engine
        _give_back_interrupted(engine, clock())
        while ended.total() < most and (fact := _claim(engine, site, clock(), away)):
            state = _deliver(engine, site, fact, clock())
            ended[state] += 1
            if state is DeliveryState.WAITING:
                away.add(fact.webhook_id)
    return ended


def _give_back_interrupted(engine: Engine, now: datetime) -> None:
    stuck = sa.and_(WebhookDelivery.state == DeliveryState.SENDING, WebhookDelivery.claimed_at <= now - CLAIM_LASTS)
    with writing(engine) as session:
        session.execute(
            sa.update(WebhookDelivery)
            .where(stuck)
            .values(state=DeliveryState.WAITING, claimed_at=None, answer=INTERRUPTED)
        )


def _claim(engine: Engine, site: Site, now: datetime, away: Collection[int]) -> Claimed | None:
    """Take the next fact that is due, with what may be said of it as it is now."""
    with writing(engine) as session:
        delivery = _next_due(session, now, away)
        if delivery is None:
            return None
        hook = delivery.webhook
        delivery.state, delivery.claimed_at, delivery.tries = DeliveryState.SENDING, now, delivery.tries + 1
        work = Work(session=session, actor=program("webhooks"), now=now, site=site)
        content = _content(work, delivery)
        body = None
        if content is not None:
            told = {"id": delivery.uid, "fact": delivery.fact_name, "told_at": write(delivery.told_at), "data": content}
            body = json.dumps(told, ensure_ascii=False, separators=(",", ":")).encode()
        return Claimed(delivery.id, hook.id, delivery.uid, hook.url, secret_of(work, hook), body, delivery.tries)


def _next_due(session: Session, now: datetime, away: Collection[int]) -> WebhookDelivery | None:
    return session.scalar(
        sa.select(WebhookDelivery)
        .where(
            WebhookDelivery.state == DeliveryState.WAITING,
            WebhookDelivery.due_at <= now,
            WebhookDelivery.webhook_id.not_in(away),
        )
        .options(joinedload(WebhookDelivery.webhook, innerjoin=True).joinedload(Webhook.token, innerjoin=True))
        .order_by(WebhookDelivery.due_at, WebhookDelivery.id)
        .limit(1)
        .with_for_update(skip_locked=True, of=WebhookDelivery)
    )


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


def _deliver(engine: Engine, site: Site, fact: Claimed, now: datetime) -> DeliveryState:
    if fact.body is None:
        return _end(engine, fact, DeliveryState.WITHDRAWN, answer="Its reader may not hear of it any more.")
    timestamp = int(now.timestamp())
    headers = {
        "Content-Type": "application/json",
        "User-Agent": "Golden-Thread/1",
        "webhook-id": fact.uid,
        "webhook-timestamp": str(timestamp),
        "webhook-signature": signature(fact.secret, fact.uid, timestamp, fact.body),
    }
    try:
        answer = post(fact.url, fact.body, headers, site.setting("api.webhook_networks"))
    except NotSent as failed:
        return _fail(engine, fact, None, str(failed), now)
    if ends_it(answer.status):
        _switch_off(engine, fact.webhook_id)
    if is_taken(answer.status):
        return _answered(engine, fact, DeliveryState.DELIVERED, answer, now)
    return _fail(engine, fact, answer.status, answer.text, now)


def _answered(engine: Engine, fact: Claimed, state: DeliveryState, answer: Answer, now: datetime) -> DeliveryState:
    return _end(engine, fact, state, answered_at=now, status=answer.status, answer=plain_answer(answer.text))


def _fail(engine: Engine, fact: Claimed, status: int | None, words: str, now: datetime) -> DeliveryState:
    again_at = try_again_at(fact.tries, now)
    state = DeliveryState.GIVEN_UP if again_at is None else DeliveryState.WAITING
    values: dict[str, Any] = {"answered_at": now, "status": status, "answer": plain_answer(words)}
    return _end(engine, fact, state, **values, **({"due_at": again_at} if again_at else {}))


def _end(engine: Engine, fact: Claimed, state: DeliveryState, **values: Any) -> DeliveryState:
    with writing(engine) as session:
        session.execute(
            sa.update(WebhookDelivery)
            .where(
                WebhookDelivery.id == fact.id,
                WebhookDelivery.state == DeliveryState.SENDING,
                WebhookDelivery.tries == fact.tries,
            )
            .values(state=state, claimed_at=None, **values)
        )
    return state


def _switch_off(engine: Engine, webhook_id: int) -> None:
    with writing(engine) as session:
        session.execute(sa.update(Webhook).where(Webhook.id == webhook_id).values(is_on=False, off_because=GONE))
    logger.warning("Webhook %s is switched off: %s", webhook_id, GONE)
