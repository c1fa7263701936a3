"""Webhooks, and each fact on its way to one of them."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from lms.api.tokens.models import ApiToken
from lms.api.webhooks.rules import DeliveryState
from lms.frame.db import Base


class Webhook(Base):
    """An address to which facts are told, as far as its token may know them.

    Its secret stands sealed in `salt`; one of an earlier release has a plain salt there, from which its secret follows.
    """

    __tablename__ = "webhook"

    id: Mapped[int] = mapped_column(primary_key=True)
    token_id: Mapped[int] = mapped_column(sa.ForeignKey("api_token.id"), index=True)
    url: Mapped[str]
    fact_names: Mapped[list[str]]
    salt: Mapped[str]
    is_on: Mapped[bool] = mapped_column(default=True)
    off_because: Mapped[str] = mapped_column(default="")
    created_at: Mapped[datetime]
    created_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"), index=True)

    token: Mapped[ApiToken] = relationship()


class WebhookDelivery(Base):
    """One fact for one webhook. `content` is the fact itself; what is sent of it is asked anew at each try.

    `uid` is the same at each try, so that the other system can tell a repeat.
    """

    __tablename__ = "webhook_delivery"
    __table_args__ = (
        sa.Index("ix_webhook_delivery_state_due_at", "state", "due_at"),
        sa.CheckConstraint("state <> 'delivered' OR answered_at IS NOT NULL", name="delivered_when_answered"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    uid: Mapped[str] = mapped_column(unique=True)
    webhook_id: Mapped[int] = mapped_column(sa.ForeignKey("webhook.id", ondelete="CASCADE"), index=True)
    fact_name: Mapped[str]
    content: Mapped[dict[str, Any]]
    told_at: Mapped[datetime] = mapped_column(index=True)
    due_at: Mapped[datetime]
    state: Mapped[DeliveryState] = mapped_column(default=DeliveryState.WAITING)
    tries: Mapped[int] = mapped_column(default=0)
    interruptions: Mapped[int] = mapped_column(default=0, server_default="0")
    claimed_at: Mapped[datetime | None]
    answered_at: Mapped[datetime | None]
    status: Mapped[int | None]
    answer: Mapped[str] = mapped_column(default="")

    webhook: Mapped[Webhook] = relationship()
