"""Invitations, who has answered (apart, and in no order of time), and who does not want to be asked."""

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from courses.booking.bookings.models import Booking
from courses.programme.events.models import Event
from lms.frame.db import Base
from lms.frame.together import Together
from lms.mail.models import OutboxLetter
from lms.people.models import Person
from surveys.invitations.rules import Channel, NotAsked
from surveys.questions.models import SurveyVersion
from surveys.stages.rules import Stage


class Invitation(Base):
    """One person asked once about one event at one stage, or the reason why they are not.

    The manager's view is an invitation of the delegate's booking that goes `to_address`. Nothing here says whether it
    was answered (`Answered`), and nothing anywhere says what.
    """

    __tablename__ = "survey_invitation"
    __table_args__ = (
        sa.Index(
            "uq_survey_invitation_live",
            "event_id",
            "person_id",
            "stage",
            unique=True,
            sqlite_where=sa.text("withdrawn_at IS NULL"),
            postgresql_where=sa.text("withdrawn_at IS NULL"),
        ),
        sa.UniqueConstraint("booking_id", "stage"),
        Together("booking_id, event_id", "booking(id, event_id)"),
        Together("booking_id, person_id", "booking(id, person_id)", deferred=True),
        sa.CheckConstraint("not_asked IS NULL OR sent_at IS NULL", name="asked_or_a_reason"),
        sa.CheckConstraint("(sent_at IS NULL) = (closes_at IS NULL)", name="closes_when_sent"),
        sa.CheckConstraint("sent_at IS NULL OR version_id IS NOT NULL", name="sent_with_questions"),
        sa.CheckConstraint("(withdrawn_at IS NULL) = (withdrawn_reason = '')", name="withdrawn_with_reason"),
        sa.CheckConstraint("reminders >= 0 AND tries >= 0", name="counts_not_negative"),
        sa.Index("ix_survey_invitation_to_send", "sent_at", "send_at"),
        sa.Index("ix_survey_invitation_to_remind", "next_reminder_at"),
        {"info": {"stays_on_clash": True}},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    booking_id: Mapped[int] = mapped_column(sa.ForeignKey("booking.id"))
    event_id: Mapped[int] = mapped_column(sa.ForeignKey("event.id"), index=True)
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"), index=True)
    stage: Mapped[Stage]
    channel: Mapped[Channel] = mapped_column(default=Channel.EMAIL)
    to_name: Mapped[str] = mapped_column(default="")  # of a line manager
    to_address: Mapped[str] = mapped_column(default="")
    due_on: Mapped[date]
    send_at: Mapped[datetime | None]  # None while the bank holidays of that year are not known
    not_asked: Mapped[NotAsked | None]
    version_id: Mapped[int | None] = mapped_column(sa.ForeignKey("survey_version.id"))
    sent_at: Mapped[datetime | None]
    closes_at: Mapped[datetime | None]
    tries: Mapped[int] = mapped_column(default=0)  # of the first letter: again after an address was put right
    letter_id: Mapped[int | None] = mapped_column(sa.ForeignKey("outbox.id"), index=True)
    sent_to: Mapped[str] = mapped_column(default="")
    bounced_at: Mapped[datetime | None]
    bounce_words: Mapped[str] = mapped_column(default="")
    reminders: Mapped[int] = mapped_column(default=0)
    next_reminder_at: Mapped[datetime | None]
    withdrawn_at: Mapped[datetime | None]
    withdrawn_reason: Mapped[str] = mapped_column(default="")
    created_at: Mapped[datetime]

    booking: Mapped[Booking] = relationship()
    event: Mapped[Event] = relationship()
    person: Mapped[Person] = relationship()
    version: Mapped[SurveyVersion | None] = relationship()
    letter: Mapped[OutboxLetter | None] = relationship()


class Answered(Base):
    """That an invitation was answered: nothing else, and no time. Kept by the invitation's number, not as it came."""

    __tablename__ = "survey_answered"
    __table_args__ = ({"sqlite_with_rowid": False},)

    invitation_id: Mapped[int] = mapped_column(
        sa.ForeignKey("survey_invitation.id"), primary_key=True, autoincrement=False
    )


class SurveyRefusal(Base):
    """Somebody who is not asked any more: they said so, or their data was erased."""

    __tablename__ = "survey_refusal"
    __table_args__ = (
        sa.CheckConstraint("reason IN ('opted_out', 'erased')", name="reason_is_theirs"),
        {"info": {"stays_on_clash": True}},
    )

    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"), primary_key=True, autoincrement=False)
    reason: Mapped[NotAsked]
    since_at: Mapped[datetime]
