"""Noting leavers of other systems for the office, and looking at them."""

from collections.abc import Collection

import sqlalchemy as sa

from lms.frame.locks import for_update
from lms.frame.work import Work
from lms.in_step.leavers.models import UnseenLeaver
from lms.people.facts import PersonLeft


def note_leaver(work: Work, fact: PersonLeft) -> None:
    """Another system, or an agency's lead, said that somebody has left who had something open.

    Whoever of the office says it on a page sees it there.
    """
    is_office = work.actor.person_id is not None and work.actor.may("people.manage")
    if fact.said and not is_office and not work.actor.is_program:
        work.session.add(
            UnseenLeaver(person_id=fact.person_id, left_at=work.now, said_by=work.actor.name, said=list(fact.said))
        )


def mark_seen(work: Work, ids: Collection[int]) -> int:
    """The office has seen these; how many were still there."""
    asked = sa.select(UnseenLeaver).where(UnseenLeaver.id.in_(ids)).order_by(UnseenLeaver.id)
    seen = work.session.scalars(for_update(asked)).all()
    for leaver in seen:
        work.record("leaver of another system seen", leaver, person_id=leaver.person_id)
        work.session.delete(leaver)
    return len(seen)
