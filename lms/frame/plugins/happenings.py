"""What happens by itself: recurring work, what hears a fact, what must be true, and invented records."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any

from lms.frame.work import Work
from lms.mail.models import OutboxLetter

Portion = Callable[[Work], bool | None]
"""A part of a job's work, saved by itself. True when there is more, for which it is called again."""


@dataclass(frozen=True)
class Job:
    """Recurring work, safe to run twice. Either `every` so often, or `daily_at` a London wall time.

    `run(work)` does it all, or answers portions, one for each event say: each is saved by itself, so that nobody waits
    for the whole; one that met others runs again, and one that fails stops no other.
    """

    name: str
    words: str
    run: Callable[[Work], Iterable[Portion] | None]
    every: timedelta | None = None
    daily_at: time | None = None


@dataclass(frozen=True)
class Listener:
    """`hear(work, fact)` is called for each fact of this very class, inside the transaction that told it."""

    fact: type
    hear: Callable[[Work, Any], None]


@dataclass(frozen=True)
class StillTrue:
    """Asks again, whenever a letter is about to go, whether what it says is still so.

    `kinds` are those of the letters. `why_not(work, letter)` answers "" when it may go, and otherwise a sentence for
    the list of letters; `letter.booking_id` and the like say what it is about. It reads and changes nothing.
    """

    kinds: frozenset[str]
    why_not: Callable[[Work, OutboxLetter], str]


@dataclass(frozen=True)
class OwnLinks:
    """What a letter carries for nobody but the person whom it is to: links by which they act without a code.

    `kinds` are those of the letters. `find(work, letter, address)` answers values for the words, signed for this
    address, each time that the letter goes. They are written down nowhere, and the office reads letters without them;
    so the templates say `own_token | default("")`. It reads and changes nothing.
    """

    kinds: frozenset[str]
    find: Callable[[Work, OutboxLetter, str], Mapping[str, Any]]


@dataclass(frozen=True)
class Answer:
    """`say(work, asked)` answers each question of this very class (`lms.kit.questions`). One plugin answers each."""

    question: type
    say: Callable[[Work, Any], Any]


@dataclass(frozen=True)
class Check:
    """Something that must be true. `find(work)` names what breaks it, one line each; nothing means that all is well.

    `repair(work)` is for `lms check --repair NAME`: it answers mends, one for each thing that is wrong.
    """

    name: str
    words: str
    find: Callable[[Work], Iterable[str]]
    repair: Callable[[Work], Iterable["Mend"]] | None = None


Mend = Callable[[Work], str]
"""Looks again at one thing under its lock, makes it right, notes that in the audit, and says what it did.

"" when there is nothing to mend any more. Each is a unit of work of its own.
"""


@dataclass(frozen=True)
class Keyed:
    """What stands in the database under the secret key and outlives a new one: `lms keys rotate` puts it under that.

    `waiting(work)` are those that do not stand under the key in force, in an order that tells nothing; `renew(work,
    some)` puts these under it, leaves what no key opens, and answers how many it put. `proves(work, key)` answers
    whether something there was certainly made with this key: nothing is put under another before that.
    """

    name: str
    words: str
    waiting: Callable[[Work], Sequence[Any]]
    renew: Callable[[Work, Sequence[Any]], int]
    proves: Callable[[Work, str], bool] | None = None


@dataclass(frozen=True)
class LinksOut:
    """A kind of signed link that letters and sheets carry. Nothing here keeps one, so none is put under a new key.

    `until(work, since)` is the last moment at which one works that was signed before `since`; None when none does.
    Without `until` such links never end.
    """

    salt: str
    words: str
    until: Callable[[Work, datetime], datetime | None] | None = None


@dataclass(frozen=True)
class Demonstration:
    """Invented records for the demonstration partnership, loaded in `position` order; deterministic."""

    load: Callable[[Work], None]
    position: int
