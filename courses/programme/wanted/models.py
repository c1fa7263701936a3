"""Topics that people ask for, and words that found nothing, by day and without anybody's name."""

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from courses.programme.courses.models import Course
from lms.frame.db import Base
from lms.frame.folding import kept_folded
from lms.people.models import Person


class TopicAsked(Base):
    """Somebody wants to learn about something for which there is no course. One open one a person and topic.

    Closed it names the course that the office made or found for it, or none.
    """

    __tablename__ = "topic_asked"
    __table_args__ = (
        sa.CheckConstraint("topic <> ''", name="has_topic"),
        sa.CheckConstraint("course_id IS NULL OR closed_at IS NOT NULL", name="closed_with_a_course"),
        sa.Index(
            "uq_topic_asked_open",
            "person_id",
            "topic_folded",
            unique=True,
            sqlite_where=sa.text("closed_at IS NULL"),
            postgresql_where=sa.text("closed_at IS NULL"),
        ),
        {"info": {"stays_on_clash": True}},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    topic: Mapped[str]
    topic_folded: Mapped[str] = kept_folded("topic")
    note: Mapped[str] = mapped_column(default="")
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"), index=True)
    asked_at: Mapped[datetime]
    closed_at: Mapped[datetime | None]
    course_id: Mapped[int | None] = mapped_column(sa.ForeignKey("course.id"), index=True)

    person: Mapped[Person] = relationship()
    course: Mapped[Course | None] = relationship()


class SearchInVain(Base):
    """Words that found nothing on a day, and how often. Nothing says who searched."""

    __tablename__ = "search_in_vain"
    __table_args__ = (
        sa.UniqueConstraint("words", "on_day"),
        sa.CheckConstraint("times > 0", name="counted_from_one"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    words: Mapped[str]
    on_day: Mapped[date]
    times: Mapped[int] = mapped_column(default=1)
