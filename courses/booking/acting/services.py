"""What somebody does to their own booking by the link of a letter: what they do signed in, and they read that it was
done."""

from courses.booking.acting.letters import ChangedByLink, changed_by_link
from courses.booking.acting.rules import replaced
from courses.booking.bookings.models import Booking
from courses.booking.bookings.services import change_needs
from lms.frame.work import Work


def write_needs(
    work: Work, booking: Booking, *, needs: str, food: str, phone_on_day: str, is_emptied: bool = False
) -> Booking:
    """What they need from here on, written by whoever is not shown what we have."""
    kept = booking.needs
    change_needs(
        work,
        booking,
        needs=replaced(needs, kept.needs if kept else "", is_emptied=is_emptied),
        food=replaced(food, kept.food if kept else "", is_emptied=is_emptied),
        phone_on_day=replaced(phone_on_day, booking.phone_on_day, is_emptied=is_emptied),
    )
    work.send(changed_by_link(work, booking, ChangedByLink.NEEDS))
    return booking
