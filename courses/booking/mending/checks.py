"""What must be true of deadlines, for `lms check`."""

from collections.abc import Iterator

from courses.booking.mending.services import deadlines_too_early
from lms.frame.work import Work


def deadlines(work: Work) -> Iterator[str]:
    """A live claim that would be late earlier than its terms say. One free for longer was promised that in a letter."""
    for booking in deadlines_too_early(work):
        yield f"Event {booking.event.ref}: booking {booking.id} is free of charge for too short a time."
