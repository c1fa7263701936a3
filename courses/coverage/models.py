"""Coverage: a version of a course teaches a learning point."""

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from courses.coverage.rules import How
from courses.programme.courses.models import CourseVersion
from lms.frame.db import Base
from reviews.learning.models import LearningPoint


class Coverage(Base):
    """How a version covers a point, where in the course, and since when. The next version carries it on."""

    __tablename__ = "course_coverage"
    __table_args__ = (
        sa.UniqueConstraint("course_version_id", "learning_point_id"),
        sa.CheckConstraint("minutes > 0", name="minutes_above_zero"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    course_version_id: Mapped[int] = mapped_column(sa.ForeignKey("course_version.id"))
    learning_point_id: Mapped[int] = mapped_column(sa.ForeignKey("learning_point.id"), index=True)
    how: Mapped[How]
    place: Mapped[str] = mapped_column(default="")  # where in the course
    minutes: Mapped[int | None]
    since_on: Mapped[date]
    evidence: Mapped[str] = mapped_column(default="")
    created_at: Mapped[datetime]

    version: Mapped[CourseVersion] = relationship()
    point: Mapped[LearningPoint] = relationship()
