"""Embargoes, and learning that may be shared from under one after a second person has agreed."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from lms.frame.db import Base
from reviews.cases.models import Review
from reviews.learning.models import LearningPoint


class Release(Base):
    """A generalised learning point, proposed by one person and let out by another.

    This row is the only way from the one to the other, and only those who see embargoed reviews ever read it.
    """

    __tablename__ = "learning_release"
    __table_args__ = (
        sa.CheckConstraint("decided_by_id IS NULL OR decided_by_id <> proposed_by_id", name="second_person"),
        sa.CheckConstraint("released_id IS NULL OR decided_by_id IS NOT NULL", name="released_by_somebody"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    review_id: Mapped[int] = mapped_column(sa.ForeignKey("review.id"), index=True)
    text: Mapped[str]
    practice: Mapped[str] = mapped_column(default="")
    theme_ids: Mapped[list[str]]
    proposed_at: Mapped[datetime]
    proposed_by_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"), index=True)
    proposed_by_name: Mapped[str]
    decided_at: Mapped[datetime | None]
    decided_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"), index=True)
    declined_reason: Mapped[str] = mapped_column(default="")
    released_id: Mapped[int | None] = mapped_column(sa.ForeignKey("learning_point.id"), unique=True)

    review: Mapped[Review] = relationship()
    released: Mapped[LearningPoint | None] = relationship()
