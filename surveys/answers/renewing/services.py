"""Answers under a new secret key: what is sealed is sealed afresh, and what is named by a hash is named afresh.

In random order, and of an event all sheets together: where rows stand afterwards tells nothing about people.
"""

from collections.abc import Sequence
from random import SystemRandom

import sqlalchemy as sa

from lms.frame.work import Work
from lms.kit.keys import Keys
from surveys.answers.models import AnswerSheet, Draft, MatchingSalt
from surveys.answers.queries import bookings_asked
from surveys.answers.sealing.rules import draft_ids, is_sealed_newly, new_id, pseudonyms, seal, unseal
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


def events_waiting(work: Work) -> list[int]:
    """Events whose answers are joined by pseudonyms of a key of before, and may be joined to more."""
    if not work.site.settings.keys.before:
        return []
    found = [event_id for event_id, salt in _salts(work) if _renamed(work, event_id, salt)]
    CHANCE.shuffle(found)
    return found


def renew_events(work: Work, event_ids: Sequence[int]) -> int:
    """Name the answers of these events with the key in force. What is not joined gets another random name with it."""
    done = 0
    for event_id in event_ids:
        salt = work.session.scalar(
            sa.select(MatchingSalt.salt).where(MatchingSalt.event_id == event_id).with_for_update(key_share=True)
        )
        renamed = _renamed(work, event_id, salt) if salt else {}
        names = list(renamed)
        CHANCE.shuffle(names)
        for name in names:
            of_event = AnswerSheet.event_id == event_id, AnswerSheet.pseudonym == name
            work.session.execute(sa.update(AnswerSheet).where(*of_event).values(pseudonym=renamed[name]))
        done += bool(names)
    return done


def events_prove(work: Work, key: str) -> bool:
    """Whether answers of one of them were named with this key."""
    return any(
        pseudonyms(Keys(key), salt, booking_id)[0] in there
        for event_id, salt in _salts(work)
        if (there := _names(work, event_id))
        for booking_id in bookings_asked(work.session, event_id)
    )


def _salts(work: Work) -> list[tuple[int, str]]:
    there = sa.select(MatchingSalt.event_id, MatchingSalt.salt).where(MatchingSalt.salt.is_not(None))
    return [(row.event_id, row.salt) for row in work.session.execute(there.order_by(MatchingSalt.event_id))]


def _names(work: Work, event_id: int) -> set[str]:
    of_event = sa.select(AnswerSheet.pseudonym).where(AnswerSheet.event_id == event_id).distinct()
    return set(work.session.scalars(of_event))


def _renamed(work: Work, event_id: int, salt: str) -> dict[str, str]:
    """What each pseudonym of an event becomes; nothing when none is of a key of before."""
    there = _names(work, event_id)
    by_name: dict[str, str] = {}
    for booking_id in bookings_asked(work.session, event_id) if there else ():
        new, *old = pseudonyms(work.site.settings.keys, salt, booking_id)
        by_name |= dict.fromkeys(old, new) | {new: new}
    if not any(by_name.get(name, name) != name for name in there):
        return {}
    return {name: by_name.get(name) or new_id() for name in there}
