"""Webhooks: made and stopped by people; and every fact put on its way to those who may hear of it."""

import uuid
from collections.abc import Callable, Collection, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from typing import Any, cast

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload

from lms.api.shapes import write
from lms.api.tokens.models import ApiToken
from lms.api.tokens.queries import actor_of_token, is_valid, token_of
from lms.api.tokens.services import check_may_give
from lms.api.webhooks.models import Webhook, WebhookDelivery
from lms.api.webhooks.rules import (
    SEALED,
    DeliveryState,
    check_url,
    is_sealed_newly,
    new_secret,
    opened,
    sealed,
    signing_secret,
)
from lms.frame.apart import Fault, apart
from lms.frame.plugins import Listener, Plugin, ToldFact
from lms.frame.site import Site
from lms.frame.work import Work
from lms.kit.errors import Conflict, Invalid
from lms.kit.keys import Keys

TRIAL = "api.trial"
KEPT_FOR = timedelta(days=30)
REASONS = frozenset({"reason"})
"""Words in a fact that may be about a person: they are neither kept here nor sent."""


def listeners_for(plugins: Collection[Plugin]) -> tuple[Listener, ...]:
    """A listener for each fact that other systems may follow."""
    told = [each for plugin in plugins for each in plugin.told_facts]
    return tuple(Listener(each.fact, cast(Callable[[Work, Any], None], partial(_hear, each))) for each in told)


def _hear(told: ToldFact, work: Work, fact: object) -> None:
    """Put a fact on its way to each webhook that asks for it and may hear of it, in the transaction that told it."""
    hooks = work.session.scalars(
        sa.select(Webhook).where(Webhook.is_on).options(joinedload(Webhook.token)).order_by(Webhook.id)
    ).all()
    for hook in hooks:
        if told.name in hook.fact_names and _may_hear(work, told, fact, hook.token):
            _queue(work, hook, told.name, write(fact) | dict.fromkeys(REASONS & write(fact).keys(), ""))


def _may_hear(work: Work, told: ToldFact, fact: object, token: ApiToken) -> bool:
    """Whether there is something to tell. What a plugin cannot say now is asked again when it is sent."""
    try:
        with apart(work.session, f"the fact {told.name} for other systems"):
            return content_for(work, told, fact, token) is not None
    except Fault:
        return True


def content_for(work: Work, told: ToldFact, fact: object, token: ApiToken) -> dict[str, Any] | None:
    """What a token's holder may know of a fact; None for nothing at all."""
    reader = actor_of_token(token, cast(Site, work.site))
    if not is_valid(token, work.now) or not reader.may(told.permission):
        return None
    said = told.tell(replace(work, actor=reader), fact)
    return None if said is None else cast(dict[str, Any], write(said))


def _queue(work: Work, hook: Webhook, fact_name: str, content: dict[str, Any]) -> WebhookDelivery:
    delivery = WebhookDelivery(
        uid=str(uuid.uuid4()),
        webhook_id=hook.id,
        fact_name=fact_name,
        content=content,
        told_at=work.now,
        due_at=work.now,
    )
    work.session.add(delivery)
    return delivery


def add_webhook(work: Work, *, token_id: int, url: str, fact_names: Sequence[str]) -> tuple[Webhook, str]:
    """A new webhook of a token, and its secret, shown this once. Raises Invalid, Conflict or NotAllowed."""
    token = token_of(work.session, token_id)
    if not is_valid(token, work.now):
        raise Conflict("This token is not valid any more. Choose another.")
    site = cast(Site, work.site)
    check_may_give(site, token.role, work.actor)
    hook = Webhook(
        token_id=token.id,
        url=_checked_url(work, url),
        fact_names=_checked_facts(site, token, fact_names),
        salt=sealed(work.site.settings.keys, new_secret()),
        created_at=work.now,
        created_by_id=work.actor.person_id,
    )
    work.session.add(hook)
    work.record("webhook added", hook, url=hook.url, token=token.name, facts=list(hook.fact_names))
    return hook, secret_of(work, hook)


def secret_of(work: Work, hook: Webhook) -> str:
    """The secret by which the other system knows that a fact comes from here."""
    keys = work.site.settings.keys
    return opened(keys, hook.salt) or signing_secret(keys.all[-1], hook.id, hook.salt)


def secrets_waiting(work: Work) -> list[int]:
    """Webhooks whose secret is not sealed with the key in force."""
    keys = work.site.settings.keys
    rows = work.session.execute(sa.select(Webhook.id, Webhook.salt).order_by(Webhook.id))
    return [row.id for row in rows if not is_sealed_newly(keys, row.salt)]


def reseal_secrets(work: Work, ids: Sequence[int]) -> int:
    """Seal the secrets of these with the key in force: the other systems notice nothing. What no key opens stays."""
    hooks = sa.select(Webhook).where(Webhook.id.in_(ids)).order_by(Webhook.id).with_for_update(key_share=True)
    done = 0
    for hook in work.session.scalars(hooks.execution_options(populate_existing=True)):
        if hook.salt.startswith(SEALED) and opened(work.site.settings.keys, hook.salt) is None:
            continue
        hook.salt = sealed(work.site.settings.keys, secret_of(work, hook))
        done += 1
    return done


