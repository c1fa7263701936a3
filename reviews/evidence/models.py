"""Evidence of impact: an audit, survey or observation, and what it showed."""

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from lms.frame.db import Base
from reviews.evidence.rules import EvidenceKind
from reviews.learning.rules import Verdict


class Evidence(Base):
    """Whether it counts is never typed: it follows from its date and the date of the change that it tests."""

    __tablename__ = "evidence"
    __table_args__ = (
        sa.CheckConstraint("(met IS NULL) = (of_all IS NULL)", name="met_of_all"),
        sa.CheckConstraint("met IS NULL OR (met >= 0 AND of_all > 0 AND met <= of_all)", name="met_within_all"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    learning_point_id: Mapped[int] = mapped_column(sa.ForeignKey("learning_point.id"), index=True)
    kind: Mapped[EvidenceKind]
    title: Mapped[str]
    dated_on: Mapped[date]
    finding: Mapped[str]
    met: Mapped[int | None]
    of_all: Mapped[int | None]
    verdict: Mapped[Verdict]
    recorded_at: Mapped[datetime]
    recorded_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
