"""What observations keep of a person: as trainer, as observer, as who asked."""

from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa

from lms.frame.work import Work
from surveys.observation.models import Observation
from surveys.observation.rules import ITEMS, RATINGS

TABLES = ("survey_observation",)
ERASED_TEXT = "Erased"


def export(work: Work, person_id: int) -> Mapping[str, Any]:
    """Observations of their training, and those that they wrote."""
    rows = work.session.scalars(
        sa.select(Observation)
        .where(sa.or_(Observation.trainer_id == person_id, Observation.observer_id == person_id))
        .where(sa.or_(Observation.written_at.is_not(None), Observation.observer_id == person_id))
        .order_by(Observation.id)
    )
    return {
        "Observations of training": [
            {
                "Part": "trainer" if each.trainer_id == person_id else "observer",
                "To be written by": each.due_on.isoformat(),
                "Ratings": {ITEMS[item]: RATINGS[number] for item, number in each.ratings.items() if item in ITEMS},
                "What went well": each.went_well,
                "To try next time": each.to_develop,
                "Answer": each.response,
            }
            for each in rows
        ]
    }


def erase(work: Work, person_id: int) -> None:
    """The words about a trainer go with the trainer; that there was an observation stays."""
    of_them = Observation.trainer_id == person_id
    session = work.session
    written = sa.and_(of_them, Observation.written_at.is_not(None))
    session.execute(sa.update(Observation).where(written).values(went_well=ERASED_TEXT, to_develop="", ratings={}))
    session.execute(
        sa.update(Observation).where(of_them, Observation.responded_at.is_not(None)).values(response=ERASED_TEXT)
    )
    unwritten = sa.or_(of_them, Observation.observer_id == person_id), Observation.written_at.is_(None)
    session.execute(sa.delete(Observation).where(*unwritten))
