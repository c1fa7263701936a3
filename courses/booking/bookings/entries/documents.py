"""A booking's days as calendar entries: one UID per booking and event day, for life."""

from dataclasses import replace
from datetime import timedelta
from urllib.parse import urlsplit

from courses.booking.bookings.models import Booking
from courses.booking.bookings.rules import calendar_uid
from courses.facts import RemovedDay
from courses.programme import words
from courses.programme.events.models import EventDay
from lms.frame.work import Work
from lms.kit.calendars import CalendarEntry, Method, invitation
from lms.kit.letters import CalendarPart
from lms.kit.names import read_mailbox

NOT_CANCELLED_BY_DECLINING = "Declining this invitation does not cancel your booking. Cancel at the address below."


def entries(work: Work, booking: Booking, alarms: tuple[timedelta, ...] = ()) -> list[CalendarEntry]:
    """Every day of the booking's event, as the letters show it, stamped with when it last changed and not with now:
    whoever asks again reads the same."""
    changed_at = max(filter(None, (booking.booked_at, booking.changed_at, booking.event.changed_at)))
    days = (entry_of_day(work, booking, day) for day in booking.event.days)
    return [replace(each, changed_at=changed_at, alarms=alarms) for each in days]


def entry_of_day(work: Work, booking: Booking, day: EventDay) -> CalendarEntry:
    """One day; its sequence is the booking's, which rises with every letter about it."""
    numbered = f" (day {day.number} of {len(booking.event.days)})" if len(booking.event.days) > 1 else ""
    return CalendarEntry(
        uid=_uid(work, booking, day.id),
        sequence=booking.calendar_sequence,
        starts_at=day.starts_at,
        ends_at=day.ends_at,
        title=booking.event.version.title + numbered,
        location=words.place_of_day(day),
        description=_with_the_link(booking, day),
        url=_address(work, booking),
        changed_at=work.now,
    )


def _with_the_link(booking: Booking, day: EventDay) -> str:
    """Whoever holds a place has the link to join in their calendar, as it is now."""
    may_join = booking.place_number is not None and day.online_url
    return f"Join online: {day.online_url}\n\n{NOT_CANCELLED_BY_DECLINING}" if may_join else NOT_CANCELLED_BY_DECLINING


def entry_gone(work: Work, booking: Booking, day: RemovedDay) -> CalendarEntry:
    """A day that the event no longer has, to be taken out of the calendar."""
    return CalendarEntry(
        uid=_uid(work, booking, day.day_id),
        sequence=booking.calendar_sequence,
        starts_at=day.starts_at,
        ends_at=day.ends_at,
        title=booking.event.version.title,
        location="",
        description="This day is no longer part of the event.",
        url=_address(work, booking),
        changed_at=work.now,
    )


def calendar_part(work: Work, booking: Booking, entry: CalendarEntry, method: Method) -> CalendarPart:
    """The invitation of a letter: from the partnership, to this delegate alone."""
    name, address = read_mailbox(work.site.settings.mail_from)
    text = invitation(
        entry,
        method,
        organizer_name=name,
        organizer_email=address,
        attendee_name=booking.person.name,
        attendee_email=booking.person.email or address,
    )
    return CalendarPart(method=method, text=text)


def _uid(work: Work, booking: Booking, day_id: int) -> str:
    return calendar_uid(booking.id, day_id, urlsplit(work.site.settings.base_url).hostname or "localhost")


def _address(work: Work, booking: Booking) -> str:
    return f"{work.site.settings.base_url}/bookings/{booking.id}"
