"""Briefings that were taken back."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from lms.frame.db import Base


class BriefingRecall(Base):
    """A version that was out, taken back: when, by whom and why. `is_embargo`: because of an embargo."""

    __tablename__ = "briefing_recall"
    __table_args__ = (sa.CheckConstraint("reason <> ''", name="has_reason"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    briefing_id: Mapped[int] = mapped_column(sa.ForeignKey("briefing.id"), index=True)
    version_id: Mapped[int] = mapped_column(sa.ForeignKey("briefing_version.id"), unique=True)
    at: Mapped[datetime]
    by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"), index=True)
    reason: Mapped[str]
    is_embargo: Mapped[bool] = mapped_column(default=False)
