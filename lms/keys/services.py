"""A new secret key: whether those that the settings name are this database's, and that all stands under the newest.

A key is used to lock anything afresh only when it is known here, or has opened something here. A wrong one would open
some things to nonsense without a word, and they would be lost.
"""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, cast

import sqlalchemy as sa

from lms.frame.plugins import Keyed, LinksOut
from lms.frame.work import Work
from lms.keys.models import KnownKey
from lms.kit.errors import Conflict
from lms.kit.keys import key_mark
from lms.partnership.queries import the_partnership
from lms.sessions.rules import LONGEST_SESSION


@dataclass(frozen=True)
class StillOut:
    """Links that were signed before: the last moment at which one works, or None when they never end."""

    words: str
    until: datetime | None


def keyed(work: Work) -> tuple[Keyed, ...]:
    """Everything that stands under the secret key, of every plugin."""
    return cast(tuple[Keyed, ...], work.site.keyed)


def note_first_key(work: Work) -> None:
    """Remember under which key a database stands that has none noted: a fresh one, or one of an earlier release."""
    if work.session.scalar(sa.select(sa.exists().select_from(KnownKey))):
        return
    oldest = work.site.settings.keys.all[-1]
    if _opened_something(work, oldest) or not any(each.waiting(_under_alone(work, oldest)) for each in keyed(work)):
        work.session.add(KnownKey(mark=key_mark(oldest), known_at=work.now))


def check_keys(work: Work, *, is_lost: bool = False) -> None:
    """Refuse to lock anything afresh with a key that is not this database's. Raises Conflict.

    `is_lost`: the key under which the database stood is gone, and what it closed is given up.
    """
    if not is_lost and not stands_under_named(work):
        raise Conflict(
            "Nothing was changed: this database stands under a secret key that is neither LMS_SECRET_KEY nor in "
            "LMS_SECRET_KEYS_BEFORE. Name the one that LMS_SECRET_KEY was before."
        )
    keys, known = work.site.settings.keys, set(work.session.scalars(sa.select(KnownKey.mark)))
    if not any(each.waiting(work) for each in keyed(work)):
        return
    unsure = keys.before or (() if known else (keys.now,))
    for number, key in enumerate(unsure, start=1):
        if key_mark(key) not in known and not _opened_something(work, key):
            named = f"key number {number} in LMS_SECRET_KEYS_BEFORE" if keys.before else "LMS_SECRET_KEY"
            raise Conflict(
                f"Nothing was changed: {named} has opened nothing in this database. Enter it exactly as LMS_SECRET_KEY "
                "was, or take it away."
            )


def stands_under_named(work: Work) -> bool:
    """Whether the key under which this database stood last is one of those that the settings name."""
    newest = _newest(work)
    return newest is None or newest.mark in {key_mark(each) for each in work.site.settings.keys.all}


def note_rotated(work: Work, done: dict[str, int]) -> None:
    """Remember that all stands under the key in force, with an audit line where something was done for it."""
    mark, newest = key_mark(work.site.settings.keys.now), _newest(work)
    if newest is None or newest.mark != mark:
        there = work.session.get(KnownKey, mark) or KnownKey(mark=mark)
        there.known_at = work.now
        work.session.add(there)
    if any(done.values()):
        work.record("secret key rotated", the_partnership(work.session), put_under_it=done)


def links_out(work: Work) -> list[StillOut]:
    """What was signed before everything stood under the key in force, and works as long as its key is named."""
    newest = _newest(work)
    is_done = newest is not None and newest.mark == key_mark(work.site.settings.keys.now)
    since = newest.known_at if newest is not None and is_done else work.now
    found = [StillOut("sessions and open pages", since + LONGEST_SESSION)]
    for links in cast(tuple[LinksOut, ...], work.site.links):
        if links.until is None:
            found.append(StillOut(links.words, None))
        elif (last := links.until(work, since)) is not None:
            found.append(StillOut(links.words, last))
    return [each for each in found if each.until is None or each.until > work.now]


def _newest(work: Work) -> KnownKey | None:
    return work.session.scalar(sa.select(KnownKey).order_by(KnownKey.known_at.desc(), KnownKey.mark).limit(1))


def _opened_something(work: Work, key: str) -> bool:
    return any(each.proves is not None and each.proves(work, key) for each in keyed(work))


def _under_alone(work: Work, key: str) -> Work:
    site: Any = work.site
    its = replace(site, settings=replace(site.settings, secret_key=key, secret_keys_before=()))
    return Work(session=work.session, actor=work.actor, now=work.now, site=its)
