"""The outbox: one row a letter, whatever became of it."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from lms.frame.db import Base
from lms.frame.folding import kept_folded
from lms.mail.rules import LetterState


class MailHold(Base):
    """While there is a row, nothing leaves but codes asked for `since` and what was let go. There is one at most."""

    __tablename__ = "mail_hold"
    __table_args__ = (sa.CheckConstraint("id = 1", name="one"),)

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False, default=1)
    since: Mapped[datetime]
    why: Mapped[str]


class SharedLetter(Base):
    """What many copies have in common: kind and context, kept once. Stopped, no copy goes any more.

    `list_name`: a mailing list that people may leave; none for what everybody concerned must get.
    """

    __tablename__ = "shared_letter"

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(unique=True)
    kind: Mapped[str]
    list_name: Mapped[str] = mapped_column(default="")
    context: Mapped[dict[str, Any]]
    created_at: Mapped[datetime]
    stopped_at: Mapped[datetime | None]
    stopped_why: Mapped[str] = mapped_column(default="")


class OutboxLetter(Base):
    """A letter on its way. `key` is what makes a repeated sweep or a restarted job send nothing twice.

    `retry_at` is when a letter that failed is tried again; `due_at` stays as it was meant. `interruptions` counts how
    often its worker was stopped, or got no answer, while it had this letter in hand; `claimed_by` names the worker.
    `may_have_gone_at`: the mail server had all of it then, and never said that it takes it. `better_twice`: missing it
    is worse than having it twice, so it goes again nevertheless.
    A copy of a shared letter keeps in `context` only what differs from person to person. `says` is a digest of what is
    read in it, by which one that says the same to the same reader is found; "" where nothing is kept of the words.

    What it is about (`booking_id` and the like) is asked again when it goes. These are numbers of plugins' rows,
    without foreign keys: the host stands without them, and a letter outlives what it was about.
    """

    __tablename__ = "outbox"
    __table_args__ = (
        sa.CheckConstraint("person_id IS NOT NULL OR to_address <> ''", name="has_recipient"),
        sa.CheckConstraint("(state = 'sent') = (sent_at IS NOT NULL)", name="sent_when_sent"),
        sa.CheckConstraint("event_version IS NULL OR event_id IS NOT NULL", name="version_of_an_event"),
        sa.CheckConstraint("tries >= 0 AND interruptions >= 0", name="counts_not_negative"),
        sa.Index("ix_outbox_state_due_at", "state", "is_secret", "due_at"),
        sa.Index("ix_outbox_says", "says", "person_id", "to_address"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(unique=True)
    kind: Mapped[str]
    shared_id: Mapped[int | None] = mapped_column(sa.ForeignKey("shared_letter.id"), index=True)
    person_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"), index=True)
    to_name: Mapped[str] = mapped_column(default="")
    to_name_folded: Mapped[str] = kept_folded("to_name")
    to_address: Mapped[str] = mapped_column(default="")
    context: Mapped[dict[str, Any]]
    says: Mapped[str] = mapped_column(default="", server_default="")
    gathers: Mapped[str] = mapped_column(default="", server_default="")  # the kind of letter that it is a line of
    calendar_method: Mapped[str | None]
    calendar_text: Mapped[str | None]
    is_secret: Mapped[bool] = mapped_column(default=False)
    better_twice: Mapped[bool] = mapped_column(default=False, server_default=sa.false())
    booking_id: Mapped[int | None] = mapped_column(index=True)
    event_id: Mapped[int | None] = mapped_column(index=True)
    event_version: Mapped[int | None]
    invitation_id: Mapped[int | None] = mapped_column(index=True)
    good_until: Mapped[datetime | None]
    created_at: Mapped[datetime]
    due_at: Mapped[datetime]
    state: Mapped[LetterState] = mapped_column(default=LetterState.WAITING)
    tries: Mapped[int] = mapped_column(default=0)
    interruptions: Mapped[int] = mapped_column(default=0, server_default="0")
    claimed_at: Mapped[datetime | None]
    claimed_by: Mapped[str] = mapped_column(default="", server_default="")
    may_have_gone_at: Mapped[datetime | None]
    retry_at: Mapped[datetime | None]
    sent_at: Mapped[datetime | None]
    subject: Mapped[str] = mapped_column(default="")
    sent_to: Mapped[str] = mapped_column(default="")
    last_error: Mapped[str] = mapped_column(default="")
    released_at: Mapped[datetime | None]  # let go then, though mail was held
    forgotten_at: Mapped[datetime | None]  # its words are gone; that it was sent, and its key, stay
