"""How an event's dates, times and places read, wherever they are shown."""

from courses.programme.events.changes.rules import THE_LINK_FOLLOWS
from courses.programme.events.models import Event, EventDay
from lms.kit import words


def when(event: Event) -> str:
    """Thursday 9 April 2026, 09:30 to 16:00."""
    return words.days_and_times([(day.starts_at, day.ends_at) for day in event.days])


def first_day(event: Event) -> str:
    """Thursday 9 April 2026."""
    return words.long_date(event.starts_at)


def where(event: Event) -> str:
    """As lists show it: the venue's name, or "Online". Several places are joined."""
    return words.listed(dict.fromkeys(_place(day) for day in event.days))


def where_in_full(event: Event) -> list[str]:
    """As letters and joining instructions show it: each place once, with its address."""
    return list(dict.fromkeys(_place_in_full(day) for day in event.days))


def place_of_day(day: EventDay) -> str:
    """Where one day is, with its address, for a calendar entry."""
    return _place_in_full(day)


def _place(day: EventDay) -> str:
    if day.venue is not None:
        return day.venue.name
    return "Online" if day.online_url else THE_LINK_FOLLOWS


def _place_in_full(day: EventDay) -> str:
    if day.venue is not None and day.venue.address:
        return f"{day.venue.name.split(',')[0]}, {day.venue.address}"
    return _place(day)
