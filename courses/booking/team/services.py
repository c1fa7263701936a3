"""An agency lead books several of their people at once, each for themselves: one who is refused stops nobody else."""

from collections.abc import Sequence

import sqlalchemy as sa

from courses.booking.bookings.places.services import lock_event
from courses.booking.bookings.rules import BookingRequest, BookingSource, BookingState
from courses.booking.bookings.services import book_place
from courses.booking.team.rules import WILL_BE_BOOKED, LinePlanned, came
from lms.frame.locks import lock_rows
from lms.frame.work import Work
from lms.kit.errors import Refused
from lms.kit.telephones import telephone_or_nothing
from lms.people.models import Person


def book_lines(work: Work, event_id: int, lines: Sequence[LinePlanned], *, clash_reason: str = "") -> list[LinePlanned]:
    """Book whoever is ready or would wait, in the order of the lines; each line with what became of it.

    Whoever is of an agency that the actor does not lead by now, or has left, is refused on their own line.
    """
    wanted = [line.line.person.id for line in lines if line.line.person is not None and line.comes in WILL_BE_BOOKED]
    people = _lock(work, event_id, wanted)
    become: dict[int, BookingState | str] = {}
    for person_id in wanted:
        if person_id not in people:
            become[person_id] = "No one at your agency any more. Only your own people can be booked here."
            continue
        attempt = work.session.begin_nested()
        try:
            become[person_id] = book_place(
                work, event_id, people[person_id], _request(people[person_id], clash_reason)
            ).state
            attempt.commit()
        except Refused as refusal:
            attempt.rollback()
            become[person_id] = refusal.words
            people = _lock(work, event_id, wanted)
    return [came(line, become.get(line.line.person.id) if line.line.person else None) for line in lines]


def _lock(work: Work, event_id: int, person_ids: Sequence[int]) -> dict[int, Person]:
    """The event, then the people, all at once; anew after a refusal, which gives back what was locked since."""
    lock_event(work, event_id)
    lock_rows(work.session, Person, person_ids)
    own = sa.select(Person).where(Person.id.in_(person_ids), Person.agency_id.in_(work.actor.leads_agency_ids))
    return {person.id: person for person in work.session.scalars(own.order_by(Person.id))}


def _request(person: Person, clash_reason: str) -> BookingRequest:
    return BookingRequest(
        source=BookingSource.AGENCY_LEAD,
        manager_name=person.manager[0],
        manager_email=person.manager[1],
        phone_on_day=telephone_or_nothing(person.phone),
        is_declared=True,
        clash_reason=clash_reason,
    )
