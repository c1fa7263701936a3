"""What somebody says on the one page, how it is kept until the code, and what that page is called. Pure."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from courses.booking.bookings.rules import BookingRequest, BookingSource, ManagerSaid
from courses.programme.events.rules import EventStage

LATELY_MONTHS = 12
"""Where a course says nothing about refreshing, whoever came within a year came lately."""


class Asks(StrEnum):
    """What the page asks for."""

    PLACE = "place"
    LIST = "list"
    AGREEMENT = "agreement"  # the course asks line managers first


@dataclass(frozen=True)
class PageWords:
    """What a page is called, its button, and the way out."""

    title: str
    button: str
    leave: str
    wants: str


WORDS = {
    Asks.PLACE: PageWords("Book a place", "Book my place", "Leave without booking", "a place on"),
    Asks.LIST: PageWords("Join the waiting list", "Join the waiting list", "Leave without joining", "a place on"),
    Asks.AGREEMENT: PageWords("Ask for a place", "Ask for my place", "Leave without asking", "a place on"),
}


@dataclass(frozen=True)
class PlaceWanted:
    """What somebody asks for. `keeps_needs`: their tick, None where it was not asked of somebody known."""

    manager: ManagerSaid = ManagerSaid.NEW
    request: BookingRequest = field(default_factory=BookingRequest)
    keeps_needs: bool | None = None
    saw_place: bool = False

    def said(self) -> dict[str, Any]:
        """As it is kept until the code is typed."""
        return asdict(self)


def wanted_of(said: Mapping[str, Any]) -> PlaceWanted:
    """What was kept, again."""
    request = BookingRequest(**{**said["request"], "source": BookingSource.DELEGATE})
    return PlaceWanted(ManagerSaid(said["manager"]), request, said["keeps_needs"], said["saw_place"])


@dataclass(frozen=True)
class LastTime:
    """What a person said when they last booked."""

    manager_name: str = ""
    manager_email: str = ""
    phone: str = ""


def with_manager(wanted: PlaceWanted, last: LastTime) -> BookingRequest | None:
    """The request with the manager who is meant. None where the one of last time is meant and there was none."""
    match wanted.manager:
        case ManagerSaid.NEW:
            return wanted.request
        case ManagerSaid.NONE:
            return replace(wanted.request, manager_name="", manager_email="")
        case ManagerSaid.LAST:
            named = replace(wanted.request, manager_name=last.manager_name, manager_email=last.manager_email)
            return named if last.manager_email else None


def what_is_asked(*, needs_approval: bool, left: int) -> Asks:
    """What the page asks for: places that are left, the list, or the manager's agreement first."""
    if needs_approval:
        return Asks.AGREEMENT
    return Asks.PLACE if left else Asks.LIST


NOT_NOW = {
    EventStage.CANCELLED: ("This event is cancelled", "It will not take place, so no one can book it."),
    EventStage.POSTPONED: ("This event is postponed", "There is no new date yet. You can book when there is one."),
    EventStage.CLOSED: ("Booking has closed", "The training team can still tell you whether a place is free."),
    EventStage.UNDER_WAY: ("This event has started", "You can no longer book it."),
    EventStage.HELD: ("This event is over", "It has already taken place."),
    EventStage.DELIVERED: ("This event is over", "It has already taken place."),
}
"""Why nobody can book now: a heading and a sentence, by where the event stands."""


def audience_words(mine: str, audience: list[str]) -> str:
    """Said to whoever does other work than a course is for."""
    return f"This course is meant for {', '.join(audience)}, and your kind of work is {mine}."


def lately_words(on: str) -> str:
    """Said to whoever has attended a course not long ago."""
    return f"You attended this course on {on}."


def first_words(missing: list[str]) -> str:
    """Said to whoever has not done what a course asks for."""
    return f"People should have done this first: {'; '.join(missing)}. We have no record that you have."


def is_lately(ended_on: date, today: date, months: int) -> bool:
    """Whether a day is fewer than so many months ago."""
    gone = (today.year - ended_on.year) * 12 + today.month - ended_on.month - (today.day < ended_on.day)
    return gone < months


def turn_since(confirmed_at: datetime | None, asked_at: datetime) -> datetime:
    """From when a turn counts: from when the address was proved, not from when somebody typed it."""
    return confirmed_at or asked_at
