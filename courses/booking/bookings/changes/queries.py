"""What has not left yet of what people were to be told, and what else they have booked at that time."""

from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from courses.booking.bookings.models import Booking
from courses.booking.bookings.rules import LIVE_STATES
from courses.facts import ChangedPart
from courses.programme import words
from courses.programme.events.models import Event, EventDay
from courses.programme.events.rules import EventState
from lms.kit.words import listed
from lms.mail.models import OutboxLetter
from lms.mail.rules import LetterState

FIRST = frozenset(
    f"courses.{each}"
    for each in ("booking_confirmed", "place_found", "place_taken", "booking_moved", "booking_restored")
)
"""Letters from which somebody learns that they hold a place."""
CHANGES = frozenset(("courses.event_moved", "courses.event_place", "courses.event_joining"))
OF_TRAINERS = "courses.event_for_trainer"


@dataclass
class Unsaid:
    """By booking, whose first letter had not left, and with what it said; what of earlier changes had not; and so for
    trainers, by person."""

    first: dict[int, tuple[str, dict[str, Any]]] = field(default_factory=dict)
    parts: dict[int, list[ChangedPart]] = field(default_factory=dict)
    trainers: dict[int, list[ChangedPart]] = field(default_factory=dict)


def waiting_letters(session: Session, event_id: int) -> list[OutboxLetter]:
    """Letters about an event that tell of it as it was, and have not left; those that take a day away are not."""
    kinds = (*FIRST, *CHANGES, OF_TRAINERS, "courses.calendar_day", "courses.managers_copy")
    found = session.scalars(
        sa.select(OutboxLetter)
        .where(OutboxLetter.event_id == event_id, OutboxLetter.state == LetterState.WAITING)
        .where(OutboxLetter.kind.in_(kinds))
        .order_by(OutboxLetter.id)
    )
    return [row for row in found if _tells_how_it_is(row)]


def _tells_how_it_is(row: OutboxLetter) -> bool:
    if row.kind == "courses.calendar_day":
        return not row.context.get("is_cancelled")
    if row.kind == "courses.managers_copy":
        return f"courses.{row.context.get('about')}" in FIRST | CHANGES
    return True


def clashes_of_people(session: Session, event: Event, person_ids: Collection[int]) -> dict[int, str]:
    """What each of these people has booked besides, that overlaps the event: in words, by person."""
    other_day, this_day = aliased(EventDay), aliased(EventDay)
    rows = session.execute(
        sa.select(Booking.person_id, Event)
        .join(Event, Event.id == Booking.event_id)
        .join(other_day, other_day.event_id == Event.id)
        .join(this_day, (other_day.starts_at < this_day.ends_at) & (this_day.starts_at < other_day.ends_at))
        .where(this_day.event_id == event.id, Event.id != event.id, Event.state == EventState.PUBLISHED)
        .where(Booking.person_id.in_(person_ids), Booking.state.in_(LIVE_STATES), Booking.outcome.is_(None))
        .order_by(Booking.person_id, Event.starts_at, Event.id)
    )
    found: dict[int, list[str]] = {}
    for person_id, other in rows:
        said = f"{other.version.title}, {words.when(other)}"
        if said not in found.setdefault(person_id, []):
            found[person_id].append(said)
    return {person_id: listed(titles) for person_id, titles in found.items()}
