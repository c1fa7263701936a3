"""An agency lead books several of their people at once."""

from collections.abc import Collection

import sqlalchemy as sa

from courses.booking.bookings.models import Booking
from courses.booking.bookings.places.services import lock_event
from courses.booking.bookings.rules import BookingRequest, BookingSource
from courses.booking.bookings.services import book_place
from lms.frame.locks import lock_rows
from lms.frame.work import Work
from lms.kit.errors import Invalid, Refused
from lms.kit.telephones import telephone_or_nothing
from lms.people.models import Person


def book_team(work: Work, event_id: int, person_ids: Collection[int], *, clash_reason: str = "") -> list[Booking]:
    """Book each of these people, in the order of their names: all of them, or nobody when one is refused.

    Raises Invalid with the name of whom it concerns; somebody of an agency that the actor does not lead is unknown.
    """
    chosen = work.session.scalars(
        sa.select(Person)
        .where(Person.id.in_(person_ids), Person.agency_id.in_(work.actor.leads_agency_ids))
        .order_by(Person.name, Person.id)
    ).all()
    if not chosen or len(chosen) != len(set(person_ids)):
        raise Invalid("Choose at least one person of your agency.", field="people")
    lock_event(work, event_id)
    lock_rows(work.session, Person, [person.id for person in chosen])
    return [_book(work, event_id, person, clash_reason) for person in chosen]


def _book(work: Work, event_id: int, person: Person, clash_reason: str) -> Booking:
    request = BookingRequest(
        source=BookingSource.AGENCY_LEAD,
        manager_name=person.manager[0],
        manager_email=person.manager[1],
        phone_on_day=telephone_or_nothing(person.phone),
        is_declared=True,
        clash_reason=clash_reason,
    )
    try:
        return book_place(work, event_id, person, request)
    except Refused as refusal:
        field = refusal.field if isinstance(refusal, Invalid) and refusal.field == "clash_reason" else "people"
        raise Invalid(f"{person.name}: {refusal.words}", field=field) from None
