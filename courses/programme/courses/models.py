"""Courses, their versions, whom they are for, and interest in dates that do not exist yet."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from courses.programme.courses.rules import CourseStatus, EventType
from lms.agencies.models import RoleGroup
from lms.frame.db import Base, Changing
from lms.people.models import Person


class Course(Changing, Base):
    """A catalogue item. What it says is in its versions; `current` is the one in the catalogue."""

    __tablename__ = "course"
    __table_args__ = (
        sa.CheckConstraint("capacity > 0", name="capacity_above_zero"),
        sa.CheckConstraint("refresher_months > 0", name="refresher_above_zero"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(unique=True)
    event_type: Mapped[EventType] = mapped_column(default=EventType.COURSE)
    status: Mapped[CourseStatus] = mapped_column(default=CourseStatus.DRAFT, index=True)
    capacity: Mapped[int | None]
    refresher_months: Mapped[int | None]
    needs_approval: Mapped[bool] = mapped_column(default=False, server_default=sa.false())  # by the line manager
    created_at: Mapped[datetime]

    versions: Mapped[list["CourseVersion"]] = relationship(
        back_populates="course", order_by="CourseVersion.number", cascade="all, delete-orphan"
    )
    needed: Mapped[list["Course"]] = relationship(
        secondary="course_needed_first",
        primaryjoin="Course.id == CourseNeededFirst.course_id",
        secondaryjoin="Course.id == CourseNeededFirst.needed_id",
        order_by="Course.code",
    )
    current: Mapped["CourseVersion | None"] = relationship(
        primaryjoin="and_(Course.id == CourseVersion.course_id, CourseVersion.is_current)", viewonly=True
    )


class CourseNeededFirst(Base):
    """A course that people should have done before they come to another. Said when they book, never enforced."""

    __tablename__ = "course_needed_first"
    __table_args__ = (sa.CheckConstraint("needed_id <> course_id", name="two_courses"),)

    course_id: Mapped[int] = mapped_column(sa.ForeignKey("course.id"), primary_key=True)
    needed_id: Mapped[int] = mapped_column(sa.ForeignKey("course.id"), primary_key=True, index=True)


class CourseVersion(Changing, Base):
    """What a course says and teaches, from one revision to the next. Past events and certificates keep theirs."""

    __tablename__ = "course_version"
    __table_args__ = (
        sa.UniqueConstraint("course_id", "number"),
        sa.UniqueConstraint("course_id", "id"),
        sa.CheckConstraint("number > 0", name="numbers_from_one"),
        sa.Index(
            "uq_course_version_current",
            "course_id",
            unique=True,
            sqlite_where=sa.text("is_current"),
            postgresql_where=sa.text("is_current"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    course_id: Mapped[int] = mapped_column(sa.ForeignKey("course.id"))
    number: Mapped[int]
    is_current: Mapped[bool] = mapped_column(default=True)
    title: Mapped[str]
    level: Mapped[str] = mapped_column(default="")
    summary: Mapped[str] = mapped_column(default="")
    aims: Mapped[str] = mapped_column(default="")
    outcomes: Mapped[list[str]]
    audience_note: Mapped[str] = mapped_column(default="")
    created_at: Mapped[datetime]
    reviewed_at: Mapped[datetime | None]
    created_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"), index=True)

    course: Mapped[Course] = relationship(back_populates="versions")
    audience: Mapped[list[RoleGroup]] = relationship(
        secondary="course_audience", order_by=(RoleGroup.position, RoleGroup.name)
    )


class CourseAudience(Base):
    """The kinds of worker that a course version is for."""

    __tablename__ = "course_audience"

    course_version_id: Mapped[int] = mapped_column(sa.ForeignKey("course_version.id"), primary_key=True)
    role_group_id: Mapped[int] = mapped_column(sa.ForeignKey("role_group.id"), primary_key=True)


class Interest(Base):
    """Somebody wants a course but no date suits; the coordinator sees it as demand. One open one a person."""

    __tablename__ = "course_interest"
    __table_args__ = (
        sa.Index(
            "uq_course_interest_open",
            "course_id",
            "person_id",
            unique=True,
            sqlite_where=sa.text("closed_at IS NULL"),
            postgresql_where=sa.text("closed_at IS NULL"),
        ),
        {"info": {"stays_on_clash": True}},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    course_id: Mapped[int] = mapped_column(sa.ForeignKey("course.id"))
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"), index=True)
    note: Mapped[str] = mapped_column(default="")
    asked_at: Mapped[datetime]
    closed_at: Mapped[datetime | None]

    course: Mapped[Course] = relationship()
    person: Mapped[Person] = relationship()
