"""Rounds of a workforce survey or training needs analysis, with a link for each agency. Nobody is named."""

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from lms.agencies.models import Agency, Sector
from lms.frame.db import Base
from surveys.questions.models import SurveyVersion


class SurveyRound(Base):
    """A survey that is open from one day to another, both included. Its answers come out together after it closed."""

    __tablename__ = "survey_round"
    __table_args__ = (
        sa.CheckConstraint("closes_on >= opens_on", name="closes_after_it_opens"),
        sa.CheckConstraint("title <> ''", name="has_title"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    version_id: Mapped[int] = mapped_column(sa.ForeignKey("survey_version.id"), index=True)
    title: Mapped[str]
    opens_on: Mapped[date]
    closes_on: Mapped[date]
    created_at: Mapped[datetime]
    let_out_at: Mapped[datetime | None]

    version: Mapped[SurveyVersion] = relationship()
    links: Mapped[list["RoundLink"]] = relationship(back_populates="round", cascade="all, delete-orphan")


class RoundLink(Base):
    """The link of one agency: everybody there uses the same one. `secret` stands in the address.

    `staff` is how many people the survey is for there, as the agency said on `staff_on`. `answered` and the sector as
    it was are written when the answers come out, and nothing of these changes from then on.
    """

    __tablename__ = "round_link"
    __table_args__ = (
        sa.UniqueConstraint("round_id", "agency_id"),
        sa.CheckConstraint("staff > 0", name="staff_are_some"),
        sa.CheckConstraint("(staff IS NULL) = (staff_on IS NULL)", name="staff_with_a_day"),
        sa.CheckConstraint("answered >= 0", name="answered_not_negative"),
        sa.CheckConstraint("(answered IS NULL) = (sector_id IS NULL)", name="answered_with_sector"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    round_id: Mapped[int] = mapped_column(sa.ForeignKey("survey_round.id"))
    agency_id: Mapped[int] = mapped_column(sa.ForeignKey("agency.id"), index=True)
    secret: Mapped[str] = mapped_column(unique=True)
    staff: Mapped[int | None]
    staff_on: Mapped[date | None]
    answered: Mapped[int | None]
    sector_id: Mapped[int | None] = mapped_column(sa.ForeignKey("sector.id"))

    round: Mapped[SurveyRound] = relationship(back_populates="links")
    agency: Mapped[Agency] = relationship()
    sector: Mapped[Sector | None] = relationship()


class RoundAnswers(Base):
    """One person's answers, sealed until the round has closed. A random name, and neither agency nor time beside it."""

    __tablename__ = "round_answers"
    __table_args__ = ({"sqlite_with_rowid": False},)

    id: Mapped[str] = mapped_column(primary_key=True)
    round_id: Mapped[int] = mapped_column(sa.ForeignKey("survey_round.id"), index=True)
    sealed: Mapped[str]


class RoundSheet(Base):
    """Which answer sheets came out of a round."""

    __tablename__ = "round_sheet"
    __table_args__ = ({"sqlite_with_rowid": False},)

    sheet_id: Mapped[str] = mapped_column(sa.ForeignKey("survey_answer_sheet.id"), primary_key=True)
    round_id: Mapped[int] = mapped_column(sa.ForeignKey("survey_round.id"), index=True)


class AskedFor(Base):
    """Which recommendations a question asks after, where they are several: one question can test three audits."""

    __tablename__ = "survey_asked_for"

    question_id: Mapped[int] = mapped_column(sa.ForeignKey("survey_question.id"), primary_key=True)
    recommendation_id: Mapped[int] = mapped_column(sa.ForeignKey("recommendation.id"), primary_key=True, index=True)
