"""A person's own bookings: what is coming, what waits, and what has been."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from courses.booking.bookings.clashing.queries import own_clashes
from courses.booking.bookings.models import Booking
from courses.booking.bookings.places.models import Offer
from courses.booking.bookings.queries import IN_QUEUE, booking_for, bookings_of_person, person_asking, steps_of
from courses.booking.bookings.rules import LIVE_STATES, THERE, BookingState, Outcome
from courses.booking.bookings.words import state_words
from courses.programme import words
from courses.programme.courses.rules import IN_CATALOGUE
from courses.programme.events.models import Event
from courses.programme.events.queries import EventRow, event_rows, is_coming
from courses.programme.events.rules import EventStage, EventState
from courses.records.certificates.queries import credits_of
from courses.records.completions.queries import last_completed
from courses.records.learning.rules import LearnedOn, due_by, due_words, first_date, near_towns
from courses.records.materials.queries import MaterialRow, materials_of
from courses.records.record.queries import RecordRow, entries_of, record_of
from lms.frame.work import Work
from lms.kit.words import moment
from lms.kit.working_days import is_late, london_date
from lms.people.models import Person

UNDECIDED = (*IN_QUEUE, BookingState.AWAITING_MANAGER)
ENDED_STATES = frozenset(BookingState) - frozenset(LIVE_STATES)
MOST_ENDED = 20


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
class DueRow:
    """A course to refresh, with the next date of it."""

    course_code: str
    title: str
    words: str
    is_overdue: bool
    date: EventRow | None


@dataclass(frozen=True)
class EndedRow:
    """A claim that ended: what it was, and how it ended."""

    booking: Booking
    title: str
    when: str
    state: str


@dataclass(frozen=True)
class Learning:
    """What is due, what is booked, what waits, what has been, and what was given up."""

    person: Person
    due: list[DueRow]
    coming: list[LearningRow]
    waiting: list[LearningRow]
    past: list[RecordRow]
    ended: list[EndedRow]


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
        due=due_now(work, person.id, bookings),
        ended=[_ended(each) for each in reversed(bookings) if each.state in ENDED_STATES][:MOST_ENDED],
    )


def due_now(work: Work, person_id: int, bookings: Sequence[Booking]) -> list[DueRow]:
    """Courses to refresh that are not booked again, the most urgent first, each with a date near where they go."""
    today, taken = london_date(work.now), {each.event.course_id for each in bookings if _is_ahead(each, work.now)}
    learned = [each for each in _learned(work, person_id, bookings) if each.course_id not in taken]
    due = {each.course_id: by for each in learned if (by := due_by(each, today)) is not None}
    courses = {each.event.course_id: each.event for each in bookings if each.event.course_id in due}
    dates, near = _open_dates(work, list(due), person_id), near_towns(_towns(bookings))
    return [
        DueRow(
            course_code=courses[course_id].course.code,
            title=courses[course_id].version.title,
            words=due_words(by, today),
            is_overdue=by < today,
            date=first_date(dates.get(course_id, []), near),
        )
        for course_id, by in sorted(due.items(), key=lambda each: (each[1], each[0]))
    ]


def _is_ahead(booking: Booking, now: datetime) -> bool:
    return booking.state in LIVE_STATES and booking.event.ends_at > now


def _learned(work: Work, person_id: int, bookings: Sequence[Booking]) -> list[LearnedOn]:
    """The last time that somebody learned each course that is to be refreshed, at an event or since by e-learning."""
    attended = {each.event.course_id: each for each in bookings if each.outcome is Outcome.ATTENDED}
    counts = [each for each in attended.values() if _is_refreshed(each)]
    credited, online = credits_of(work.session, counts), last_completed(work.session, person_id)
    found = []
    for each in counts:
        course, last = each.event.course, credited[each.id].last_day_on
        if last is not None and course.refresher_months is not None:
            found.append(LearnedOn(course.id, max(last, online.get(course.id, last)), course.refresher_months))
    return found


def _is_refreshed(booking: Booking) -> bool:
    return booking.event.course.refresher_months is not None and booking.event.course.status in IN_CATALOGUE


def _open_dates(work: Work, course_ids: Collection[int], person_id: int) -> dict[int, list[EventRow]]:
    found: dict[int, list[EventRow]] = {}
    if course_ids:
        for row in event_rows(work, is_coming(work.now), Event.course_id.in_(course_ids), person_id=person_id):
            if row.stage(work.now) is EventStage.OPEN and not row.mine:
                found.setdefault(row.course_id, []).append(row)
    return found


def _towns(bookings: Sequence[Booking]) -> Iterator[str]:
    """Of the venues to which somebody went or will go, the latest first."""
    went = (each for each in reversed(bookings) if each.state is BookingState.CONFIRMED)
    return (day.venue.town for each in went for day in each.event.days if day.venue is not None)


def _ended(booking: Booking) -> EndedRow:
    event = booking.event
    return EndedRow(booking, event.version.title, words.when(event), state_words(booking, booking.person_id))


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


@dataclass(frozen=True)
class AfterEvent:
    """What came of a booking once its event is over: the line of the record, and the materials of who was there."""

    row: RecordRow
    materials: list[MaterialRow]
    was_there: bool
    is_own: bool


def after_event(work: Work, booking_id: int) -> AfterEvent | None:
    """The same; None before the event is over, and for a claim that had ended."""
    booking = booking_for(work.session, booking_id, work.actor)
    if booking not in _past([booking], work.now):
        return None
    (row,) = record_of(work.session, [booking], work.now)
    was_there = booking.outcome in THERE
    files = materials_of(work.session, [booking.event_id]).get(booking.event_id, []) if was_there else []
    return AfterEvent(row, files, was_there, is_own=booking.person_id == work.actor.person_id)
