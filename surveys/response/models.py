"""What changed thanks to answers: what people said, and what was done about it."""

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from courses.programme.courses.models import Course
from lms.frame.db import Base


class ChangeMade(Base):
    """“You said, we did”: of one course, or of all. Nothing leads to who said it."""

    __tablename__ = "survey_change_made"
    __table_args__ = (sa.CheckConstraint("said <> '' AND did <> ''", name="said_and_done"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    course_id: Mapped[int | None] = mapped_column(sa.ForeignKey("course.id"), index=True)
    said: Mapped[str]
    did: Mapped[str]
    changed_on: Mapped[date]
    written_at: Mapped[datetime]
    withdrawn_at: Mapped[datetime | None]

    course: Mapped[Course | None] = relationship()
