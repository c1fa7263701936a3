"""Embargoes, and learning that may be shared from under one after a second person has agreed."""

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from lms.frame.db import Base
from reviews.cases.models import Review
from reviews.cases.rules import Publication
from reviews.learning.models import LearningPoint


class Embargo(Base):
    """A block on dissemination. A review has at most one that stands; lifted ones are its history."""

    __tablename__ = "embargo"
    __table_args__ = (
        sa.CheckConstraint("reason <> ''", name="has_reason"),
        sa.Index(
            "uq_embargo_standing",
            "review_id",
            unique=True,
            sqlite_where=sa.text("lifted_at IS NULL"),
            postgresql_where=sa.text("lifted_at IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    review_id: Mapped[int] = mapped_column(sa.ForeignKey("review.id"), index=True)
    reason: Mapped[str]
    look_again_on: Mapped[date]
    publication_before: Mapped[Publication]
    set_at: Mapped[datetime]
    set_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    set_by_name: Mapped[str]
    lifted_at: Mapped[datetime | None]
    lifted_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    lifted_reason: Mapped[str] = mapped_column(default="")

    review: Mapped[Review] = relationship()


class Release(Base):
    """A generalised learning point, proposed by one person and let out by another.

    This row is the only way from the one to the other, and only those who see embargoed reviews ever read it.
    """

    __tablename__ = "release"
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
    proposed_by_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"))
    proposed_by_name: Mapped[str]
    decided_at: Mapped[datetime | None]
    decided_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    declined_reason: Mapped[str] = mapped_column(default="")
    released_id: Mapped[int | None] = mapped_column(sa.ForeignKey("learning_point.id"), unique=True)

    review: Mapped[Review] = relationship()
    released: Mapped[LearningPoint | None] = relationship()
