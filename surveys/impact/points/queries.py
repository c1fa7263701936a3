"""The learning points that a report on impact may name."""

from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session

from courses.coverage.reach.queries import events_covering
from lms.frame.access import PUBLIC
from reviews.learning.models import LearningPoint
from reviews.learning.queries import visible_points


@dataclass(frozen=True)
class AskedPoint:
    """A learning point, with the events that taught it."""

    id: int
    ref: str
    words: str
    events: frozenset[int]


def points_taught(session: Session) -> list[AskedPoint]:
    """Agreed learning points in force that an event taught: two queries. Under an embargo, none, whoever asks."""
    rows = session.execute(
        sa.select(LearningPoint.id, LearningPoint.ref, LearningPoint.heading, LearningPoint.text)
        .where(visible_points(PUBLIC), LearningPoint.agreed_on.is_not(None), LearningPoint.superseded_on.is_(None))
        .order_by(LearningPoint.ref)
    ).all()
    events = events_covering(session, [row.id for row in rows])
    return [AskedPoint(id_, ref, heading or text, events[id_]) for id_, ref, heading, text in rows if events.get(id_)]
