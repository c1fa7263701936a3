"""Sendings of a briefing, who was sent it, and standing orders to send."""

from datetime import datetime, time
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from briefings.distribution.rules import SendingState, Trigger
from briefings.writing.models import Briefing, BriefingVersion
from lms.frame.db import Base
from lms.frame.together import Together
from lms.people.models import Person


class StandingOrder(Base):
    """An audience to which briefings go by themselves: when published, or once a week what is new since `made_at`."""

    __tablename__ = "briefing_order"
    __table_args__ = (
        sa.CheckConstraint("name <> ''", name="has_name"),
        sa.CheckConstraint("(trigger = 'weekly') = (weekday IS NOT NULL AND at IS NOT NULL)", name="weekly_says_when"),
        sa.CheckConstraint("weekday BETWEEN 0 AND 6", name="a_day_of_the_week"),
        sa.CheckConstraint("(trigger = 'weekly') = (next_at IS NOT NULL)", name="weekly_has_next"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    audience: Mapped[dict[str, Any]]
    trigger: Mapped[Trigger]
    weekday: Mapped[int | None]
    at: Mapped[time | None]
    next_at: Mapped[datetime | None]
    made_at: Mapped[datetime]
    made_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"), index=True)
    confirmed_people: Mapped[int]
    ended_at: Mapped[datetime | None]

    made_by: Mapped[Person | None] = relationship()


class Sending(Base):
    """One sending of a briefing to an audience, confirmed by somebody who saw the number, now or at a set time.

    What goes is the version that is out when its time comes. `people` are those it added.
    """

    __tablename__ = "briefing_sending"
    __table_args__ = (
        sa.CheckConstraint("(state = 'planned') = (ended_at IS NULL)", name="ends_once"),
        sa.CheckConstraint("people >= 0 AND confirmed_people >= 0", name="counts_people"),
        sa.Index("ix_briefing_sending_state_due_at", "state", "due_at"),
        sa.UniqueConstraint("order_id", "briefing_id"),
        sa.UniqueConstraint("briefing_id", "id"),
        Together("briefing_id, version_id", "briefing_version(briefing_id, id)"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    briefing_id: Mapped[int] = mapped_column(sa.ForeignKey("briefing.id"))
    version_id: Mapped[int | None] = mapped_column(sa.ForeignKey("briefing_version.id"))
    order_id: Mapped[int | None] = mapped_column(sa.ForeignKey("briefing_order.id"))
    audience: Mapped[dict[str, Any]]
    state: Mapped[SendingState] = mapped_column(default=SendingState.PLANNED)
    due_at: Mapped[datetime]
    planned_at: Mapped[datetime]
    planned_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"), index=True)
    confirmed_people: Mapped[int] = mapped_column(default=0)
    people: Mapped[int] = mapped_column(default=0)
    agencies: Mapped[int] = mapped_column(default=0)
    ended_at: Mapped[datetime | None]
    why: Mapped[str] = mapped_column(default="")

    briefing: Mapped[Briefing] = relationship()
    version: Mapped[BriefingVersion | None] = relationship()
    planned_by: Mapped[Person | None] = relationship()


class Recipient(Base):
    """A person who was sent a briefing: once, however many lists they are on and however often it is sent.

    `letter_key` is the copy in the outbox, which people at a shared address have in common. `version_id` is the
    newest version that they were told of. `agency_id` and `sector_id` are as they were then.
    """

    __tablename__ = "briefing_recipient"
    __table_args__ = (
        sa.UniqueConstraint("briefing_id", "person_id"),
        Together("briefing_id, version_id", "briefing_version(briefing_id, id)"),
        Together("briefing_id, sending_id", "briefing_sending(briefing_id, id)"),
        {"info": {"stays_on_clash": True}},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    briefing_id: Mapped[int] = mapped_column(sa.ForeignKey("briefing.id"))
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"), index=True)
    agency_id: Mapped[int | None] = mapped_column(sa.ForeignKey("agency.id"))
    sector_id: Mapped[int | None] = mapped_column(sa.ForeignKey("sector.id"))
    sending_id: Mapped[int] = mapped_column(sa.ForeignKey("briefing_sending.id"), index=True)
    version_id: Mapped[int] = mapped_column(sa.ForeignKey("briefing_version.id"))
    letter_key: Mapped[str] = mapped_column(index=True)
    is_lead: Mapped[bool] = mapped_column(default=False)
    queued_at: Mapped[datetime]
