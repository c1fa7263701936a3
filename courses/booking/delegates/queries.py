"""An event's bookings, by place, then the list in its order, then those who gave up."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload

from courses.booking.bookings.clashing.queries import clashes_of_people
from courses.booking.bookings.life import steps_now
from courses.booking.bookings.models import Booking
from courses.booking.bookings.places.models import Offer
from courses.booking.bookings.places.queries import live_offers, room_of, waiting_claims
from courses.booking.bookings.places.rules import WhyWaiting, may_be_held_now, why_waiting
from courses.booking.bookings.queries import IN_QUEUE, domains_of, is_outside
from courses.booking.bookings.rules import LIVE_STATES, BookingSource, BookingState
from courses.programme.events.models import Event
from courses.programme.events.rules import EventState
from lms.frame.access import Actor
from lms.kit.errors import NotAllowed
from lms.people.models import Person
from lms.policies.queries import policy_in_force, terms_of


@dataclass(frozen=True)
class BookingRow:
    """A line of an event's list of bookings."""

    id: int
    person_id: int
    name: str
    agency: str
    state: BookingState
    place_number: int | None
    booked_at: datetime
    is_walk_in: bool
    outcome: str
    clash_reason: str
    needs: str
    food: str
    phone_on_day: str
    has_email: bool = True
    can: frozenset[str] = frozenset()
    why_waiting: WhyWaiting | None = None
    offered_until: datetime | None = None
    manager: str = ""
    manager_is_outside: bool = False
    clash: str = ""


def bookings_of_event(session: Session, event: Event, actor: Actor, now: datetime) -> list[BookingRow]:
    """Everybody with a claim on the event, with why each who waits still does, in a fixed number of queries.

    What people need on the day is told only to those who must act on it (see `sees_access_needs`).
    """
    found = session.scalars(
        sa.select(Booking)
        .where(Booking.event_id == event.id)
        .options(joinedload(Booking.person), joinedload(Booking.agency), joinedload(Booking.needs))
        .order_by(Booking.place_number.is_(None), Booking.place_number, Booking.queued_at, Booking.id)
    ).all()
    sees_needs = sees_access_needs(event, actor)
    offers = {offer.booking_id: offer for offer in live_offers(session, event.id)}
    whys = _why_each_waits(session, event, [each for each in found if each.state in IN_QUEUE], offers, now)
    rows = [_row(each, event, offers.get(each.id), whys.get(each.id), now, sees_needs=sees_needs) for each in found]
    if not actor.may("courses.manage_bookings"):
        return rows
    domains, clashes = (
        domains_of(session, {booking.agency_id for booking in found}),
        _clashes(session, event, found, now),
    )
    return [
        replace(
            row,
            manager=_manager(booking),
            manager_is_outside=is_outside(booking, domains),
            clash=clashes.get(booking.person_id, "") if booking.state in LIVE_STATES else "",
        )
        for row, booking in zip(rows, found, strict=True)
    ]


def _clashes(session: Session, event: Event, bookings: Sequence[Booking], now: datetime) -> dict[int, str]:
    """What those with a claim on an event to come have besides, for the office."""
    if event.state is not EventState.PUBLISHED or event.ends_at <= now:
        return {}
    return clashes_of_people(session, event, {each.person_id for each in bookings if each.state in LIVE_STATES})


def _manager(booking: Booking) -> str:
    return ", ".join(filter(None, (booking.manager_name, booking.manager_email)))


def check_sees_delegates(event: Event, actor: Actor) -> None:
    """The names of who is coming are for coordinators and for the trainers of this very event. Raises NotAllowed."""
    if not sees_access_needs(event, actor):
        raise NotAllowed("Only the training team and this event’s trainers see who is coming.")


def sees_access_needs(event: Event, actor: Actor) -> bool:
    """Coordinators, and the trainers of this very event."""
    return actor.may("courses.manage_bookings") or any(each.id == actor.person_id for each in event.trainers)


def _row(
    booking: Booking, event: Event, offer: Offer | None, why: WhyWaiting | None, now: datetime, *, sees_needs: bool
) -> BookingRow:
    needs = booking.needs if sees_needs else None
    return BookingRow(
        id=booking.id,
        person_id=booking.person_id,
        name=booking.person.name,
        agency=booking.agency.name if booking.agency else "",
        state=booking.state,
        place_number=booking.place_number,
        booked_at=booking.booked_at,
        is_walk_in=booking.source is BookingSource.WALK_IN,
        outcome=booking.outcome.value if booking.outcome else "",
        clash_reason=booking.clash_reason,
        needs=needs.needs if needs else "",
        food=needs.food if needs else "",
        phone_on_day=booking.phone_on_day if sees_needs else "",
        can=steps_now(booking.state, event.state, has_started=now >= event.starts_at),
        has_email=bool(booking.person.email),
        why_waiting=why,
        offered_until=offer.open_until if offer is not None else None,
    )


def _why_each_waits(
    session: Session, event: Event, queue: list[Booking], offers: dict[int, Offer], now: datetime
) -> dict[int, WhyWaiting]:
    """By booking."""
    if not queue:
        return {}
    room, terms = room_of(session, event, now), terms_of(policy_in_force(session, now))
    return {
        claim.booking_id: why_waiting(
            claim,
            room,
            is_published=event.state is EventState.PUBLISHED,
            offer=_offered(offers.get(claim.booking_id)),
            is_out_of_hours=not may_be_held_now(now, in_office_hours=terms.offers_in_office_hours),
        )
        for claim in waiting_claims(session, queue)
    }


def _offered(offer: Offer | None) -> str:
    return "" if offer is None else "held" if offer.place_number is not None else "all"


def find_person(session: Session, person_ref: str) -> Person | None:
    """The person with this reference or, when only one has it, this email address."""
    typed = person_ref.strip()
    by_ref = session.scalar(sa.select(Person).where(sa.func.lower(Person.ref) == typed.lower()))
    if by_ref is not None or not typed:
        return by_ref
    by_email = session.scalars(
        sa.select(Person).where(Person.email == typed.lower(), Person.merged_into_id.is_(None)).limit(2)
    ).all()
    return by_email[0] if len(by_email) == 1 else None
