"""What was taken back of a briefing."""

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from briefings.writing.models import BriefingVersion
from briefings.writing.recalling.models import BriefingRecall
from lms.people.models import Person


@dataclass(frozen=True)
class RecallRow:
    """A recall, as the briefing's page on the desk shows it."""

    number: int
    at: datetime
    by: str
    reason: str
    is_embargo: bool


def recalls_of(session: Session, briefing_id: int) -> list[RecallRow]:
    """All recalls of a briefing, the latest first. The caller has seen that the briefing exists for the reader."""
    rows = session.execute(
        sa.select(
            BriefingVersion.number, BriefingRecall.at, Person.name, BriefingRecall.reason, BriefingRecall.is_embargo
        )
        .join(BriefingVersion, BriefingVersion.id == BriefingRecall.version_id)
        .outerjoin(Person, Person.id == BriefingRecall.by_id)
        .where(BriefingRecall.briefing_id == briefing_id)
        .order_by(BriefingRecall.at.desc(), BriefingRecall.id.desc())
    )
    return [RecallRow(number, at, by or "the system", reason, embargo) for number, at, by, reason, embargo in rows]
