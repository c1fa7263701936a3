"""Drafts under a new secret key: sealed afresh, and named afresh.

In random order: where rows stand afterwards tells nothing about people.
"""

from collections.abc import Sequence
from random import SystemRandom

import sqlalchemy as sa

from lms.frame.work import Work
from lms.kit.keys import Keys
from surveys.answers.models import Draft
from surveys.answers.sealing.rules import draft_ids, is_sealed_newly, seal, unseal
from surveys.invitations.models import Invitation

CHANCE = SystemRandom()


def drafts_waiting(work: Work) -> list[tuple[str, str]]:
    """Drafts that are not named and sealed with the key in force, each with what it is called from now on.

    What none of the keys opens keeps its name.
    """
    keys = work.site.settings.keys
    rows = work.session.execute(sa.select(Draft.id, Draft.sealed).execution_options(yield_per=200))
    sealed = {row.id: is_sealed_newly(keys, row.sealed) for row in rows}
    named: dict[str, str] = {}
    for invitation_id in work.session.scalars(sa.select(Invitation.id).order_by(Invitation.id)) if sealed else ():
        new, *old = draft_ids(keys, invitation_id)
        named |= dict.fromkeys((new, *old), new)
    found = [(each, named.get(each, each)) for each, is_new in sealed.items() if not is_new or named.get(each) != each]
    CHANCE.shuffle(found)
    return found


def renew_drafts(work: Work, some: Sequence[tuple[str, str]]) -> int:
    """Seal and name these with the key in force. Whoever saves meanwhile waits, or is waited for."""
    keys, done = work.site.settings.keys, 0
    for old, new in some:
        sealed = work.session.scalar(sa.select(Draft.sealed).where(Draft.id == old).with_for_update(key_share=True))
        answers = None if sealed is None else unseal(keys, sealed)
        if answers is not None:
            fresh = {"id": new, "sealed": seal(keys, answers)}
            work.session.execute(sa.update(Draft).where(Draft.id == old).values(fresh))
            done += 1
    return done


def drafts_prove(work: Work, key: str) -> bool:
    """Whether one of them opens with this key."""
    return any(unseal(Keys(key), each) is not None for each in work.session.scalars(sa.select(Draft.sealed)))