def secrets_prove(work: Work, key: str) -> bool:
    """Whether one of them opens with this key."""
    rows = work.session.scalars(sa.select(Webhook.salt).where(Webhook.salt.startswith(SEALED)).order_by(Webhook.id))
    return any(is_sealed_newly(Keys(key), salt) for salt in rows)


def renew_secret(work: Work, hook: Webhook) -> str:
    """A new secret; the old one is good for nothing from now on."""
    hook.salt = sealed(work.site.settings.keys, new_secret())
    work.record("webhook's secret renewed", hook, url=hook.url)
    return secret_of(work, hook)


def switch(work: Work, hook: Webhook, *, is_on: bool) -> Webhook:
    """Stop telling it facts, those that wait included, or begin again. What was told meanwhile is never sent."""
    work.session.flush()
    if is_on:
        hook.is_on, hook.off_because = True, ""
    else:
        switch_off(work.session, hook.id, why="Switched off by a person.")
        work.session.refresh(hook)
    work.record("webhook switched on" if is_on else "webhook switched off", hook, url=hook.url)
    return hook


def switch_off(session: Session, webhook_id: int, *, why: str) -> None:
    """Nothing more is told there; what waits is withdrawn at once, so that no later switching on can send it."""
    off = {"is_on": False, "off_because": why}
    session.execute(sa.update(Webhook).where(Webhook.id == webhook_id).values(off))
    waits = (WebhookDelivery.webhook_id == webhook_id, WebhookDelivery.state == DeliveryState.WAITING)
    withdrawn = {"state": DeliveryState.WITHDRAWN, "answer": why}
    session.execute(sa.update(WebhookDelivery).where(*waits).values(withdrawn))


def remove_webhook(work: Work, hook: Webhook) -> None:
    """Delete it, with what was on its way to it."""
    work.record("webhook removed", hook, url=hook.url)
    work.session.execute(sa.delete(WebhookDelivery).where(WebhookDelivery.webhook_id == hook.id))
    work.session.delete(hook)


def send_trial(work: Work, hook: Webhook) -> WebhookDelivery:
    """A fact that says nothing, to see whether the other system takes it."""
    if not hook.is_on:
        raise Conflict("This webhook is switched off. Switch it on first.")
    return _queue(work, hook, TRIAL, {})


def send_again(work: Work, delivery: WebhookDelivery) -> WebhookDelivery:
    """Have a fact sent once more, under the same id. Raises Conflict for one that is on its way."""
    if delivery.state in (DeliveryState.WAITING, DeliveryState.SENDING) and delivery.tries == 0:
        raise Conflict("This fact is on its way already.")
    delivery.state, delivery.due_at, delivery.claimed_at = DeliveryState.WAITING, work.now, None
    delivery.tries, delivery.interruptions = 0, 0
    work.record("fact sent again", delivery, fact=delivery.fact_name)
    return delivery


def send_span_again(work: Work, hook: Webhook, since: datetime, until: datetime) -> int:
    """Have everything of a time sent once more, each under its own id; how many. Raises Conflict when it is off.

    What is on its way stays so. What its reader may not hear of by now is withdrawn when its turn comes.
    """
    if not hook.is_on:
        raise Conflict("This webhook is switched off. Switch it on first.")
    ended = (DeliveryState.DELIVERED, DeliveryState.GIVEN_UP, DeliveryState.WITHDRAWN)
    again = sa.update(WebhookDelivery).where(
        WebhookDelivery.webhook_id == hook.id,
        WebhookDelivery.told_at >= since,
        WebhookDelivery.told_at < until,
        WebhookDelivery.state.in_(ended),
    )
    anew = {"state": DeliveryState.WAITING, "due_at": work.now, "claimed_at": None, "tries": 0, "interruptions": 0}
    number = cast(int, work.session.execute(again.values(anew)).rowcount)  # type: ignore[attr-defined]
    work.record("facts sent again", hook, since=since, until=until, facts=number)
    return number


def forget_deliveries(work: Work) -> None:
    """Delete what was told 30 days ago."""
    work.session.execute(sa.delete(WebhookDelivery).where(WebhookDelivery.told_at < work.now - KEPT_FOR))


def _checked_url(work: Work, url: str) -> str:
    return check_url(url, work.setting("api.webhook_networks")).geturl()


def _checked_facts(site: Site, token: ApiToken, names: Sequence[str]) -> list[str]:
    known = [name for name in site.told_facts if name in names]
    may = site.permissions_of_token(token.role)
    beyond = [site.told_facts[name].words for name in known if site.told_facts[name].permission not in may]
    if beyond:
        raise Invalid(f"The token’s role does not include this: {beyond[0]}. Leave it out.", field="fact_names")
    if not known:
        raise Invalid("Choose at least one fact.", field="fact_names")
    return known
