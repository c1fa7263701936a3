"""What can be undone of a booking now, and what its people have heard of how it ended."""

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from courses.booking.bookings.changes.queries import FIRST, WAITS
from courses.booking.bookings.models import Booking
from courses.booking.bookings.told_of.queries import GONE, letters_of, unsent_of
from courses.booking.bookings.undoing.rules import EndedClaim, can_undo
from courses.programme.events.models import Event
from lms.frame.access import Actor
from lms.mail.models import OutboxLetter
from lms.mail.rules import LetterState

OF_ENDINGS = frozenset(f"courses.{each}" for each in ("booking_cancelled", "booking_released", "place_given"))
MOVED = "courses.booking_moved"
TELLS_A_PLACE = FIRST | {f"courses.{each}" for each in ("reminder", "joining_instructions", "last_reminder")}


def ended_claim(booking: Booking) -> EndedClaim:
    """A booking as the rules see it."""
    return EndedClaim(
        state=booking.state,
        by_whom=booking.cancelled_by_id,
        ended_at=booking.cancelled_at,
        held_a_place=booking.confirmed_at is not None,
        went_on=booking.given_to_id is not None or booking.moved_to_id is not None,
        starts_at=booking.event.starts_at,
    )


def can_undo_now(booking: Booking, actor: Actor, now: datetime) -> bool:
    """Whether this reader's page offers to undo it."""
    return can_undo(ended_claim(booking), actor.person_id, now)


def moved_from(session: Session, booking: Booking) -> Booking | None:
    """The booking that was moved to this one."""
    return session.scalar(sa.select(Booking).where(Booking.moved_to_id == booking.id))


def given_to(session: Session, booking: Booking) -> str:
    """Which colleague has the place; "" when none is known."""
    theirs = session.get(Booking, booking.given_to_id) if booking.given_to_id is not None else None
    return theirs.person.name if theirs is not None else ""


@dataclass(frozen=True)
class Heard:
    """What has not left of what a booking's people were to hear, and whether they heard the last thing of it.

    `is_all_of_it`: nothing waits but what the ending itself wrote, and it tells of the event as it still is.
    """

    unsent: list[OutboxLetter]
    of_end: bool
    is_all_of_it: bool

    @property
    def first(self) -> str:
        """The letter from which they were to learn of their place, when that has not left either."""
        waiting = (row.kind.removeprefix("courses.") for row in self.unsent if row.kind in FIRST)
        return next(waiting, "")


def heard_of_end(session: Session, booking: Booking, moved_to: Booking | None = None) -> Heard:
    """The same of how a booking ended; of a move its new booking's letter tells."""
    own = letters_of(session, booking.id)
    of_move = [row for row in letters_of(session, moved_to.id) if row.kind == MOVED] if moved_to else []
    last = [row for row in own if _is_of_ending(row)][-1:]
    told = (of_move or [row for row in own if row.kind in OF_ENDINGS])[-1:]
    unsent = unsent_of(session, booking.id)
    is_now = all(_tells_how_it_is(row, booking.event) for row in last)
    return Heard(unsent, any(row.state in GONE for row in told), is_now and all(map(_is_of_ending, unsent)))


def _is_of_ending(row: OutboxLetter) -> bool:
    if row.kind == "courses.calendar_day":
        return bool(row.context.get("is_cancelled"))
    if row.kind == "courses.managers_copy":
        return f"courses.{row.context.get('about')}" in OF_ENDINGS
    return row.kind in OF_ENDINGS


def _tells_how_it_is(row: OutboxLetter, event: Event) -> bool:
    is_joining = row.context.get("joining_version", event.joining_version) == event.joining_version
    return is_joining and row.event_version in (None, event.told_version)


def heard_of_place(session: Session, booking: Booking) -> bool:
    """Whether any letter from which its person learns that they have a place has gone."""
    return any(row.kind in TELLS_A_PLACE and row.state in GONE for row in letters_of(session, booking.id))


def knows_the_turn(session: Session, booking: Booking) -> bool:
    """Whether what somebody who waits was told, or is to be told, of their claim is still so."""
    rows = [row for row in letters_of(session, booking.id) if row.kind in WAITS]
    stand = [row for row in rows if row.state in GONE or row.state is LetterState.WAITING]
    return any(_tells_how_it_is(row, booking.event) for row in stand)
