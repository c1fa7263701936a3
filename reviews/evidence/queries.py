"""The evidence of a learning point, with what counts and what is only for comparison."""

from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Session, selectinload

from lms.kit.words import percent
from reviews.learning.models import Evidence, LearningPoint
from reviews.learning.queries import facts_of, shared_points
from reviews.learning.rules import EvidenceKind, Verdict, change_of, counts_as_evidence


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
    kind: EvidenceKind = EvidenceKind.OTHER

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
            row.kind,
        )
        for row in rows
    ]


@dataclass(frozen=True)
class SharedEvidence:
    """Evidence as a report shows it that leaves the office: of a learning point that anybody may read."""

    kind: EvidenceKind
    title: str
    dated_on: date
    about: str
    result: str


def shared_evidence(session: Session, from_on: date, to_on: date) -> list[SharedEvidence]:
    """The last count of each kind between two days, after the change that it tests, with the one before. Two queries.

    Only of learning points that anybody may read, whoever asks: the report is handed out.
    """
    rows = session.execute(
        sa.select(Evidence, LearningPoint)
        .join(LearningPoint, LearningPoint.id == Evidence.learning_point_id)
        .where(shared_points())
        .where(Evidence.met.is_not(None), Evidence.dated_on <= to_on)
        .order_by(Evidence.dated_on, Evidence.id)
        .options(selectinload(LearningPoint.links))
    ).all()
    last, made = dict[tuple[int, EvidenceKind], Evidence](), dict[tuple[int, EvidenceKind], SharedEvidence]()
    for each, point in rows:
        key = point.id, each.kind
        if each.dated_on >= from_on and counts_as_evidence(each.dated_on, change_of(facts_of(point, ()))):
            about = f"{point.ref} {point.heading or point.text}"
            made[key] = SharedEvidence(each.kind, each.title, each.dated_on, about, _result(each, last.get(key)))
        last[key] = each
    return list(made.values())


def _result(each: Evidence, earlier: Evidence | None) -> str:
    """31 of 40 (77.5%). Before, 14 of 40 (35.0%)"""
    said = [
        f"{one.met} of {one.of_all} ({percent(one.met or 0, one.of_all or 1, 1)})" for one in (each, earlier) if one
    ]
    return ". Before, ".join(said)
