"""Who was asked and who answered, event by event, as it was when its half-year was told."""

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from courses.programme.events.models import Event
from lms.agencies.models import Agency, Sector
from lms.frame.db import Base
from lms.frame.keeping import Stays, kept
from surveys.stages.rules import Stage


class ToldReach(Base):
    """How many people of an agency were at an event, asked, and answered: as it is told, for good.

    A register that is corrected later, or a letter that comes back, changes nothing here: what was told hides what it
    hid. `half_on`: the half-year that tells it. `pooled_on`: the month in which answers came out without their event.
    """

    __tablename__ = "survey_told_reach"
    __table_args__ = (
        sa.UniqueConstraint("event_id", "stage", "agency_id", "sector_id"),
        sa.CheckConstraint(
            "attended >= invited AND invited >= delivered AND delivered >= answered AND answered >= 0",
            name="each_a_part",
        ),
        sa.CheckConstraint("part_attended >= 0 AND walked_in >= 0", name="counts_not_negative"),
        sa.CheckConstraint("no_address >= 0 AND opted_out >= 0 AND erased >= 0", name="reasons_not_negative"),
        sa.Index("ix_survey_told_reach_half", "stage", "half_on"),
        {"info": kept(Stays("what a half-year told"))},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    event_id: Mapped[int] = mapped_column(sa.ForeignKey("event.id"))
    stage: Mapped[Stage]
    agency_id: Mapped[int | None] = mapped_column(sa.ForeignKey("agency.id"), index=True)
    sector_id: Mapped[int | None] = mapped_column(sa.ForeignKey("sector.id"), index=True)
    half_on: Mapped[date]
    closed_at: Mapped[datetime]
    pooled_on: Mapped[date | None]
    attended: Mapped[int]
    part_attended: Mapped[int]
    walked_in: Mapped[int]
    invited: Mapped[int]
    delivered: Mapped[int]
    answered: Mapped[int]
    no_address: Mapped[int]
    opted_out: Mapped[int]
    erased: Mapped[int]

    event: Mapped[Event] = relationship()
    agency: Mapped[Agency | None] = relationship()
    sector: Mapped[Sector | None] = relationship()
