"""The yearly report: what its writer adds, and, from publication on, every figure as it was."""

from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.orm import Mapped, mapped_column, object_session, relationship

from lms.frame.db import Base
from lms.frame.keeping import Stays, kept


class YearlyReport(Base):
    """One report of one period. A report that was published stays; a later one of the same period is a new edition."""

    __tablename__ = "yearly_report"
    __table_args__ = (
        sa.UniqueConstraint("from_on", "to_on", "edition"),
        sa.CheckConstraint("to_on > from_on", name="ends_after_start"),
        sa.CheckConstraint("edition > 0", name="editions_from_one"),
        sa.CheckConstraint("title <> ''", name="has_title"),
        sa.CheckConstraint(
            "(published_at IS NULL) = (frozen IS NULL) AND (published_at IS NULL) = (published_by = '')",
            name="frozen_when_published",
        ),
        {"info": kept(Stays("a published report", since="old.published_at IS NOT NULL"))},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    title: Mapped[str]
    from_on: Mapped[date]
    to_on: Mapped[date]
    edition: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[datetime]
    published_at: Mapped[datetime | None]
    published_by: Mapped[str] = mapped_column(default="")
    frozen: Mapped[dict[str, Any] | None] = mapped_column(sa.JSON(none_as_null=True))

    texts: Mapped[list["ReportText"]] = relationship(cascade="all, delete-orphan", order_by="ReportText.place")

    @property
    def is_published(self) -> bool:
        return self.published_at is not None


class ReportText(Base):
    """What the writer says in one place of a draft: before the figures, under a question, about a section."""

    __tablename__ = "report_text"
    __table_args__ = (
        sa.UniqueConstraint("yearly_report_id", "place"),
        sa.CheckConstraint("words <> ''", name="says_something"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    yearly_report_id: Mapped[int] = mapped_column(sa.ForeignKey("yearly_report.id"))
    place: Mapped[str]
    words: Mapped[str]


class ToldQuarter(Base):
    """The quarter on one page as it was told to the sub-group, once."""

    __tablename__ = "told_quarter"
    __table_args__ = (
        sa.UniqueConstraint("from_on"),
        sa.CheckConstraint("to_on > from_on", name="ends_after_start"),
        {"info": kept(Stays("a quarter that was told"))},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    from_on: Mapped[date]
    to_on: Mapped[date]
    told_at: Mapped[datetime]
    frozen: Mapped[dict[str, Any]] = mapped_column(sa.JSON)


def _refuse_change(_mapper: Any, _connection: Any, target: YearlyReport) -> None:
    """A report may become published; what was published stays as it is."""
    was = sa.inspect(target).attrs.published_at.history
    session = object_session(target)
    is_new = bool(was.added) and was.deleted in ((), [None])
    changes = session is None or session.is_modified(target, include_collections=False)
    if target.published_at is not None and not is_new and changes:
        raise TypeError(f"The report {target.id} was published and cannot be changed.")


def _refuse_delete(_mapper: Any, _connection: Any, target: YearlyReport) -> None:
    if target.published_at is not None:
        raise TypeError(f"The report {target.id} was published and cannot be deleted.")


event.listen(YearlyReport, "before_update", _refuse_change)
event.listen(YearlyReport, "before_delete", _refuse_delete)
