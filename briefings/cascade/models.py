"""What each agency was asked, what it answered, and what delegates say of themselves."""

from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.engine import Connection
from sqlalchemy.orm import Mapped, mapped_column, relationship

from briefings.cascade.rules import ReturnSource
from briefings.writing.models import Briefing, BriefingVersion
from lms.agencies.models import Agency
from lms.frame.db import Base
from lms.frame.keeping import MustBe, kept
from lms.frame.together import Together


class Cascade(Base):
    """A briefing at one agency. `sent_at` is empty where nobody was asked and somebody told us all the same.

    `audience` is how many people of the agency it was meant for when it was sent, and `sector_id` the agency's of then:
    it stays where the agency moves. Empty where a process of before migration 0033 wrote it.
    """

    __tablename__ = "briefing_cascade"
    __table_args__ = (
        sa.UniqueConstraint("briefing_id", "agency_id"),
        sa.CheckConstraint("audience >= 0 AND reminders >= 0", name="counts"),
        sa.CheckConstraint("(reminders > 0) = (reminded_at IS NOT NULL)", name="reminded_at_a_moment"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    briefing_id: Mapped[int] = mapped_column(sa.ForeignKey("briefing.id"))
    agency_id: Mapped[int] = mapped_column(sa.ForeignKey("agency.id"), index=True)
    sector_id: Mapped[int | None] = mapped_column(sa.ForeignKey("sector.id"))
    sent_at: Mapped[datetime | None]
    audience: Mapped[int] = mapped_column(default=0)
    acknowledged_at: Mapped[datetime | None]
    acknowledged_by: Mapped[str] = mapped_column(default="")
    reminders: Mapped[int] = mapped_column(default=0)
    reminded_at: Mapped[datetime | None]

    briefing: Mapped[Briefing] = relationship()
    agency: Mapped[Agency] = relationship()
    returns: Mapped[list["CascadeReturn"]] = relationship(
        order_by="CascadeReturn.discussed_on", back_populates="cascade"
    )
    changes: Mapped[list["CascadeChange"]] = relationship(order_by="CascadeChange.id", back_populates="cascade")

    @property
    def is_silent(self) -> bool:
        """Nothing at all came back."""
        return self.acknowledged_at is None and not self.returns and not self.changes


@event.listens_for(Cascade, "before_insert")
def _stamp_sector(_mapper: Any, connection: Connection, cascade: Cascade) -> None:
    cascade.sector_id = connection.scalar(sa.select(Agency.sector_id).where(Agency.id == cascade.agency_id))


OF_ITS_BRIEFING = MustBe(
    name="version",
    holds="EXISTS (SELECT 1 FROM briefing_cascade AS c JOIN briefing_version AS v ON v.briefing_id = c.briefing_id"
    " WHERE c.id = new.cascade_id AND v.id = new.version_id)",
    columns=("cascade_id", "version_id"),
    words="the version is another briefing's.",
)


class CascadeReturn(Base):
    """A team discussed it: when, and how many people. The same told twice is one."""

    __tablename__ = "briefing_cascade_return"
    __table_args__ = (
        sa.UniqueConstraint("cascade_id", "discussed_on", "team", "people"),
        sa.CheckConstraint("people BETWEEN 1 AND 2000", name="somebody_took_part"),
        {"info": kept(OF_ITS_BRIEFING)},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    cascade_id: Mapped[int] = mapped_column(sa.ForeignKey("briefing_cascade.id"))
    version_id: Mapped[int] = mapped_column(sa.ForeignKey("briefing_version.id"))
    team: Mapped[str] = mapped_column(default="")
    discussed_on: Mapped[date]
    people: Mapped[int]
    source: Mapped[ReturnSource]
    told_at: Mapped[datetime]
    told_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"), index=True)

    cascade: Mapped[Cascade] = relationship(back_populates="returns")


class CascadeChange(Base):
    """What an agency changed because of it, in its own words."""

    __tablename__ = "briefing_cascade_change"
    __table_args__ = (sa.CheckConstraint("words <> ''", name="says_something"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    cascade_id: Mapped[int] = mapped_column(sa.ForeignKey("briefing_cascade.id"), index=True)
    words: Mapped[str]
    source: Mapped[ReturnSource]
    told_at: Mapped[datetime]
    told_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"), index=True)

    cascade: Mapped[Cascade] = relationship(back_populates="changes")


class BriefingMark(Base):
    """A delegate says of themselves that they read a briefing, or discussed it. It stands in their training record."""

    __tablename__ = "briefing_mark"
    __table_args__ = (
        sa.UniqueConstraint("briefing_id", "person_id"),
        Together("briefing_id, version_id", "briefing_version(briefing_id, id)"),
        {"info": {"stays_on_clash": True}},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    briefing_id: Mapped[int] = mapped_column(sa.ForeignKey("briefing.id"))
    version_id: Mapped[int] = mapped_column(sa.ForeignKey("briefing_version.id"))
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"), index=True)
    agency_id: Mapped[int | None] = mapped_column(sa.ForeignKey("agency.id"))
    read_on: Mapped[date]
    discussed_on: Mapped[date | None]

    version: Mapped[BriefingVersion] = relationship()
