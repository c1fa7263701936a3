"""The evidence of a learning point, with what counts and what is only for comparison."""

from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Session

from lms.kit.words import percent
from reviews.learning.models import Evidence
from reviews.learning.rules import Verdict, counts_as_evidence


@dataclass(frozen=True)
class EvidenceRow:
    """One piece of evidence. `counts` when it is dated after the change."""

    id: int
    title: str
    dated_on: date
    finding: str
    met: int | None
    of_all: int | None
    verdict: Verdict
    counts: bool

    @property
    def figure(self) -> str:
        """31 of 40"""
        return "" if self.met is None else f"{self.met} of {self.of_all}"

    @property
    def share(self) -> str:
        """77.5%"""
        return "" if self.met is None or self.of_all is None else percent(self.met, self.of_all, 1)


def evidence_of(session: Session, point_id: int, changed_on: date | None) -> list[EvidenceRow]:
    """The evidence of a learning point that the reader was found to see, the latest first."""
    rows = session.scalars(
        sa.select(Evidence)
        .where(Evidence.learning_point_id == point_id)
        .order_by(Evidence.dated_on.desc(), Evidence.id.desc())
    )
    return [
        EvidenceRow(
            row.id,
            row.title,
            row.dated_on,
            row.finding,
            row.met,
            row.of_all,
            row.verdict,
            counts_as_evidence(row.dated_on, changed_on),
        )
        for row in rows
    ]
