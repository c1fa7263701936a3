"""A person's own bookings: what is coming, what waits, and what has been."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from courses.booking.bookings.clashing.queries import own_clashes
from courses.booking.bookings.models import Booking
from courses.booking.bookings.places.models import Offer
from courses.booking.bookings.queries import IN_QUEUE, bookings_of_person, person_asking, steps_of
from courses.booking.bookings.rules import BookingState
from courses.programme import words
from courses.programme.events.rules import EventState
from courses.records.record.queries import RecordRow, entries_of, record_of
from lms.frame.work import Work
from lms.kit.words import moment
from lms.kit.working_days import is_late
from lms.people.models import Person

UNDECIDED = (*IN_QUEUE, BookingState.AWAITING_MANAGER)


@dataclass(frozen=True)
class LearningRow:
    """A line of My learning."""

    booking: Booking
    title: str
    when: str
    where: str
    position: int = 0
    in_list: int = 0
    is_free_now: bool = False
    can: frozenset[str] = frozenset()
    offered_until: str = ""
    is_held: bool = False
    clash: str = ""


@dataclass(frozen=True)
class Learning:
    """What is booked, what waits, and what has been."""

    person: Person
    coming: list[LearningRow]
    waiting: list[LearningRow]
    past: list[RecordRow]


def my_learning(work: Work) -> Learning:
    """A person's own bookings and record, in a number of queries that does not grow with them."""
    session, now = work.session, work.now
    person = person_asking(session, work.actor)
    bookings = bookings_of_person(session, person.id)
    coming = [each for each in bookings if each.state is BookingState.CONFIRMED and each.event.ends_at > now]
    waiting = [each for each in bookings if each.state in UNDECIDED and each.event.ends_at > now]
    positions = _positions(session, [each.event_id for each in waiting])
    offers, clashes = _offers(session, [each.id for each in waiting]), own_clashes(session, person.id, now)
    return Learning(
        person=person,
        coming=[_learning_row(each, now, clashes) for each in coming],
        waiting=[
            replace(_waiting_row(each, now, positions[each.event_id], offers.get(each.id)), clash=_of(each, clashes))
            for each in waiting
        ],
        past=_record(work, person, bookings),
    )


def my_record(work: Work) -> tuple[Person, list[RecordRow]]:
    """The training record alone, for the page that is taken along."""
    person = person_asking(work.session, work.actor)
    return person, _record(work, person, bookings_of_person(work.session, person.id))


def _record(work: Work, person: Person, bookings: list[Booking]) -> list[RecordRow]:
    """What was attended and what was done without a booking, latest first."""
    rows = record_of(work.session, _past(bookings, work.now), work.now)
    return sorted([*rows, *entries_of(work, person.id)], key=lambda row: row.on, reverse=True)


def _past(bookings: list[Booking], now: datetime) -> list[Booking]:
    return [each for each in bookings if each.state is BookingState.CONFIRMED and each.event.ends_at <= now]


def _of(booking: Booking, clashes: Mapping[int, str]) -> str:
    return clashes.get(booking.event_id, "")


def _learning_row(booking: Booking, now: datetime, clashes: Mapping[int, str]) -> LearningRow:
    event = booking.event
    is_free_now = event.state is EventState.POSTPONED or not is_late(now, booking.free_until)
    return LearningRow(
        booking,
        event.version.title,
        words.when(event),
        words.where(event),
        is_free_now=is_free_now,
        can=steps_of(booking, now),
        clash=_of(booking, clashes),
    )


def _waiting_row(booking: Booking, now: datetime, queue: list[int], offer: Offer | None) -> LearningRow:
    event = booking.event
    return LearningRow(
        booking,
        event.version.title,
        words.when(event),
        words.where(event),
        position=queue.index(booking.id) + 1 if booking.id in queue else 0,
        in_list=len(queue),
        offered_until=moment(offer.open_until) if offer else "",
        can=steps_of(booking, now),
        is_held=offer is not None and offer.place_number is not None,
    )


def _offers(session: Session, booking_ids: Collection[int]) -> dict[int, Offer]:
    """The open offer of each of these bookings that has one."""
    chosen = sa.select(Offer).where(Offer.booking_id.in_(booking_ids), Offer.ended_at.is_(None)).order_by(Offer.id)
    return {offer.booking_id: offer for offer in session.scalars(chosen)}


def _positions(session: Session, event_ids: Collection[int]) -> dict[int, list[int]]:
    queues: dict[int, list[int]] = {event_id: [] for event_id in event_ids}
    rows = session.execute(
        sa.select(Booking.event_id, Booking.id)
        .where(Booking.event_id.in_(event_ids), Booking.state.in_(IN_QUEUE))
        .order_by(Booking.queued_at, Booking.id)
    )
    for event_id, booking_id in rows:
        queues[event_id].append(booking_id)
    return queues
