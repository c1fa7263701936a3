"""Recommendations of a review, and the dated steps that agencies owe for them."""

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from lms.agencies.models import Agency
from lms.frame.db import Base
from lms.frame.together import Together
from lms.people.models import Person
from reviews.actions.rules import ActionState, Response
from reviews.cases.models import Review
from reviews.learning.models import LearningPoint


class Recommendation(Base):
    """A formal proposal of a review, and what the partnership answered."""

    __tablename__ = "recommendation"
    __table_args__ = (
        sa.UniqueConstraint("review_id", "number"),
        sa.CheckConstraint("response <> 'not_accepted' OR not_accepted_reason <> ''", name="refused_with_reason"),
        Together("review_id, learning_point_id", "learning_point(review_id, id)"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    review_id: Mapped[int] = mapped_column(sa.ForeignKey("review.id"))
    learning_point_id: Mapped[int | None] = mapped_column(sa.ForeignKey("learning_point.id"), index=True)
    number: Mapped[int]
    text: Mapped[str]
    response: Mapped[Response] = mapped_column(default=Response.CONSIDERED)
    not_accepted_reason: Mapped[str] = mapped_column(default="")

    review: Mapped[Review] = relationship()
    learning_point: Mapped[LearningPoint | None] = relationship()
    actions: Mapped[list["Action"]] = relationship(order_by="Action.due_on, Action.id", back_populates="recommendation")


class Action(Base):
    """A dated step. Its agency, its owner and its date are all needed."""

    __tablename__ = "review_action"
    __table_args__ = (
        sa.CheckConstraint("state NOT IN ('answered', 'closed') OR evidence <> ''", name="answered_with_evidence"),
        sa.CheckConstraint("(state = 'closed') = (closed_at IS NOT NULL)", name="closed_when_closed"),
        sa.Index("ix_review_action_state_due_on", "state", "due_on"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    recommendation_id: Mapped[int] = mapped_column(sa.ForeignKey("recommendation.id"), index=True)
    text: Mapped[str]
    agency_id: Mapped[int] = mapped_column(sa.ForeignKey("agency.id"), index=True)
    owner_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"), index=True)
    due_on: Mapped[date]
    state: Mapped[ActionState] = mapped_column(default=ActionState.OPEN)
    evidence: Mapped[str] = mapped_column(default="")
    answered_at: Mapped[datetime | None]
    answered_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"), index=True)
    returned_reason: Mapped[str] = mapped_column(default="")
    closed_at: Mapped[datetime | None]
    closed_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"), index=True)

    recommendation: Mapped[Recommendation] = relationship(back_populates="actions")
    agency: Mapped[Agency] = relationship()
    owner: Mapped[Person] = relationship(foreign_keys=[owner_id])
