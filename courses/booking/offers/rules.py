"""What may still be answered. Pure."""

from datetime import datetime

from courses.booking.bookings.life import OFFER_OVER
from lms.kit.errors import Conflict


def check_can_answer(*, is_open: bool, open_until: datetime, is_running: bool, now: datetime) -> None:
    """Refuse in words an answer that comes too late, or to something that is not offered any more."""
    if not is_open or not is_running or now >= open_until:
        raise Conflict(OFFER_OVER)
