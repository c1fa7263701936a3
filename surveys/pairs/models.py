"""What people said of their practice, in three places that nothing in the database joins to each other, or to a person.

`SealedPractice` waits for the 3-month survey of its event, `SealedSheet` is matched and waits to come out; both can be
read with the installation's key alone. `PracticeSheet` came out: it says the course and the half-year, nothing else.
"""

from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from courses.programme.courses.models import Course
from courses.programme.events.models import Event
from lms.agencies.models import Sector
from lms.frame.db import Base
from surveys.invitations.rules import Route
from surveys.pairs.rules import Side
from surveys.stages.rules import Stage


class SealedPractice(Base):
    """What one person said of their practice at one stage. `id` is a keyed hash of the booking and the stage.

    That there are so many of an event says no more than how many answered.
    """

    __tablename__ = "survey_sealed_practice"
    __table_args__ = ({"sqlite_with_rowid": False},)

    id: Mapped[str] = mapped_column(primary_key=True)
    event_id: Mapped[int] = mapped_column(sa.ForeignKey("event.id"), index=True)
    sealed: Mapped[str]

    event: Mapped[Event] = relationship()


class SealedSheet(Base):
    """One person's matched answers, under a random name, until enough of their course and half-year wait.

    Without a course: where somebody stood before, for the figures by sector of a half-year that is not complete.
    """

    __tablename__ = "survey_sealed_sheet"
    __table_args__ = (
        sa.Index("ix_survey_sealed_sheet_half", "half_on", "course_id"),
        {"sqlite_with_rowid": False},
    )

    id: Mapped[str] = mapped_column(primary_key=True)
    course_id: Mapped[int | None] = mapped_column(sa.ForeignKey("course.id"))
    half_on: Mapped[date]
    sealed: Mapped[str]

    course: Mapped[Course | None] = relationship()


class PracticeSheet(Base):
    """One person's answers on their practice, let out together with at least four others'."""

    __tablename__ = "survey_practice_sheet"
    __table_args__ = (
        sa.Index("ix_survey_practice_sheet_course", "course_id", "half_on"),
        {"sqlite_with_rowid": False},
    )

    id: Mapped[str] = mapped_column(primary_key=True)
    course_id: Mapped[int] = mapped_column(sa.ForeignKey("course.id"))
    half_on: Mapped[date]  # the first day of the half-year in which they are told
    side: Mapped[Side]

    course: Mapped[Course] = relationship()


class PracticeAnswer(Base):
    """One practice of a sheet, from 1 to 10. `code` is the question's; `item` the outcome's place from 1, else 0.

    -1: an answer that is right (2) or wrong (1).
    """

    __tablename__ = "survey_practice_answer"
    __table_args__ = (
        sa.CheckConstraint("before BETWEEN 1 AND 10", name="before_on_the_scale"),
        sa.CheckConstraint("on_the_day BETWEEN 1 AND 10", name="day_on_the_scale"),
        sa.CheckConstraint("after BETWEEN 1 AND 10", name="after_on_the_scale"),
        sa.CheckConstraint("COALESCE(before, on_the_day, after) IS NOT NULL", name="says_something"),
        {"sqlite_with_rowid": False},
    )

    sheet_id: Mapped[str] = mapped_column(sa.ForeignKey("survey_practice_sheet.id"), primary_key=True)
    code: Mapped[str] = mapped_column(primary_key=True)
    item: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    before: Mapped[int | None]
    on_the_day: Mapped[int | None]
    after: Mapped[int | None]

    sheet: Mapped[PracticeSheet] = relationship()


class StartFigure(Base):
    """Where those stood before who answered three months on, beside those who did not: one sector in one half-year.

    Written once, when the half-year is complete, as it is told: means and spreads in tenths. Without a sector: the
    others together.
    """

    __tablename__ = "survey_start_figure"
    __table_args__ = (
        sa.UniqueConstraint("half_on", "sector_id"),
        sa.CheckConstraint("later_people >= 5 AND other_people >= 5", name="of_five_and_more"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    half_on: Mapped[date]
    sector_id: Mapped[int | None] = mapped_column(sa.ForeignKey("sector.id"))
    later_people: Mapped[int]
    later_mean: Mapped[int]
    later_spread: Mapped[int]
    other_people: Mapped[int]
    other_mean: Mapped[int]
    other_spread: Mapped[int]

    sector: Mapped[Sector | None] = relationship()


class RouteCount(Base):
    """By which way the answers to a stage of an event came: how many, never whose. Written when it has closed."""

    __tablename__ = "survey_route_count"
    __table_args__ = (sa.CheckConstraint("people > 0", name="somebody_came"),)

    event_id: Mapped[int] = mapped_column(sa.ForeignKey("event.id"), primary_key=True, autoincrement=False)
    stage: Mapped[Stage] = mapped_column(primary_key=True)
    route: Mapped[Route] = mapped_column(primary_key=True)
    people: Mapped[int]

    event: Mapped[Event] = relationship()
