"""Counting tries from a service: registrations for a mailbox, wrong numbers of certificates, codes asked for.

`what` names the limit ("register: mailbox"), `who` is whatever is counted: an address, a person, one for all.
Only a digest of the two is kept, and it goes when its window has ended. Counts stand although the request is refused
or undone, and all processes share them. Views guard by decorators instead: see `lms.limits.limiter`.
"""

from dataclasses import dataclass
from datetime import timedelta
from math import ceil

from lms.frame.work import Work
from lms.limits.store import Store


@dataclass(frozen=True)
class Tally:
    """How many tries there were in the window that runs, and how many seconds it still lasts."""

    number: int
    seconds_left: int


def tally(work: Work, what: str, who: object, *, per: timedelta) -> Tally:
    """Count one try, and say how the count stands."""
    number, until = _store(work).add_until(_counted(what, who), per=per, now=work.now)
    return Tally(number, max(ceil(until - work.now.timestamp()), 1))


def hit(work: Work, what: str, who: object, *, most: int, per: timedelta) -> bool:
    """Count one try; whether it is still within `most` in the window `per`, which the first try begins."""
    return _store(work).add(_counted(what, who), per=per, now=work.now) <= most


def is_spent(work: Work, what: str, who: object, *, most: int) -> bool:
    """Whether there were `most` already, without counting: where only wrong tries are counted, ask this first."""
    return count(work, what, who) >= most


def count(work: Work, what: str, who: object) -> int:
    """How many tries were counted in the window that runs."""
    return _store(work).number(_counted(what, who), now=work.now)


def hold_off(work: Work, what: str, who: object, *, per: timedelta) -> None:
    """Let somebody wait: `seconds_left` counts down from now on, unless they wait already."""
    _store(work).add(_counted(what, who), per=per, now=work.now)


def seconds_left(work: Work, what: str, who: object) -> int:
    """How long the window that runs still lasts, rounded up; 0 when none runs."""
    return ceil(_store(work).until(_counted(what, who), now=work.now) - work.now.timestamp())


def forget(work: Work, what: str, who: object) -> None:
    """Begin to count afresh: the office lifts a cap, or somebody got it right."""
    _store(work).forget(_counted(what, who))


def sweep(work: Work) -> None:
    """Take away the counts that have ended."""
    _store(work).sweep(now=work.now)


def _store(work: Work) -> Store:
    return Store(work.session.get_bind().engine, work.site.settings.secret_key)


def _counted(what: str, who: object) -> str:
    return f"{what}\0{who}"
