"""What waits to be matched or to come out, under a new secret key: sealed afresh, and what is named by a hash renamed.

In random order: where rows stand afterwards tells nothing about people.
"""

from collections.abc import Sequence
from random import SystemRandom

import sqlalchemy as sa

from lms.frame.work import Work
from lms.kit.keys import Keys
from surveys.answers.queries import bookings_asked
from surveys.answers.sealing.rules import is_sealed_newly, new_id, practice_ids, seal, unseal
from surveys.pairs.models import SealedPractice, SealedSheet
from surveys.stages.rules import MATCHED

CHANCE = SystemRandom()
Waiting = tuple[bool, str, str]
"""Whether it is matched, what it is called, and what it is called from now on."""


def waiting(work: Work) -> list[Waiting]:
    """What is not named and sealed with the key in force. What none of the keys opens keeps its name."""
    keys = work.site.settings.keys
    named: dict[str, str] = {}
    events = sa.select(SealedPractice.event_id).distinct().order_by(SealedPractice.event_id)
    for event_id in work.session.scalars(events).all():
        for booking_id in bookings_asked(work.session, event_id):
            for stage in MATCHED:
                new, *old = practice_ids(keys, booking_id, stage)
                named |= dict.fromkeys((new, *old), new)
    found: list[Waiting] = [
        (False, row.id, named.get(row.id, row.id))
        for row in work.session.execute(sa.select(SealedPractice.id, SealedPractice.sealed))
        if not is_sealed_newly(keys, row.sealed) or named.get(row.id, row.id) != row.id
    ]
    found += [
        (True, row.id, new_id())
        for row in work.session.execute(sa.select(SealedSheet.id, SealedSheet.sealed))
        if not is_sealed_newly(keys, row.sealed)
    ]
    CHANCE.shuffle(found)
    return found


def renew(work: Work, some: Sequence[Waiting]) -> int:
    """Seal and name these with the key in force."""
    keys, done = work.site.settings.keys, 0
    for is_matched, old, new in some:
        model = SealedSheet if is_matched else SealedPractice
        sealed = work.session.scalar(sa.select(model.sealed).where(model.id == old).with_for_update(key_share=True))
        kept = None if sealed is None else unseal(keys, sealed)
        if kept is not None:
            work.session.execute(sa.update(model).where(model.id == old).values(id=new, sealed=seal(keys, kept)))
            done += 1
    return done


def proves(work: Work, key: str) -> bool:
    """Whether one of them opens with this key."""
    return any(
        unseal(Keys(key), sealed) is not None
        for model in (SealedPractice, SealedSheet)
        for sealed in work.session.scalars(sa.select(model.sealed))
    )
