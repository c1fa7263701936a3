"""Reading what is under embargo leaves a line in the audit. This is the only place that writes it.

A page that is only read runs in a transaction in which the database refuses every write, so the line has a small
transaction of its own. It is committed before the page is shown: when it cannot be written, nothing is shown.
"""

from collections.abc import Iterable
from dataclasses import replace

import sqlalchemy as sa

from lms.frame.db import READING, writing
from lms.frame.work import Work
from reviews.cases.models import Review
from reviews.cases.rules import Publication
from reviews.cases.visibility.queries import sees_embargoed


def note_reading(work: Work, review_ids: Iterable[int | None], where: str) -> None:
    """Write down that this reader saw something of these reviews, for those of them that are under embargo."""
    ids = {each for each in review_ids if each is not None}
    if not ids or not sees_embargoed(work.actor):
        return
    embargoed = sa.select(Review).where(Review.id.in_(ids), Review.publication == Publication.EMBARGOED)
    read = work.session.scalars(embargoed.order_by(Review.id)).all()
    connection = work.session.connection()
    if read and READING.items() <= connection.get_execution_options().items():
        with writing(connection.engine) as session:
            _record(replace(work, session=session), read, where)
    else:
        _record(work, read, where)


def _record(work: Work, reviews: Iterable[Review], where: str) -> None:
    for review in reviews:
        work.record("embargoed review read", review, is_confidential=True, where=where)
