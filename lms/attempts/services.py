"""Noting attempts."""

from datetime import timedelta

from lms.attempts.models import Attempt
from lms.attempts.rules import NOTED_AN_HOUR, What
from lms.frame.work import Work
from lms.limits.services import hit


def note_attempt(work: Work, what: What, *, person_id: int | None = None, page: str = "") -> None:
    """Note it with the network that this work came from. Whoever refuses the request saves it all the same."""
    if is_noted_still(work, what):
        work.session.add(attempt_of(work, what, person_id=person_id, page=page))


def is_noted_still(work: Work, what: What) -> bool:
    """Count one more of this network: whether there are few enough to note it. Asks on a connection of its own."""
    return hit(work, "attempts noted", f"{what}\0{work.network}", most=NOTED_AN_HOUR, per=timedelta(hours=1))


def attempt_of(work: Work, what: What, *, person_id: int | None, page: str) -> Attempt:
    """What is noted, to be added to a session."""
    return Attempt(at=work.now, what=what, person_id=person_id, network=work.network, page=page)
