"""Words that suggest a child may be at risk, and the safeguarding lead who reads them."""

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from lms.frame.db import Base
from lms.people.models import Person
from surveys.concerns.rules import ConcernState
from surveys.questions.rules import SurveyKind


class Concern(Base):
    """Words that suggest a child may be at risk, for the safeguarding lead alone. They are taken out of the answers.

    Nothing leads from here to a sheet, nor to a person: who wrote is asked on the page to tell us themselves.
    """

    __tablename__ = "survey_concern"
    __table_args__ = (sa.CheckConstraint("state = 'new' OR note <> ''", name="decided_with_note"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[SurveyKind]
    about: Mapped[str]  # the course's title
    words: Mapped[str]
    raised_on: Mapped[date]
    state: Mapped[ConcernState] = mapped_column(default=ConcernState.NEW)
    note: Mapped[str] = mapped_column(default="")

    steps: Mapped[list["QueueStep"]] = relationship(order_by="QueueStep.id")


class SafeguardingLead(Base):
    """The named person to who worrying words go. One at a time; those before are kept."""

    __tablename__ = "safeguarding_lead"
    __table_args__ = (
        sa.CheckConstraint("is_now = (until_at IS NULL)", name="now_until_another"),
        sa.Index(
            "uq_safeguarding_lead_now",
            "is_now",
            unique=True,
            sqlite_where=sa.text("is_now"),
            postgresql_where=sa.text("is_now"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"), index=True)
    is_now: Mapped[bool] = mapped_column(default=True)
    since_at: Mapped[datetime]
    until_at: Mapped[datetime | None]
    named_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"), index=True)

    person: Mapped[Person] = relationship(foreign_keys=[person_id])


class QueueStep(Base):
    """The log of the queue: who read, covered, let out, kept back or acted, and when. Of one text or one concern."""

    __tablename__ = "survey_concern_step"
    __table_args__ = (sa.CheckConstraint("(concern_id IS NULL) <> (text_id IS NULL)", name="of_one_thing"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    concern_id: Mapped[int | None] = mapped_column(sa.ForeignKey("survey_concern.id"), index=True)
    text_id: Mapped[str | None] = mapped_column(sa.ForeignKey("survey_answer_text.id"), index=True)
    at: Mapped[datetime]
    by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"), index=True)
    by_name: Mapped[str]
    did: Mapped[str]
    note: Mapped[str] = mapped_column(default="")
