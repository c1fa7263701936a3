"""Surveys, their versions, questions with options, and the bank that questions are taken from."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from courses.programme.courses.models import Course
from lms.frame.db import Base
from reviews.actions.models import Recommendation
from reviews.learning.models import LearningPoint
from surveys.questions.measures.rules import Sense
from surveys.questions.rules import QuestionKind, SurveyKind


class Survey(Base):
    """A set of questions of one kind. One for all courses, or one for a course, which goes before it."""

    __tablename__ = "survey"
    __table_args__ = (
        sa.Index(
            "uq_survey_for_all",
            "kind",
            unique=True,
            sqlite_where=sa.text("course_id IS NULL AND is_standing AND retired_at IS NULL"),
            postgresql_where=sa.text("course_id IS NULL AND is_standing AND retired_at IS NULL"),
        ),
        sa.Index(
            "uq_survey_of_course",
            "kind",
            "course_id",
            unique=True,
            sqlite_where=sa.text("course_id IS NOT NULL AND is_standing AND retired_at IS NULL"),
            postgresql_where=sa.text("course_id IS NOT NULL AND is_standing AND retired_at IS NULL"),
        ),
        sa.CheckConstraint("title <> ''", name="has_title"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[SurveyKind]
    course_id: Mapped[int | None] = mapped_column(sa.ForeignKey("course.id"), index=True)
    title: Mapped[str]
    is_standing: Mapped[bool] = mapped_column(default=True)  # asked by itself at its stage; False: run for a period
    created_at: Mapped[datetime]
    retired_at: Mapped[datetime | None]

    course: Mapped[Course | None] = relationship()
    versions: Mapped[list["SurveyVersion"]] = relationship(
        back_populates="survey", order_by="SurveyVersion.number", cascade="all, delete-orphan"
    )


class SurveyVersion(Base):
    """The questions as they were asked. `first_asked_at` freezes them: a change makes the next version."""

    __tablename__ = "survey_version"
    __table_args__ = (
        sa.UniqueConstraint("survey_id", "number"),
        sa.CheckConstraint("number > 0", name="numbers_count_from_one"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    survey_id: Mapped[int] = mapped_column(sa.ForeignKey("survey.id"))
    number: Mapped[int] = mapped_column(default=1)
    intro: Mapped[str] = mapped_column(default="")
    created_at: Mapped[datetime]
    published_at: Mapped[datetime | None]  # the latest published version is the one that is asked
    first_asked_at: Mapped[datetime | None]

    survey: Mapped[Survey] = relationship(back_populates="versions")
    questions: Mapped[list["Question"]] = relationship(
        back_populates="version",
        order_by="Question.position, Question.id",
        cascade="all, delete-orphan",
        foreign_keys="Question.version_id",
    )


class Question(Base):
    """One question of a version. `code` is the same wherever the same thing is asked, so that answers can be matched.

    Questions with the same `heading` in a row are one page. `show_if_code` names an earlier question of the version;
    this one is asked only when its answer is among `show_if_values`.
    """

    __tablename__ = "survey_question"
    __table_args__ = (
        sa.UniqueConstraint("version_id", "code"),
        sa.CheckConstraint("words <> '' AND code <> ''", name="asks_something"),
        sa.CheckConstraint("kirkpatrick IS NULL OR kirkpatrick BETWEEN 1 AND 4", name="kirkpatrick_one_to_four"),
        sa.CheckConstraint("(sense = 'now') = (practice_code = '')", name="of_a_practice_unless_now"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    version_id: Mapped[int] = mapped_column(sa.ForeignKey("survey_version.id"))
    position: Mapped[int]
    code: Mapped[str]
    heading: Mapped[str] = mapped_column(default="")
    kind: Mapped[QuestionKind]
    words: Mapped[str]
    hint: Mapped[str] = mapped_column(default="")
    low_words: Mapped[str] = mapped_column(default="")  # what 1 means on a scale
    high_words: Mapped[str] = mapped_column(default="")
    is_required: Mapped[bool] = mapped_column(default=False)
    kirkpatrick: Mapped[int | None]
    learning_point_id: Mapped[int | None] = mapped_column(sa.ForeignKey("learning_point.id"), index=True)
    recommendation_id: Mapped[int | None] = mapped_column(sa.ForeignKey("recommendation.id"), index=True)
    show_if_code: Mapped[str] = mapped_column(default="")
    show_if_values: Mapped[list[str]] = mapped_column(default=list)
    sense: Mapped[Sense] = mapped_column(default=Sense.NOW, server_default=Sense.NOW)
    practice_code: Mapped[str] = mapped_column(default="", server_default="")  # looking back or intending: at what
    vignette: Mapped[str] = mapped_column(default="", server_default="")  # the case that is read before it
    source: Mapped[str] = mapped_column(default="", server_default="")  # where the question comes from

    version: Mapped[SurveyVersion] = relationship(back_populates="questions", foreign_keys=[version_id])
    learning_point: Mapped[LearningPoint | None] = relationship()
    recommendation: Mapped[Recommendation | None] = relationship()
    options: Mapped[list["QuestionOption"]] = relationship(
        back_populates="question", order_by="QuestionOption.position", cascade="all, delete-orphan"
    )


class QuestionOption(Base):
    """One answer to choose. `value` is what branching and matching know it by. On a scale, one of its four steps."""

    __tablename__ = "survey_question_option"
    __table_args__ = (
        sa.UniqueConstraint("question_id", "position"),
        sa.UniqueConstraint("question_id", "value"),
        sa.CheckConstraint("position > 0", name="positions_count_from_one"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    question_id: Mapped[int] = mapped_column(sa.ForeignKey("survey_question.id"))
    position: Mapped[int]
    value: Mapped[str]
    words: Mapped[str]
    is_right: Mapped[bool] = mapped_column(default=False, server_default=sa.false())

    question: Mapped[Question] = relationship(back_populates="options")


class BankQuestion(Base):
    """A question kept to be used again. Taking it copies it: a later change of the bank changes no survey."""

    __tablename__ = "survey_bank_question"
    __table_args__ = (
        sa.CheckConstraint("words <> '' AND code <> ''", name="asks_something"),
        sa.CheckConstraint("kirkpatrick IS NULL OR kirkpatrick BETWEEN 1 AND 4", name="kirkpatrick_one_to_four"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(unique=True)
    kind: Mapped[QuestionKind]
    words: Mapped[str]
    hint: Mapped[str] = mapped_column(default="")
    low_words: Mapped[str] = mapped_column(default="")
    high_words: Mapped[str] = mapped_column(default="")
    kirkpatrick: Mapped[int | None]
    options: Mapped[list[str]] = mapped_column(default=list)
    sense: Mapped[Sense] = mapped_column(default=Sense.NOW, server_default=Sense.NOW)
    practice_code: Mapped[str] = mapped_column(default="", server_default="")
    vignette: Mapped[str] = mapped_column(default="", server_default="")
    source: Mapped[str] = mapped_column(default="", server_default="")
    retired_at: Mapped[datetime | None]
