"""Adding a walk-in or a substitute to a finalised register, as a correction with a reason."""

from collections.abc import Mapping

from courses.attendance.finalising.queries import marked_bookings
from courses.attendance.finalising.rules import check_correction, check_was_there, day_numbers, days_attended
from courses.attendance.finalising.services import finalised_event, tell_outcome
from courses.attendance.register.queries import block_of
from courses.attendance.register.rules import Seen, check_seen
from courses.attendance.register.services import write_mark
from courses.attendance.walkins.services import comer, join_register
from courses.booking.bookings.models import Booking
from courses.facts import MarksCorrected
from courses.programme.events.models import Event
from lms.frame.work import Work
from lms.kit.errors import Invalid
from lms.people.models import Person
from lms.people.rules import PersonDetails
from lms.people.services import add_person


def add_to_finalised(
    work: Work,
    event_id: int,
    person_id: int,
    seen: Mapping[int, Seen],
    *,
    reason: str,
    instead_of: int | None = None,
) -> Booking:
    """Somebody was there whom the finalised register does not have; `instead_of` names the booking they came for.

    What follows, follows at once: the certificate or the evaluation for them, and the charge of whoever they came for
    is taken back. Raises Conflict while the register is not finalised and for somebody on it already; Invalid without
    a reason, without a mark for each day, and for somebody who cannot take the place.
    """
    event, reason = finalised_event(work, event_id), check_correction(reason)
    return _add(work, event, comer(work, person_id), seen, reason, instead_of)


def add_new_to_finalised(
    work: Work,
    event_id: int,
    details: PersonDetails,
    seen: Mapping[int, Seen],
    *,
    reason: str,
    instead_of: int | None = None,
) -> Booking:
    """The same for somebody whom nobody knows here: they get a record of their own first."""
    event, reason = finalised_event(work, event_id), check_correction(reason)
    person = add_person(work, details)
    work.session.flush()
    return _add(work, event, person, seen, reason, instead_of)


def _add(
    work: Work, event: Event, person: Person, seen: Mapping[int, Seen], reason: str, instead_of: int | None
) -> Booking:
    replaced = work.session.get(Booking, instead_of) if instead_of is not None else None
    was = replaced.outcome.value if replaced is not None and replaced.outcome else ""
    booking = join_register(work, event, person, instead_of=instead_of)
    _mark(work, event, booking, seen, reason)
    work.record("added to a finalised register", booking, outcome=booking.outcome, reason=reason)
    if replaced is not None:
        tell_outcome(work, replaced, was, reason)
    days = day_numbers(booking.days_attended)
    work.tell(MarksCorrected(booking.id, event.id, booking.person_id, (), days, reason))
    tell_outcome(work, booking, "", reason)
    return booking


def _mark(work: Work, event: Event, booking: Booking, seen: Mapping[int, Seen], reason: str) -> None:
    for day in event.days:
        if day.id not in seen:
            raise Invalid(f"Also mark day {day.number}, as present or absent.", field="days")
        check_seen(block_of(day), seen[day.id])
        write_mark(work, day, booking, seen[day.id], at=work.now, reason=reason)
    work.session.flush()
    marked = marked_bookings(work.session, event, [booking.id])[0]
    check_was_there(marked.follows)
    booking.outcome, booking.days_attended = marked.follows, days_attended(marked.days)
    work.session.flush()
