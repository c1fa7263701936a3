"""The learning points that a report on impact may name."""

from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session

from courses.coverage.reach.queries import events_covering
from reviews.learning.models import LearningPoint
from reviews.learning.queries import shared_points


@dataclass(frozen=True)
class AskedPoint:
    """A learning point, with the events that taught it."""

    id: int
    ref: str
    words: str
    events: frozenset[int]


def points_taught(session: Session) -> list[AskedPoint]:
    """Learning points that anybody may read and an event taught: two queries. The report is handed out."""
    rows = session.execute(
        sa.select(LearningPoint.id, LearningPoint.ref, LearningPoint.heading, LearningPoint.text)
        .where(shared_points())
        .order_by(LearningPoint.ref)
    ).all()
    events = events_covering(session, [row.id for row in rows])
    return [AskedPoint(id_, ref, heading or text, events[id_]) for id_, ref, heading, text in rows if events.get(id_)]
