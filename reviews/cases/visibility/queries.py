"""Which reviews somebody sees: those under embargo are for few."""

import sqlalchemy as sa
from sqlalchemy.orm import Session

from lms.frame.access import PUBLIC, Actor
from reviews.cases.models import Review
from reviews.cases.rules import Publication
from reviews.cases.visibility.models import Embargo
from reviews.permissions import READ_EMBARGOED


def sees_embargoed(actor: Actor) -> bool:
    """People by their roles. Programs never: what a job or a command makes goes to places that nobody watches."""
    return not actor.is_program and actor.may(READ_EMBARGOED)


def visible_to(actor: Actor) -> sa.ColumnElement[bool]:
    """Which reviews exist for this reader."""
    return sa.true() if sees_embargoed(actor) else Review.publication != Publication.EMBARGOED


def visible_review_ids(actor: Actor) -> sa.Select[int]:
    """The same as a subquery, for whatever belongs to a review."""
    return sa.select(Review.id).where(visible_to(actor))


def is_open_to_all(session: Session, review_id: int) -> bool:
    """Whether what is said of this review could be said to anybody."""
    found = session.scalar(sa.select(Review.id).where(Review.id == review_id, visible_to(PUBLIC)))
    return found is not None


def standing_embargo(session: Session, review_id: int) -> Embargo | None:
    """The embargo that stands on a review."""
    return session.scalar(sa.select(Embargo).where(Embargo.review_id == review_id, Embargo.lifted_at.is_(None)))
