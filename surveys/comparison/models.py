"""The courses whose waiting list is asked."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from courses.programme.courses.models import Course
from lms.frame.db import Base


class ComparedCourse(Base):
    """A course of which whoever waits is asked whether they agree to be compared with those who came."""

    __tablename__ = "survey_compared_course"

    course_id: Mapped[int] = mapped_column(sa.ForeignKey("course.id"), primary_key=True, autoincrement=False)
    since_at: Mapped[datetime]

    course: Mapped[Course] = relationship()
