"""Wishes, what somebody said last time, what is to be said before they book, and the other dates of a course."""

from collections.abc import Iterator
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload

from courses.booking.bookings.models import Booking
from courses.booking.bookings.queries import clash_of, live_booking
from courses.booking.bookings.rules import Outcome
from courses.booking.wishes.models import BookingWish
from courses.booking.wishes.rules import (
    LATELY_MONTHS,
    NOT_NOW,
    LastTime,
    audience_words,
    first_words,
    is_lately,
    lately_words,
)
from courses.programme import words
from courses.programme.courses.queries import needed_first
from courses.programme.demand.queries import opens_for
from courses.programme.events.models import Event
from courses.programme.events.queries import EventRow, event_rows, is_coming
from courses.programme.events.rules import EventStage, Timing, stage
from courses.questions import LearnedWithoutEvent
from lms.agencies.models import Agency
from lms.frame.work import Work
from lms.kit.words import long_date
from lms.kit.working_days import london_date
from lms.people.models import Person
from lms.people.rules import is_own_mailbox
from lms.signin.models import SignInCode
from lms.signin.registrations.queries import agency_of_address, role_groups_to_choose


def wish_of_code(session: Session, token: str) -> BookingWish | None:
    """What was asked for with the code of this page."""
    asked = sa.select(BookingWish).join(SignInCode, SignInCode.id == BookingWish.code_id)
    return session.scalar(asked.where(SignInCode.token == token).options(joinedload(BookingWish.event)))


def waiting_wishes(session: Session, address: str) -> list[BookingWish]:
    """What an address asked for that waits for the office, by event."""
    asked = sa.select(BookingWish).where(BookingWish.email == address, BookingWish.confirmed_at.is_not(None))
    return list(session.scalars(asked.order_by(BookingWish.event_id)))


def last_time(session: Session, person: Person) -> LastTime:
    """The manager and the telephone of the last booking, or of the record."""
    theirs = sa.select(Booking.manager_name, Booking.manager_email, Booking.phone_on_day).where(
        Booking.person_id == person.id
    )
    newest = theirs.order_by(Booking.booked_at.desc(), Booking.id.desc()).limit(1)
    row = session.execute(newest.where(Booking.manager_email != "")).first()
    phone = session.execute(newest.where(Booking.phone_on_day != "")).first()
    name, email = (row.manager_name, row.manager_email) if row else person.manager
    if is_own_mailbox(email, person.own_addresses):
        name, email = "", ""
    return LastTime(name, email, phone.phone_on_day if phone else person.phone)


def cautions(work: Work, event: Event, person: Person) -> list[str]:
    """What somebody should know who books this: never a reason to say no, and their own reason is kept."""
    session = work.session
    clash = clash_of(session, event, person.id)
    found = [clash] if clash else []
    found += list(_attended_lately(session, event, person.id))
    found += list(_not_done_first(work, event, person.id))
    return found + other_work(event, person.role_group_id, person.role_group.name if person.role_group else "")


def other_work(event: Event, role_group_id: int | None, name: str) -> list[str]:
    """Where a course says who it is for, and that is others."""
    audience = event.version.audience
    if role_group_id is None or not audience or role_group_id in {group.id for group in audience}:
        return []
    return [audience_words(name, [group.name for group in audience])]


def _attended_lately(session: Session, event: Event, person_id: int) -> Iterator[str]:
    came = (
        sa.select(Event)
        .join(Booking, Booking.event_id == Event.id)
        .where(Booking.person_id == person_id, Booking.outcome == Outcome.ATTENDED)
        .where(Event.course_id == event.course_id, Event.id != event.id)
        .order_by(Event.ends_at.desc(), Event.id.desc())
        .limit(1)
    )
    last = session.scalar(came)
    months = event.course.refresher_months or LATELY_MONTHS
    if last is not None and is_lately(london_date(last.ends_at), london_date(event.starts_at), months):
        yield lately_words(long_date(last.ends_at))


def _not_done_first(work: Work, event: Event, person_id: int) -> Iterator[str]:
    """What the course asks for and nobody has seen them do."""
    needed = {each.id: each.title for each in needed_first(work.session, event.course_id)}
    if not needed:
        return
    attended = sa.select(Event.course_id).join(Booking, Booking.event_id == Event.id)
    came = Booking.person_id == person_id, Booking.outcome == Outcome.ATTENDED, Event.course_id.in_(needed)
    done = {*work.session.scalars(attended.where(*came)), *work.ask(LearnedWithoutEvent(person_id, tuple(needed)))}
    missing = [title for course_id, title in needed.items() if course_id not in done]
    if missing:
        yield first_words(missing)


@dataclass(frozen=True)
class NotNow:
    """Why nobody, or not this person, can book now. `booking_id`: what they have instead."""

    title: str
    words: str
    booking_id: int | None = None


def why_not_now(work: Work, event: Event, person: Person | None) -> NotNow | None:
    """What is said instead of the form at the first look; None where a booking would be taken."""
    mine = live_booking(work.session, event.id, person.id) if person else None
    if mine is not None:
        return NotNow("You have already booked this", "Your booking shows the place, and what you can change.", mine.id)
    if person is not None and any(trainer.id == person.id for trainer in event.trainers):
        return NotNow("You are a trainer at this event", "A trainer cannot book a place at their own event.")
    opens_at = opens_for(work.session, event, person.id if person else 0, work.now)
    timing = Timing(event.state, event.starts_at, event.ends_at, opens_at, event.booking_closes_at)
    at = stage(timing, work.now)
    if at is EventStage.NOT_OPEN and opens_at is not None:
        return NotNow("Booking has not opened yet", f"It opens on {long_date(opens_at)}.")
    title, said = NOT_NOW.get(at, ("", ""))
    return NotNow(title, said) if title else None


def other_dates(work: Work, event: Event, person: Person | None) -> list[EventRow]:
    """Other dates of the course that can be booked now, soonest first."""
    rows = event_rows(
        work,
        is_coming(work.now),
        Event.course_id == event.course_id,
        Event.id != event.id,
        person_id=person.id if person else None,
    )
    return [row for row in rows if row.stage(work.now) is EventStage.OPEN and not row.mine]


def agency_by_domain(work: Work, address: str) -> Agency | None:
    """Where somebody works, as their address says."""
    return agency_of_address(work.session, address, on=london_date(work.now))


def groups_to_choose(session: Session) -> list[tuple[int, str]]:
    """Kinds of work: number and name."""
    return role_groups_to_choose(session)


def title_and_date(event: Event) -> str:
    """Safer babies, Thursday 9 April 2026, 09:30 to 16:00."""
    return f"{event.version.title}, {words.when(event)}"
