"""What must be true of observations, for `lms check`."""

from collections.abc import Iterator

import sqlalchemy as sa

from lms.frame.work import Work
from surveys.observation.models import Observation
from surveys.observation.rules import RATINGS


def ratings_that_are_none(work: Work) -> Iterator[str]:
    """Every rating is one of the form's."""
    written = sa.select(Observation.id, Observation.ratings).where(Observation.written_at.is_not(None))
    for observation_id, ratings in work.session.execute(written.order_by(Observation.id)):
        if wrong := sorted(item for item, rating in ratings.items() if rating not in RATINGS):
            yield f"Observation {observation_id}: its rating of {wrong[0]} is none of the form's."
