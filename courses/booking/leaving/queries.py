"""What somebody who leaves has booked, and who waits for their agreement as a line manager."""

from collections.abc import Collection, Iterator, Sequence

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload, selectinload

from courses.booking.bookings.models import Booking
from courses.booking.bookings.rules import LIVE_STATES, BookingState
from courses.programme import words
from courses.programme.events.models import Event
from courses.programme.events.rules import EventState
from lms.frame.db import Base
from lms.frame.plugins import LeavingChoice, LeftOpen
from lms.frame.work import Work
from lms.kit.words import count, listed
from lms.mail.models import OutboxLetter
from lms.mail.rules import HAS_LEFT, LetterState
from lms.people.managing.queries import addresses_to_leave

OVER = (EventState.DELIVERED, EventState.CANCELLED)
ENDINGS = frozenset(
    ("booking_cancelled", "booking_released", "place_given", "place_returned", "event_cancelled", "not_agreed",
     "offer_lapsed")
)  # fmt: skip
HAS = {
    BookingState.CONFIRMED: "has a place",
    BookingState.OFFERED: "is offered a place",
    BookingState.WAITING: "is on the waiting list",
    BookingState.AWAITING_MANAGER: "waits for their line manager",
}
PLACE = {
    LeavingChoice.END: "Release the place. Nothing is charged and it goes to the waiting list",
    LeavingChoice.GIVE: "Give it to a colleague",
    LeavingChoice.KEEP: "Keep it, as they are still coming",
}
TURN = {LeavingChoice.END: "End it: nothing is charged", LeavingChoice.KEEP: "Keep it"}
REQUEST = {
    LeavingChoice.END: "Ask the agency’s lead, or the training team where there is none",
    LeavingChoice.GIVE: "Ask another line manager",
}
NAMED = {
    LeavingChoice.END: "Remove their name, so no manager gets copies",
    LeavingChoice.GIVE: "Name another line manager",
    LeavingChoice.KEEP: "Leave it as it is and send them no email",
}
MANAGER = "The new line manager’s reference or email address, if they have a record here."


def bookings_of_leaver(work: Work, person_ids: Collection[int]) -> Iterator[tuple[int, LeftOpen]]:
    """Their own claims on what is to come."""
    for booking in coming_bookings(work, Booking.person_id.in_(person_ids)):
        has_place = booking.state is BookingState.CONFIRMED
        agency = booking.agency.name if booking.agency else ""
        yield (
            booking.person_id,
            LeftOpen(
                key=f"booking-{booking.id}",
                words=f"{_said(booking.event)}: {HAS[booking.state]}",
                choices=PLACE if has_place and agency else _without_giving(PLACE) if has_place else TURN,
                receiver=f"The reference or email address of someone at {agency}." if has_place and agency else "",
                locks=_locks(booking),
            ),
        )


def bookings_they_manage(work: Work, person_ids: Collection[int]) -> Iterator[tuple[int, LeftOpen]]:
    """Requests that wait for them to agree, one by one, and in one line the coming bookings that name them.

    The bookings of whoever leaves with them are settled as these people's own.
    """
    addresses = addresses_to_leave(work.session, person_ids)
    if not addresses:
        return
    named: dict[int, list[Booking]] = {}
    for booking in coming_bookings(work, Booking.manager_email.in_(addresses), Booking.person_id.not_in(person_ids)):
        manager_id = addresses[booking.manager_email]
        if booking.state is not BookingState.AWAITING_MANAGER:
            named.setdefault(manager_id, []).append(booking)
            continue
        yield (
            manager_id,
            LeftOpen(
                key=f"managed-booking-{booking.id}",
                words=f"{booking.person.name}, {_said(booking.event)}: waits for them to agree",
                choices=REQUEST,
                receiver=MANAGER,
                locks=_locks(booking),
            ),
        )
    for manager_id, bookings in named.items():
        names = listed(dict.fromkeys(each.person.name for each in bookings))
        yield (
            manager_id,
            LeftOpen(
                key="managed-bookings",
                words=f"{count(len(bookings), 'coming booking')} of {names}: they are named as line manager",
                choices=NAMED,
                receiver=MANAGER,
                locks=tuple(row for each in bookings for row in _locks(each)),
            ),
        )


def _locks(booking: Booking) -> tuple[tuple[type[Base], int], ...]:
    return (Event, booking.event_id), (Booking, booking.id)


def coming_bookings(work: Work, *which: sa.ColumnElement[bool]) -> Sequence[Booking]:
    """Live claims on what is to come."""
    return claims_to_come(work, Booking.state.in_(LIVE_STATES), Event.state.not_in(OVER), *which)


def claims_to_come(work: Work, *which: sa.ColumnElement[bool]) -> Sequence[Booking]:
    """Claims on what is to come, live or ended."""
    asked = (
        sa.select(Booking)
        .join(Event, Event.id == Booking.event_id)
        .where(Event.is_history.is_(False), Event.starts_at > work.now, *which)
        .options(
            joinedload(Booking.event).options(joinedload(Event.version), selectinload(Event.days)),
            joinedload(Booking.person),
            joinedload(Booking.agency),
        )
        .order_by(Event.starts_at, Booking.id)
    )
    return work.session.scalars(asked.execution_options(populate_existing=True)).all()


def kept_from(session: Session, person_id: int) -> dict[int, list[OutboxLetter]]:
    """Letters about bookings that did not go to somebody because they had left: by booking, the oldest first."""
    asked = sa.select(OutboxLetter).where(
        OutboxLetter.person_id == person_id,
        OutboxLetter.booking_id.is_not(None),
        OutboxLetter.state == LetterState.WITHDRAWN,
        OutboxLetter.last_error == HAS_LEFT,
    )
    found: dict[int, list[OutboxLetter]] = {}
    for row in session.scalars(asked.order_by(OutboxLetter.id)):
        found.setdefault(row.booking_id or 0, []).append(row)
    return found


def of_its_end(rows: Sequence[OutboxLetter]) -> list[OutboxLetter]:
    """What tells of how a claim ended: the last such letter, with the entries that it takes out of calendars."""
    last = next((row for row in reversed(rows) if row.kind.removeprefix("courses.") in ENDINGS), None)
    if last is None:
        return []
    return [last, *(row for row in rows if row.id > last.id and row.context.get("is_cancelled"))]


def _said(event: Event) -> str:
    return f"{event.version.title}, {words.when(event)}"


def _without_giving(choices: dict[LeavingChoice, str]) -> dict[LeavingChoice, str]:
    return {each: said for each, said in choices.items() if each is not LeavingChoice.GIVE}
