"""Leavers to look at."""

from collections.abc import Iterator, Sequence

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload

from lms.frame.plugins import WaitingLine
from lms.frame.work import Work
from lms.in_step.leavers.models import UnseenLeaver
from lms.people.models import Person

SHOWN = 30


def unseen_leavers(session: Session) -> Sequence[UnseenLeaver]:
    """Those who left first; the next are shown when these were seen."""
    asked = sa.select(UnseenLeaver).options(joinedload(UnseenLeaver.person).joinedload(Person.agency))
    return session.scalars(asked.order_by(UnseenLeaver.left_at, UnseenLeaver.id).limit(SHOWN)).all()


def how_many(session: Session) -> int:
    """How many there are."""
    return session.scalar(sa.select(sa.func.count()).select_from(UnseenLeaver)) or 0


def find_leavers(work: Work) -> Iterator[WaitingLine]:
    """For the page "Today"."""
    yield WaitingLine(
        how_many(work.session),
        "leaver reported by another system or an agency",
        "leavers reported by another system or an agency",
        "/people/left-elsewhere",
        "what they had open, and what became of it",
    )
