"""Noting attempts."""

from datetime import timedelta

from lms.attempts.models import Attempt
from lms.attempts.rules import NOTED_AN_HOUR, What
from lms.frame.work import Work
from lms.limits.services import hit


def note_attempt(work: Work, what: What, *, person_id: int | None = None, page: str = "") -> None:
    """Note it with the network that this work came from. Whoever refuses the request saves it all the same."""
    if hit(work, "attempts noted", f"{what}\0{work.network}", most=NOTED_AN_HOUR, per=timedelta(hours=1)):
        work.session.add(Attempt(at=work.now, what=what, person_id=person_id, network=work.network, page=page))
