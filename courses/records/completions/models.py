"""One person completed one e-learning course on one day."""

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from courses.programme.courses.models import Course
from lms.agencies.models import Agency
from lms.frame.db import Base
from lms.people.models import Person


class Completion(Base):
    """`agency` is the person's when the file was read: history stays where it was made.

    What identifies it is its key, so that thousands are one INSERT and the same one never comes twice.
    """

    __tablename__ = "course_completion"
    __table_args__ = ({"info": {"stays_on_clash": True}},)

    course_id: Mapped[int] = mapped_column(sa.ForeignKey("course.id"), primary_key=True)
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"), primary_key=True, index=True)
    completed_on: Mapped[date] = mapped_column(primary_key=True, index=True)
    agency_id: Mapped[int | None] = mapped_column(sa.ForeignKey("agency.id"), index=True)
    created_at: Mapped[datetime]

    course: Mapped[Course] = relationship()
    person: Mapped[Person] = relationship()
    agency: Mapped[Agency | None] = relationship()

    @property
    def id(self) -> str:
        """How the audit names it."""
        return f"{self.course_id}/{self.person_id}/{self.completed_on}"
