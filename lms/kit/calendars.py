"""Calendar text: the invitation in a letter, and the feed that a calendar subscribes to.

One invitation is one entry, so an event of several days sends one letter per day: of a request with several
UIDs Outlook, which most readers have, reads the first and drops the others. An entry updates and vanishes
by its `uid`, which never changes, and its `sequence`, which rises with every letter about it, the
cancelling one too.

What the mail has to look like: the text is the last part of the multipart/alternative, with the type
`text/calendar; charset=utf-8; method=REQUEST` (or CANCEL, the same as in the text); the letter is from the
organizer's address and goes to the one attendee. A copy to a manager carries no invitation.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Literal

from icalendar import Alarm, Calendar, Event, Timezone, vCalAddress, vText

from lms.kit.working_days import london

Method = Literal["REQUEST", "CANCEL"]

PRODUCT = "-//Golden Thread//Training and learning//EN"
REFRESH_EVERY = timedelta(hours=1)
NOT_TEXT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")

# Written out because Outlook reads yearly rules and misreads the list of single dates that libraries produce.
LONDON_RULES = """\
BEGIN:VTIMEZONE
TZID:Europe/London
X-LIC-LOCATION:Europe/London
BEGIN:STANDARD
DTSTART:19701025T020000
RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=10
TZNAME:GMT
TZOFFSETFROM:+0100
TZOFFSETTO:+0000
END:STANDARD
BEGIN:DAYLIGHT
DTSTART:19700329T010000
RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=3
TZNAME:BST
TZOFFSETFROM:+0000
TZOFFSETTO:+0100
END:DAYLIGHT
END:VTIMEZONE
"""


@dataclass(frozen=True)
class CalendarEntry:
    """One day of an event as it stands in somebody's calendar. Moments are aware."""

    uid: str
    sequence: int
    starts_at: datetime
    ends_at: datetime
    title: str
    location: str
    description: str
    url: str
    changed_at: datetime
    is_cancelled: bool = False
    alarms: tuple[timedelta, ...] = ()  # how long before it begins; a request has none, as programs have their own


def invitation(
    entry: CalendarEntry,
    method: Method,
    *,
    organizer_name: str,
    organizer_email: str,
    attendee_name: str,
    attendee_email: str,
) -> str:
    """The calendar text of a letter to one person: REQUEST puts or moves the entry, CANCEL takes it away.

    The organizer must be the address that the letter is from.
    """
    if method == "REQUEST" and entry.is_cancelled:
        raise ValueError("A cancelled entry is sent with CANCEL.")
    event = _event(entry, is_cancelled=method == "CANCEL", is_busy=True)
    event.add("organizer", _party(organizer_name, organizer_email))
    event.add("attendee", _attendee(attendee_name, attendee_email))
    # An answer to the invitation books and cancels nothing, so no reply and no other time is asked for.
    event.add("x-microsoft-disallow-counter", "TRUE")
    return _text(_calendar(method), [event])


def feed(entries: Iterable[CalendarEntry], name: str, *, is_busy: bool = True) -> str:
    """The text of a calendar to subscribe to.

    `is_busy=False` is for the public list of events, which are not in the reader's own diary.
    """
    calendar = _calendar("PUBLISH")
    calendar.add("name", _one_line(name))
    calendar.add("x-wr-calname", _one_line(name))
    calendar.add("refresh-interval", REFRESH_EVERY, parameters={"VALUE": "DURATION"})
    calendar.add("x-published-ttl", f"PT{REFRESH_EVERY // timedelta(hours=1)}H")
    in_order = sorted(entries, key=lambda entry: (entry.starts_at, entry.uid))
    return _text(calendar, [_published(entry, is_busy=is_busy) for entry in in_order])


def _calendar(method: str) -> Calendar:
    calendar = Calendar()
    calendar.add("version", "2.0")
    calendar.add("prodid", PRODUCT)
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", method)
    return calendar


def _published(entry: CalendarEntry, *, is_busy: bool) -> Event:
    # Most calendars show a cancelled entry of a feed like any other, so the title says it as well.
    shown = replace(entry, title=f"Cancelled: {entry.title}") if entry.is_cancelled else entry
    return _event(shown, is_cancelled=entry.is_cancelled, is_busy=is_busy)


def _event(entry: CalendarEntry, *, is_cancelled: bool, is_busy: bool) -> Event:
    takes_time = is_busy and not is_cancelled
    event = Event()
    event.add("uid", _one_word(entry.uid))
    event.add("sequence", entry.sequence)
    event.add("dtstamp", london(entry.changed_at))
    event.add("last-modified", london(entry.changed_at))
    event.add("dtstart", london(entry.starts_at))
    event.add("dtend", london(entry.ends_at))
    event.add("summary", _one_line(entry.title))
    event.add("status", "CANCELLED" if is_cancelled else "CONFIRMED")
    event.add("transp", "OPAQUE" if takes_time else "TRANSPARENT")
    # Both, because Outlook shows a request as tentative until it is answered and then as what was intended.
    event.add("x-microsoft-cdo-busystatus", "BUSY" if takes_time else "FREE")
    event.add("x-microsoft-cdo-intendedstatus", "BUSY" if takes_time else "FREE")
    _add_if_any(event, "location", _one_line(entry.location))
    _add_if_any(event, "description", _with_link(entry))
    _add_if_any(event, "url", _one_word(entry.url))
    for before in () if is_cancelled else entry.alarms:
        event.add_component(_alarm(before, _one_line(entry.title)))
    return event


def _alarm(before: timedelta, title: str) -> Alarm:
    alarm = Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("description", title)
    alarm.add("trigger", -before)
    return alarm


def _add_if_any(event: Event, name: str, text: str) -> None:
    if text:
        event.add(name, text)


def _attendee(name: str, email: str) -> vCalAddress:
    attendee = _party(name, email)
    attendee.params["CUTYPE"] = "INDIVIDUAL"
    attendee.params["ROLE"] = "REQ-PARTICIPANT"
    attendee.params["PARTSTAT"] = "NEEDS-ACTION"
    attendee.params["RSVP"] = "FALSE"
    return attendee


def _party(name: str, email: str) -> vCalAddress:
    address = _one_word(email)
    party = vCalAddress(f"mailto:{address}")
    # A double quote or a caret in a parameter needs an escape (RFC 6868) that Outlook does not read.
    party.params["CN"] = vText(_one_line(name).replace('"', "'").replace("^", "") or address)
    return party


def _text(calendar: Calendar, events: list[Event]) -> str:
    calendar.add_component(Timezone.from_ical(LONDON_RULES))
    for event in events:
        calendar.add_component(event)
    text: bytes = calendar.to_ical()
    return text.decode()


def _with_link(entry: CalendarEntry) -> str:
    """The description, ending with the address of the page: Outlook does not show the URL of an entry."""
    description, url = _paragraphs(entry.description), _one_word(entry.url)
    return description if url in description else f"{description}\n\n{url}".strip()


def _paragraphs(text: str) -> str:
    """Text that keeps its line breaks and loses what is no text."""
    return NOT_TEXT.sub(" ", text.replace("\r\n", "\n").replace("\r", "\n")).strip()


def _one_line(text: str) -> str:
    return " ".join(NOT_TEXT.sub(" ", text).split())


def _one_word(text: str) -> str:
    return _one_line(text).replace(" ", "")
