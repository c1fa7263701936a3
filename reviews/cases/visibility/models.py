"""Embargoes: until when a review is not to be seen."""

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from lms.frame.db import Base
from reviews.cases.models import Review
from reviews.cases.rules import Publication


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
    set_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"), index=True)
    set_by_name: Mapped[str]
    lifted_at: Mapped[datetime | None]
    lifted_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"), index=True)
    lifted_reason: Mapped[str] = mapped_column(default="")

    review: Mapped[Review] = relationship()
