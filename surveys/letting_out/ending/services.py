"""Cutting links, and forgetting drafts that nobody sent or that stayed too few."""

from datetime import timedelta

import sqlalchemy as sa

from courses.programme.events.models import Event
from lms.frame.work import Work
from lms.kit.portions import portions
from lms.kit.working_days import london_date
from surveys.answers.models import Draft
from surveys.answers.sealing.rules import draft_ids
from surveys.invitations.models import Invitation
from surveys.invitations.rules import cut_on
from surveys.pairs.models import SealedPractice
from surveys.selection.rules import FEW_WAIT

UNSENT_KEPT_FOR = timedelta(days=30)


def cut_links(work: Work) -> int:
    """12 months after an event what is still sealed of it goes: nothing leads from a booking to answers any more."""
    events = work.session.execute(
        sa.select(Event.id, Event.ends_at).where(Event.id.in_(sa.select(SealedPractice.event_id))).order_by(Event.id)
    )
    due = [event_id for event_id, ends_at in events if london_date(work.now) >= cut_on(ends_at)]
    for some in portions(due):
        work.session.execute(sa.delete(SealedPractice).where(SealedPractice.event_id.in_(some)))
    return len(due)


def forget_drafts(work: Work) -> int:
    """What was begun and not sent goes 30 days after its survey closed; what was sent and never let out, after a year.

    The latter are a course's fewer than five: nobody may ever see them.
    """
    keys = work.site.settings.keys
    done = 0
    for is_finished, since, until in (
        (False, work.now - FEW_WAIT, work.now - UNSENT_KEPT_FOR),
        (True, work.now - 2 * FEW_WAIT, work.now - FEW_WAIT),
    ):
        ids = work.session.scalars(
            sa.select(Invitation.id)
            .where(Invitation.closes_at >= since, Invitation.closes_at < until)
            .order_by(Invitation.id)
        ).all()
        names = [one for each in ids for one in draft_ids(keys, each)]
        for some in portions(names):
            gone = sa.delete(Draft).where(Draft.id.in_(some), Draft.is_finished.is_(is_finished))
            done += len(work.session.execute(gone.returning(Draft.id)).all())
    return done
