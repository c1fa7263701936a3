"""Answers, in places that nothing in the database joins to a person.

`Draft` holds what somebody is writing, sealed with a key that is not in the database. `AnswerSheet` holds what was let
out of one stage. What people said of their practice goes another way: `surveys.pairs`.
"""

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from courses.programme.courses.models import Course
from courses.programme.events.models import Event
from lms.agencies.models import Agency, Sector
from lms.frame.db import Base
from surveys.questions.models import Question, SurveyVersion
from surveys.questions.rules import SurveyKind


class MatchingSalt(Base):
    """Of the time when stages were matched by pseudonyms, an event's half of their key. None is made any more."""

    __tablename__ = "matching_salt"
    __table_args__ = (sa.CheckConstraint("(salt IS NULL) = (cut_at IS NOT NULL)", name="there_until_cut"),)

    event_id: Mapped[int] = mapped_column(sa.ForeignKey("event.id"), primary_key=True, autoincrement=False)
    salt: Mapped[str | None]
    cut_at: Mapped[datetime | None]


class Draft(Base):
    """What somebody has answered so far, or has sent and is not let out yet. `id` is a keyed hash of the invitation."""

    __tablename__ = "survey_draft"
    __table_args__ = ({"sqlite_with_rowid": False},)

    id: Mapped[str] = mapped_column(primary_key=True)
    version_id: Mapped[int] = mapped_column(sa.ForeignKey("survey_version.id"))
    is_finished: Mapped[bool] = mapped_column(default=False)
    sealed: Mapped[str]

    version: Mapped[SurveyVersion] = relationship()


class AnswerSheet(Base):
    """The answers of one person at one stage, let out together with at least four others'.

    `event_id`, `agency_id` and `sector_id` are there only where at least five sheets share them. `period_on` is the
    first of a month: of the event, or of the letting out when the event is not kept. The pseudonym is random: sheets of
    one person are joined by nothing.
    """

    __tablename__ = "survey_answer_sheet"
    __table_args__ = (
        sa.UniqueConstraint("pseudonym", "kind"),
        sa.CheckConstraint("agency_id IS NULL OR sector_id IS NOT NULL", name="agency_within_sector"),
        sa.CheckConstraint("event_id IS NULL OR course_id IS NOT NULL", name="event_within_course"),
        sa.Index("ix_survey_answer_sheet_event", "event_id", "kind"),
        sa.Index("ix_survey_answer_sheet_course", "course_id", "kind"),
        {"sqlite_with_rowid": False},
    )

    id: Mapped[str] = mapped_column(primary_key=True)
    kind: Mapped[SurveyKind]
    version_id: Mapped[int] = mapped_column(sa.ForeignKey("survey_version.id"), index=True)
    pseudonym: Mapped[str]
    event_id: Mapped[int | None] = mapped_column(sa.ForeignKey("event.id"))
    course_id: Mapped[int | None] = mapped_column(sa.ForeignKey("course.id"))
    agency_id: Mapped[int | None] = mapped_column(sa.ForeignKey("agency.id"))
    sector_id: Mapped[int | None] = mapped_column(sa.ForeignKey("sector.id"))
    period_on: Mapped[date]

    version: Mapped[SurveyVersion] = relationship()
    event: Mapped[Event | None] = relationship()
    course: Mapped[Course | None] = relationship()
    agency: Mapped[Agency | None] = relationship()
    sector: Mapped[Sector | None] = relationship()


class SurveyAnswer(Base):
    """One answer that is no free text. `item`: the outcome's place (from 1), the chosen option's id, otherwise 0.

    `number`: 1-10 on a scale or outcome, 1-5 for agreement, the number given; for a choice, 1.
    """

    __tablename__ = "survey_answer"
    __table_args__ = (
        sa.Index("ix_survey_answer_question", "question_id", "item"),
        {"sqlite_with_rowid": False},
    )

    sheet_id: Mapped[str] = mapped_column(sa.ForeignKey("survey_answer_sheet.id"), primary_key=True)
    question_id: Mapped[int] = mapped_column(sa.ForeignKey("survey_question.id"), primary_key=True, autoincrement=False)
    item: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    number: Mapped[int]

    sheet: Mapped[AnswerSheet] = relationship()
    question: Mapped[Question] = relationship()
