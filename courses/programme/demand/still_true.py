"""Whether there still is the date that somebody who asked for one is told of."""

from courses.programme.courses.models import Interest
from courses.programme.events.models import Event
from courses.programme.events.rules import EventState
from lms.frame.plugins import StillTrue
from lms.frame.work import Work
from lms.mail.models import OutboxLetter

NO_LONGER_ASKS = "Not sent: they no longer ask for a date."
NO_SUCH_DATE = "Not sent: the event has another date now, or none."


def why_not(work: Work, letter: OutboxLetter) -> str:
    """Whoever has a place by now has stopped asking."""
    interest = work.session.get(Interest, letter.context["interest_id"])
    if interest is None or interest.closed_at is not None:
        return NO_LONGER_ASKS
    event = work.session.get(Event, letter.event_id)
    is_on = event is not None and event.state is EventState.PUBLISHED and event.told_version == letter.event_version
    return "" if is_on else NO_SUCH_DATE


STILL_TRUE = StillTrue(frozenset({"courses.date_published"}), why_not)
