"""What somebody was told of one booking, and what has not left yet."""

import sqlalchemy as sa
from sqlalchemy.orm import Session

from lms.mail.models import OutboxLetter
from lms.mail.rules import LetterState

GONE = (LetterState.SENT, LetterState.SENDING)
SAYS_PLACE = frozenset(
    ("booking_confirmed", "place_found", "place_taken", "booking_moved", "booking_restored", "reminder", "event_moved",
     "event_place")
)  # fmt: skip
"""What of a manager's copies says that there is a place."""


def letters_of(session: Session, booking_id: int) -> list[OutboxLetter]:
    """Every letter about a booking, the oldest first."""
    query = sa.select(OutboxLetter).where(OutboxLetter.booking_id == booking_id)
    return list(session.scalars(query.order_by(OutboxLetter.id)))


def unsent_of(session: Session, booking_id: int) -> list[OutboxLetter]:
    """Those of ours that have not left. Charges, messages and what a plugin wrote about it are theirs to take back."""
    return [row for row in letters_of(session, booking_id) if row.state is LetterState.WAITING and _is_ours(row.kind)]


def _is_ours(kind: str) -> bool:
    return kind.startswith("courses.") and not kind.startswith(("courses.charge", "courses.message"))


def manager_knows_of_place(session: Session, booking_id: int) -> bool:
    """Whether the last that the line manager heard is that there is a place."""
    heard = [
        row for row in letters_of(session, booking_id) if row.kind == "courses.managers_copy" and row.state in GONE
    ]
    return bool(heard) and heard[-1].context.get("about") in SAYS_PLACE


def days_in_calendar(session: Session, booking_id: int) -> bool:
    """Whether any entry has gone into the delegate's calendar."""
    return any(row.calendar_method == "REQUEST" and row.state in GONE for row in letters_of(session, booking_id))
