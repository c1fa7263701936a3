"""Webhooks and their deliveries, as pages show them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload, selectinload

from lms.api.tokens.models import ApiToken
from lms.api.tokens.queries import is_valid, scope_words
from lms.api.webhooks.models import Webhook, WebhookDelivery
from lms.api.webhooks.rules import DeliveryState
from lms.kit.errors import NotFound

SHOWN = 50
STATE_WORDS = {
    DeliveryState.WAITING: "Waiting",
    DeliveryState.SENDING: "Being sent",
    DeliveryState.DELIVERED: "Delivered",
    DeliveryState.GIVEN_UP: "Given up",
    DeliveryState.WITHDRAWN: "Withdrawn",
}


@dataclass(frozen=True)
class WebhookRow:
    """A webhook with how it is doing."""

    id: int
    url: str
    token: str
    scope: str
    facts: int
    is_on: bool
    off_because: str
    waiting: int
    last_at: datetime | None
    last_status: int | None
    last_answer: str


def webhook_rows(session: Session, now: datetime) -> list[WebhookRow]:
    """Every webhook with its last answer, in three queries."""
    hooks = session.scalars(
        sa.select(Webhook)
        .options(
            joinedload(Webhook.token).joinedload(ApiToken.agency),
            joinedload(Webhook.token).selectinload(ApiToken.further_agencies),
        )
        .order_by(Webhook.is_on.desc(), Webhook.id.desc())
    ).all()
    answered = sa.func.row_number().over(
        partition_by=WebhookDelivery.webhook_id,
        order_by=(WebhookDelivery.answered_at.is_(None), WebhookDelivery.answered_at.desc(), WebhookDelivery.id),
    )
    waits = sa.func.count(sa.case((WebhookDelivery.state.in_([DeliveryState.WAITING, DeliveryState.SENDING]), 1)))
    inner = sa.select(
        WebhookDelivery.webhook_id,
        WebhookDelivery.answered_at,
        WebhookDelivery.status,
        WebhookDelivery.answer,
        answered.label("place"),
        waits.over(partition_by=WebhookDelivery.webhook_id).label("waiting"),
    ).subquery()
    last = {row.webhook_id: row for row in session.execute(sa.select(inner).where(inner.c.place == 1))}
    return [_row(hook, last.get(hook.id), now) for hook in hooks]


def _row(hook: Webhook, last: sa.Row[tuple[object, ...]] | None, now: datetime) -> WebhookRow:
    is_open = is_valid(hook.token, now)
    return WebhookRow(
        id=hook.id,
        url=hook.url,
        token=hook.token.name,
        scope=scope_words(hook.token),
        facts=len(hook.fact_names),
        is_on=hook.is_on and is_open,
        off_because=hook.off_because or ("" if is_open else "Its token is not valid any more."),
        waiting=last.waiting if last else 0,
        last_at=last.answered_at if last else None,
        last_status=last.status if last else None,
        last_answer=last.answer if last else "",
    )


def webhook_of(session: Session, webhook_id: int) -> Webhook:
    """A webhook with its token. Raises NotFound."""
    found = session.scalar(
        sa.select(Webhook)
        .where(Webhook.id == webhook_id)
        .options(joinedload(Webhook.token).joinedload(ApiToken.agency))
    )
    if found is None:
        raise NotFound("We cannot find that webhook. The list shows them all.")
    return found


def deliveries_of(session: Session, webhook_id: int) -> Sequence[WebhookDelivery]:
    """The last deliveries of a webhook, the newest on top."""
    return session.scalars(
        sa.select(WebhookDelivery)
        .where(WebhookDelivery.webhook_id == webhook_id)
        .order_by(WebhookDelivery.id.desc())
        .limit(SHOWN)
    ).all()


def delivery_of(session: Session, delivery_id: int) -> WebhookDelivery:
    """A delivery to send again. Raises NotFound."""
    found = session.get(WebhookDelivery, delivery_id)
    if found is None:
        raise NotFound("We cannot find that delivery. They are kept for 30 days.")
    return found


def given_up(session: Session, now: datetime) -> Sequence[tuple[str, str]]:
    """Facts of the last week that never arrived, with the address that did not take them."""
    rows = session.execute(
        sa.select(Webhook.url, WebhookDelivery.fact_name)
        .join(Webhook, Webhook.id == WebhookDelivery.webhook_id)
        .where(
            WebhookDelivery.state == DeliveryState.GIVEN_UP,
            WebhookDelivery.told_at > now - timedelta(days=7),
            Webhook.is_on,
        )
        .order_by(WebhookDelivery.id)
    )
    return [(url, fact) for url, fact in rows]


def tokens_to_choose(session: Session, now: datetime) -> list[tuple[int, str]]:
    """Tokens that are valid, the newest first."""
    tokens = session.scalars(
        sa.select(ApiToken)
        .where(ApiToken.revoked_at.is_(None))
        .options(joinedload(ApiToken.agency), selectinload(ApiToken.further_agencies))
        .order_by(ApiToken.id.desc())
    )
    return [(each.id, f"{each.name} ({scope_words(each)})") for each in tokens if is_valid(each, now)]
