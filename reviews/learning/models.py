"""Learning points, what addresses each, and how its words changed."""

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from lms.frame.db import Base
from reviews.cases.models import Review
from reviews.learning.rules import EvidenceKind, Verdict
from reviews.themes.models import Theme

learning_point_theme = sa.Table(
    "learning_point_theme",
    Base.metadata,
    sa.Column("learning_point_id", sa.ForeignKey("learning_point.id"), primary_key=True),
    sa.Column("theme_id", sa.ForeignKey("learning_theme.id"), primary_key=True, index=True),
)


class LearningPoint(Base):
    """One statement of what should change. Without a review it stands for the partnership's own learning.

    `practice` says what to do differently; `meaning_changed_on` is when the words last changed in meaning.
    """

    __tablename__ = "learning_point"
    __table_args__ = (
        sa.CheckConstraint("(agreed_on IS NULL) = (agreed_minute = '')", name="agreed_with_minute"),
        sa.CheckConstraint("superseded_by_id IS NULL OR superseded_by_id <> id", name="not_superseded_by_itself"),
        sa.UniqueConstraint("review_id", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    ref: Mapped[str] = mapped_column(unique=True)
    review_id: Mapped[int | None] = mapped_column(sa.ForeignKey("review.id"))
    text: Mapped[str]
    heading: Mapped[str] = mapped_column(default="")
    practice: Mapped[str] = mapped_column(default="")
    agreed_on: Mapped[date | None]
    agreed_by: Mapped[str] = mapped_column(default="")
    agreed_minute: Mapped[str] = mapped_column(default="")
    meaning_changed_on: Mapped[date | None]
    superseded_on: Mapped[date | None]
    superseded_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("learning_point.id"))
    created_at: Mapped[datetime]

    review: Mapped[Review | None] = relationship()
    themes: Mapped[list[Theme]] = relationship(secondary=learning_point_theme, order_by=Theme.name)
    links: Mapped[list["LearningPointLink"]] = relationship(
        cascade="all, delete-orphan", order_by="LearningPointLink.since_on, LearningPointLink.id"
    )


class LearningPointLink(Base):
    """Something that addresses a learning point: a course that covers it, a briefing, a policy.

    Others write it through `link_learning_point`. `source` is theirs ("courses.coverage:12"), one link each.
    """

    __tablename__ = "learning_point_link"
    __table_args__ = (sa.UniqueConstraint("learning_point_id", "source"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    learning_point_id: Mapped[int] = mapped_column(sa.ForeignKey("learning_point.id"))
    source: Mapped[str] = mapped_column(index=True)
    kind: Mapped[str]
    words: Mapped[str]
    since_on: Mapped[date]


class Evidence(Base):
    """Whether it counts is never typed: it follows from its date and the date of the change that it tests."""

    __tablename__ = "learning_evidence"
    __table_args__ = (
        sa.CheckConstraint("(met IS NULL) = (of_all IS NULL)", name="met_of_all"),
        sa.CheckConstraint("met IS NULL OR (met >= 0 AND of_all > 0 AND met <= of_all)", name="met_within_all"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    learning_point_id: Mapped[int] = mapped_column(sa.ForeignKey("learning_point.id"), index=True)
    kind: Mapped[EvidenceKind]
    title: Mapped[str]
    dated_on: Mapped[date]
    finding: Mapped[str]
    met: Mapped[int | None]
    of_all: Mapped[int | None]
    verdict: Mapped[Verdict]
    recorded_at: Mapped[datetime]
    recorded_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"), index=True)
