"""The letters that say that something was undone."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from courses.booking.bookings.entries.documents import entry_of_day
from courses.booking.bookings.letters import calendar_day, confirmation, to_delegate, with_managers_copy
from courses.booking.bookings.models import Booking
from lms.frame.work import Work
from lms.mail.letters import Letter

WITHOUT_COPY = "courses.managers_copy"


def booking_restored(
    work: Work, booking: Booking, said: Mapping[str, Any], *, kind: str = "", with_manager: bool
) -> list[Letter]:
    """The booking stands again; its entries are back in the calendar. `kind`: the first letter, for whoever heard
    neither that they had a place nor that it had gone."""
    return _copied(confirmation(work, kind or "booking_restored", booking, said), with_manager=with_manager)


def place_returned(work: Work, booking: Booking, said: Mapping[str, Any], *, with_manager: bool) -> list[Letter]:
    """To the colleague: the place that they had went back to whoever gave it."""
    letter = to_delegate(work, "place_returned", booking)
    letter = replace(letter, context={**letter.context, **said})
    return _copied(with_managers_copy(work, letter, booking, "CANCEL"), with_manager=with_manager)


def days_gone(work: Work, booking: Booking) -> list[Letter]:
    """Each day of a booking leaves the calendar by a letter of its own, where another letter says why."""
    days = booking.event.days
    return [calendar_day(work, booking, day.id, entry_of_day(work, booking, day), "CANCEL") for day in days]


def _copied(letters: list[Letter], *, with_manager: bool) -> list[Letter]:
    return letters if with_manager else [each for each in letters if each.kind != WITHOUT_COPY]
