"""Briefings, their versions, the parts of each, and who had a hand in them."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from briefings.writing.rules import ApprovedAs, BriefingKind, VersionState
from lms.frame.db import Base
from lms.frame.keeping import Stays, kept
from lms.people.models import Person
from reviews.learning.models import LearningPoint

briefing_point = sa.Table(
    "briefing_point",
    Base.metadata,
    sa.Column("version_id", sa.ForeignKey("briefing_version.id"), primary_key=True),
    sa.Column("learning_point_id", sa.ForeignKey("learning_point.id"), primary_key=True, index=True),
)


def _only_one(name: str, where: str) -> sa.Index:
    condition = sa.text(where)
    return sa.Index(name, "briefing_id", unique=True, sqlite_where=condition, postgresql_where=condition)


class Briefing(Base):
    """One briefing in all its versions. Its number stands in its address and under its QR code."""

    __tablename__ = "briefing"

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[BriefingKind]
    created_at: Mapped[datetime]

    versions: Mapped[list["BriefingVersion"]] = relationship(
        order_by="BriefingVersion.number", back_populates="briefing", cascade="all, delete-orphan"
    )


class BriefingVersion(Base):
    """One version: its words, how far it has come, and who let it go on.

    `correction` says what is different from the version before. `edition` rises with every change of a draft, so that
    two writers do not overwrite each other. `written_by_id` began it; `writers` are all who changed any word of it.
    """

    __tablename__ = "briefing_version"
    __table_args__ = (
        sa.UniqueConstraint("briefing_id", "number"),
        sa.UniqueConstraint("briefing_id", "id"),
        sa.CheckConstraint("number > 0", name="numbers_from_one"),
        _only_one("uq_briefing_version_open", "state IN ('draft', 'checked', 'approved')"),
        _only_one("uq_briefing_version_out", "state = 'published'"),
        sa.CheckConstraint("title <> ''", name="has_title"),
        sa.CheckConstraint("checked_by_id IS NULL OR checked_by_id <> written_by_id", name="checked_by_another"),
        sa.CheckConstraint("approved_by_id IS NULL OR approved_by_id <> written_by_id", name="approved_by_another"),
        sa.CheckConstraint("state = 'draft' OR checked_at IS NOT NULL", name="checked_first"),
        sa.CheckConstraint(
            "state IN ('draft', 'checked') OR (approved_at IS NOT NULL AND approved_as IS NOT NULL)",
            name="approved_first",
        ),
        sa.CheckConstraint(
            "(published_at IS NOT NULL) = (state IN ('published', 'superseded', 'withdrawn'))",
            name="out_when_published",
        ),
        sa.CheckConstraint("(superseded_at IS NOT NULL) = (state = 'superseded')", name="superseded_at_a_moment"),
        sa.CheckConstraint("(withdrawn_at IS NOT NULL) = (state = 'withdrawn')", name="withdrawn_at_a_moment"),
        {
            "info": kept(
                Stays(
                    "a published version",
                    since="old.published_at IS NOT NULL",
                    may_change=("state", "superseded_at", "withdrawn_at"),
                )
            )
        },
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    briefing_id: Mapped[int] = mapped_column(sa.ForeignKey("briefing.id"))
    number: Mapped[int]
    title: Mapped[str]
    summary: Mapped[str] = mapped_column(default="")
    is_public: Mapped[bool] = mapped_column(default=True)
    questions: Mapped[list[str]] = mapped_column(default=list)
    correction: Mapped[str] = mapped_column(default="")
    state: Mapped[VersionState] = mapped_column(default=VersionState.DRAFT)
    edition: Mapped[int] = mapped_column(default=1)
    written_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"), index=True)
    written_at: Mapped[datetime]
    asked_at: Mapped[datetime | None]
    returned_reason: Mapped[str] = mapped_column(default="")
    checked_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"), index=True)
    checked_at: Mapped[datetime | None]
    checklist: Mapped[list[str]] = mapped_column(default=list)
    approved_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"), index=True)
    approved_at: Mapped[datetime | None]
    approved_as: Mapped[ApprovedAs | None]
    approved_minute: Mapped[str] = mapped_column(default="")
    published_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"), index=True)
    published_at: Mapped[datetime | None]
    superseded_at: Mapped[datetime | None]
    withdrawn_at: Mapped[datetime | None]

    briefing: Mapped[Briefing] = relationship(back_populates="versions")
    parts: Mapped[list["BriefingPart"]] = relationship(order_by="BriefingPart.number", cascade="all, delete-orphan")
    points: Mapped[list[LearningPoint]] = relationship(secondary=briefing_point, order_by=LearningPoint.ref)
    writers: Mapped[list["BriefingWriter"]] = relationship(
        order_by="BriefingWriter.person_id", cascade="all, delete-orphan"
    )
    written_by: Mapped[Person | None] = relationship(foreign_keys=[written_by_id])
    checked_by: Mapped[Person | None] = relationship(foreign_keys=[checked_by_id])
    approved_by: Mapped[Person | None] = relationship(foreign_keys=[approved_by_id])

    @property
    def kind(self) -> BriefingKind:
        return self.briefing.kind

    @property
    def is_open(self) -> bool:
        """Still on its way."""
        return self.state in (VersionState.DRAFT, VersionState.CHECKED, VersionState.APPROVED)


PARTS_STAY = Stays(
    "a part of a published version",
    since="EXISTS (SELECT 1 FROM briefing_version AS v WHERE v.id = old.version_id AND v.published_at IS NOT NULL)",
)


class BriefingPart(Base):
    """A headed part, its body in Markdown."""

    __tablename__ = "briefing_part"
    __table_args__ = (
        sa.CheckConstraint("number BETWEEN 1 AND 7", name="at_most_seven"),
        {"info": kept(PARTS_STAY)},
    )

    version_id: Mapped[int] = mapped_column(sa.ForeignKey("briefing_version.id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    title: Mapped[str]
    body: Mapped[str] = mapped_column(default="")


class BriefingWriter(Base):
    """Somebody who wrote some of a version, and therefore neither checks nor approves it."""

    __tablename__ = "briefing_writer"
    __table_args__ = ({"info": {"stays_on_clash": True}},)

    version_id: Mapped[int] = mapped_column(sa.ForeignKey("briefing_version.id"), primary_key=True)
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"), primary_key=True, index=True)
