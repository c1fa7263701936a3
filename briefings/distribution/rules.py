"""Who a briefing is meant for, when it goes, and who shares a copy. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, time, timedelta
from enum import StrEnum
from typing import Any

from lms.kit.errors import Invalid
from lms.kit.working_days import london_date, wall_time

LIST_NAME = "briefings.briefings"
SAMPLE = 10
NAMES_SAID = 3
FURTHEST_AHEAD = timedelta(days=366)


class SendingState(StrEnum):
    """`planned -> sent`, or it never went."""

    PLANNED = "planned"
    SENT = "sent"
    CANCELLED = "cancelled"  # somebody thought better of it
    STOPPED = "stopped"  # an embargo, a recall, or nothing was out when its time came


class Trigger(StrEnum):
    """When a standing order sends."""

    PUBLISHED = "published"  # as soon as a briefing and the reviews behind it are published
    WEEKLY = "weekly"  # what is new, on a day of the week


@dataclass(frozen=True)
class Audience:
    """Whom a briefing is meant for. Kinds narrow one another, choices within one widen it; nothing chosen: everybody.

    `levels`: people who attended a course of that level. `has_attended`: who attended a course that covers a learning
    point of the briefing. `is_leads_only`: the leads of the agencies and nobody else. `has_subscribers`: and all who
    asked for every briefing. `asks_agencies`: the lead of each agency is asked what its teams did with it.
    """

    sector_ids: tuple[int, ...] = ()
    agency_ids: tuple[int, ...] = ()
    role_group_ids: tuple[int, ...] = ()
    levels: tuple[str, ...] = ()
    has_attended: bool = False
    is_leads_only: bool = False
    has_subscribers: bool = True
    asks_agencies: bool = True

    def as_json(self) -> dict[str, Any]:
        """Plain values for the database."""
        return asdict(self)

    @classmethod
    def from_json(cls, kept: dict[str, Any]) -> "Audience":
        """The same back."""
        values: dict[str, Any] = {n: tuple(value) if isinstance(value, list) else value for n, value in kept.items()}
        return cls(**values)


@dataclass(frozen=True)
class Drawn:
    """A person whom a briefing would go to."""

    id: int
    name: str
    email: str
    agency_id: int | None


def mailboxes(people: Iterable[Drawn], own_copy: set[int]) -> list[tuple[Drawn, ...]]:
    """Who gets a copy together: everybody at one address, but for those who want their own. In order of names."""
    shared: dict[str, list[Drawn]] = {}
    for person in people:
        key = f"own {person.id}" if person.id in own_copy else person.email
        shared.setdefault(key, []).append(person)
    return [tuple(those) for those in shared.values()]


def said_readers(people: Sequence[Drawn]) -> str:
    """How a copy for a shared mailbox greets its readers."""
    names = [person.name for person in people]
    if len(names) <= NAMES_SAID:
        return " and ".join([", ".join(names[:-1]), names[-1]]) if len(names) > 1 else names[0]
    return "colleagues"


def check_due(due_at: datetime, now: datetime) -> datetime:
    """A set time lies ahead, and not so far that nobody remembers it."""
    if due_at <= now:
        raise Invalid("That time has passed. Choose a later one, or send it now.", field="day")
    if due_at > now + FURTHEST_AHEAD:
        raise Invalid("Choose a day within a year from today.", field="day")
    return due_at


def check_count(shown: int, now: int) -> None:
    """What is confirmed is what was shown."""
    if shown != now:
        raise Invalid(f"The number has changed from {shown:,} to {now:,} since you looked. Check it again.")


def check_somebody(people: int, leads: int) -> None:
    """A sending that reaches nobody is a mistake in its choices."""
    if not people and not leads:
        raise Invalid("There is no one left to send it to. Choose someone who has not had it yet.")


def next_weekly(after: datetime, weekday: int, at: time) -> datetime:
    """The first moment after `after` when it is this weekday (0 is Monday) and this time in London."""
    day = london_date(after)
    day += timedelta(days=(weekday - day.weekday()) % 7)
    moment = wall_time(day, at)
    return moment if moment > after else wall_time(day + timedelta(days=7), at)
