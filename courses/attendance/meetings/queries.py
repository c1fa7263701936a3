"""Whose addresses stand in a report: people on the register, by their own address and their further ones."""

from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session

from courses.attendance.meetings.rules import Participant, minutes_there, seen_in
from courses.attendance.register.queries import Register, RegisterRow
from courses.attendance.register.rules import Seen
from courses.booking.bookings.models import Booking
from courses.booking.bookings.rules import BookingState
from lms.people.models import Person, PersonAddress


@dataclass(frozen=True)
class MeetingLine:
    """Somebody in the report: whom the address belongs to on the register, if to one person alone."""

    participant: Participant
    minutes: int
    seen: Seen | None
    row: RegisterRow | None


def matched(session: Session, register: Register, participants: list[Participant]) -> list[MeetingLine]:
    """Each participant with the person on the register whose address it is. A shared address matches nobody."""
    rows = {row.booking_id: row for row in register.rows}
    whose = _addresses(session, register.event.id)
    lines, used = [], set()
    for each in participants:
        ids = {booking_id for address in each.addresses for booking_id in whose.get(address, ())}
        booking_id = ids.pop() if len(ids) == 1 else None
        row = rows.get(booking_id) if booking_id is not None and booking_id not in used else None
        used.add(booking_id)
        lines.append(MeetingLine(each, minutes_there(each, register.block), seen_in(each, register.block), row))
    return lines


def _addresses(session: Session, event_id: int) -> dict[str, set[int]]:
    of_event = (Booking.event_id == event_id, Booking.state == BookingState.CONFIRMED)
    own = sa.select(Person.email, Booking.id).join(Booking, Booking.person_id == Person.id).where(*of_event)
    further = (
        sa.select(PersonAddress.address, Booking.id)
        .join(Booking, Booking.person_id == PersonAddress.person_id)
        .where(*of_event)
    )
    found: dict[str, set[int]] = {}
    for address, booking_id in session.execute(own.union(further).order_by(sa.literal_column("1"))):
        found.setdefault(address, set()).add(booking_id)
    found.pop("", None)
    return found
