"""ONE function decides which reviews somebody sees; every query about reviews, points and actions is built on it."""

from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload

from lms.frame.access import Actor
from lms.kit.errors import NotFound
from reviews.cases.models import Review
from reviews.cases.visibility.models import Embargo
from reviews.cases.visibility.queries import visible_review_ids
from reviews.embargoes.models import Release


def embargoes_of(session: Session, review_id: int) -> list[Embargo]:
    """All that there were, the latest first."""
    return list(
        session.scalars(sa.select(Embargo).where(Embargo.review_id == review_id).order_by(Embargo.set_at.desc()))
    )


def releases_of(session: Session, review_id: int) -> list[Release]:
    """What was proposed to be shared from under the embargo, and what became of it."""
    return list(
        session.scalars(
            sa.select(Release)
            .where(Release.review_id == review_id)
            .options(joinedload(Release.released))
            .order_by(Release.id)
        )
    )


def find_release(session: Session, actor: Actor, release_id: int) -> Release:
    """A proposal of a review that exists for this reader. Raises NotFound."""
    found = session.scalar(
        sa.select(Release).where(Release.id == release_id, Release.review_id.in_(visible_review_ids(actor)))
    )
    if found is None:
        raise NotFound("We cannot find that proposal. The review shows them all.")
    return found


@dataclass(frozen=True)
class EmbargoRow:
    """An embargo that stands, as the officers' list shows it."""

    review_id: int
    ref: str
    title: str
    reason: str
    look_again_on: date
    set_by_name: str
    to_decide: int


def standing_embargoes(session: Session) -> list[EmbargoRow]:
    """Every embargo that stands, the one to look at first on top. Only for those who see embargoed reviews."""
    waiting = (
        sa.select(sa.func.count())
        .where(Release.review_id == Embargo.review_id, Release.decided_at.is_(None))
        .scalar_subquery()
    )
    rows = session.execute(
        sa.select(
            Review.id, Review.ref, Review.title, Embargo.reason, Embargo.look_again_on, Embargo.set_by_name, waiting
        )
        .join(Embargo, Embargo.review_id == Review.id)
        .where(Embargo.lifted_at.is_(None))
        .order_by(Embargo.look_again_on, Review.ref)
    )
    return [EmbargoRow(*row) for row in rows]
