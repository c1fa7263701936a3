"""What has not left yet of what people were to be told."""

from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from courses.facts import ChangedPart
from lms.mail.models import OutboxLetter
from lms.mail.rules import LetterState

FIRST = frozenset(
    f"courses.{each}"
    for each in ("booking_confirmed", "place_found", "place_taken", "booking_moved", "booking_restored")
)
"""Letters from which somebody learns that they hold a place."""
WAITS = frozenset(f"courses.{each}" for each in ("waiting", "awaiting_manager", "approval_asked"))
"""Letters that somebody has no place yet: in the list, or until their line manager agrees, who is asked."""
CHANGES = frozenset(("courses.event_moved", "courses.event_place", "courses.event_joining"))
OF_TRAINERS = "courses.event_for_trainer"


@dataclass
class Unsaid:
    """By booking, whose first letter had not left, and with what it said, or that they wait; what of earlier changes
    had not; and so for trainers, by person."""

    waits: dict[int, set[str]] = field(default_factory=dict)
    first: dict[int, tuple[str, dict[str, Any]]] = field(default_factory=dict)
    parts: dict[int, list[ChangedPart]] = field(default_factory=dict)
    trainers: dict[int, list[ChangedPart]] = field(default_factory=dict)


def waiting_letters(session: Session, event_id: int) -> list[OutboxLetter]:
    """Letters about an event that tell of it as it was, and have not left; those that take a day away are not."""
    kinds = (*FIRST, *WAITS, *CHANGES, OF_TRAINERS, "courses.calendar_day", "courses.managers_copy")
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
