"""Turns in the list; what a booking would clash with; and what a person has booked."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased, joinedload, selectinload

from courses.booking.bookings.life import steps_now
from courses.booking.bookings.models import Booking
from courses.booking.bookings.rules import LIVE_STATES, BookingState, Reminder
from courses.programme import words
from courses.programme.events.models import Event, EventDay
from courses.programme.events.rules import EventState
from lms.agencies.models import AgencyDomain
from lms.agencies.questions import AgencyLead
from lms.frame.access import Actor
from lms.frame.links import SignedLink, pair_of, row_number, several, short_text
from lms.kit.errors import NotFound
from lms.kit.working_days import free_cancellation_until, london_date
from lms.people.by_agency.queries import leads_of
from lms.people.models import Person
from lms.people.rules import domain_of, is_own_mailbox
from lms.policies.rules import Policy

LEADS = "leads"
"""Who is asked to agree where somebody named no line manager."""


def _whom_it_asks(value: Any) -> tuple[int, str]:
    """A booking, and the address of whoever is asked; "" in letters of a release that did not sign it."""
    return (row_number(value), "") if type(value) is int else pair_of(row_number, short_text)(value)


APPROVAL = SignedLink(
    "courses.approvals.answer",
    _whom_it_asks,
    "This link does not work or has expired. Ask the training team if you have something to add.",
)
MANAGED = SignedLink(
    "courses.managers.booking",
    pair_of(row_number, short_text),
    "This link does not work or has expired. It is for the line manager named on a booking. Reply to our email if you "
    "have something to add.",
)
OWN = SignedLink(
    "courses.bookings.own",
    several(row_number, row_number, short_text, row_number),
    "This link does not work or has expired. It is for the address that we write to now. Sign in with a code that we "
    "email to you, and My learning shows your bookings.",
)
"""By which whoever has a booking acts on it: the booking, the person, the address of the letter, and how often the
booking has ended."""
IN_QUEUE = (BookingState.WAITING, BookingState.OFFERED)


def approval_of(booking: Booking) -> tuple[int, str]:
    """What the link says by which a line manager, or without one a lead, agrees: dead once somebody else is asked."""
    return booking.id, booking.manager_email or LEADS


def position_of(session: Session, booking: Booking) -> int:
    """1 for the first in the list. A place in the list never changes by editing, only when others leave it."""
    before = sa.select(sa.func.count()).where(
        Booking.event_id == booking.event_id,
        Booking.state.in_(IN_QUEUE),
        sa.tuple_(Booking.queued_at, Booking.id) < sa.tuple_(sa.literal(booking.queued_at), sa.literal(booking.id)),
    )
    return (session.scalar(before) or 0) + 1


def live_booking(session: Session, event_id: int, person_id: int) -> Booking | None:
    """The person's one live claim on this event, if there is one."""
    return session.scalar(
        sa.select(Booking).where(
            Booking.event_id == event_id, Booking.person_id == person_id, Booking.state.in_(LIVE_STATES)
        )
    )


def visible_bookings(actor: Actor) -> sa.ColumnElement[bool]:
    """All for those who manage bookings; for an agency's lead, those that were made for the agency."""
    if actor.may("courses.manage_bookings"):
        return sa.true()
    return Booking.agency_id.in_(actor.leads_agency_ids)


def clash_of(session: Session, event: Event, person_id: int) -> str | None:
    """What else the person has booked at that time, or the same course on a coming date, in a sentence; or None."""
    return clashes_of(session, event, [person_id]).get(person_id)


def clashes_of(session: Session, event: Event, person_ids: Collection[int]) -> dict[int, str]:
    """The same of several people, by person, in two queries: of more than one such booking, the first."""
    other_day, this_day = aliased(EventDay), aliased(EventDay)
    overlaps = (
        sa.select(this_day.id)
        .join(other_day, (other_day.starts_at < this_day.ends_at) & (this_day.starts_at < other_day.ends_at))
        .where(this_day.event_id == event.id, other_day.event_id == Event.id)
        .exists()
    )
    same_course = sa.and_(Event.course_id == event.course_id, Event.ends_at > event.created_at)
    others = (
        sa.select(Booking.person_id, Event)
        .join(Event, Event.id == Booking.event_id)
        .where(Booking.person_id.in_(person_ids), Booking.state.in_(LIVE_STATES), Booking.outcome.is_(None))
        .where(Event.id != event.id, Event.state != EventState.DELIVERED, sa.or_(overlaps, same_course))
        .options(joinedload(Event.version), selectinload(Event.days))
        .order_by(Event.starts_at, Event.id)
    )
    found: dict[int, str] = {}
    for person_id, other in session.execute(others):
        found.setdefault(person_id, _clash_words(event, other))
    return found


def _clash_words(event: Event, other: Event) -> str:
    if other.course_id == event.course_id:
        return f"There is a booking for this course on {words.when(other)} already."
    return f"{other.version.title} is booked for {words.when(other)}, at the same time."


def event_with_days(session: Session, event_id: int) -> Event:
    """An event with all that pages about its bookings show. Raises NotFound."""
    event = session.scalar(
        sa.select(Event)
        .where(Event.id == event_id)
        .options(
            joinedload(Event.course),
            joinedload(Event.version),
            selectinload(Event.days).joinedload(EventDay.venue),
            selectinload(Event.trainers),
        )
    )
    if event is None:
        raise NotFound("We cannot find that event. Choose one from the courses page.")
    return event


def steps_of(booking: Booking, now: datetime) -> frozenset[str]:
    """The names of what can be done to a booking now: what its pages offer."""
    return steps_now(booking.state, booking.event.state, has_started=now >= booking.event.starts_at)


def free_until_by(policy: Policy, event: Event) -> datetime:
    """Until when a booking made under these terms can be cancelled free of charge."""
    return free_cancellation_until(london_date(event.starts_at), policy.notice_working_days)


def reminder_days(policy: Policy) -> dict[Reminder, int]:
    """How many working days before the first day each reminder goes."""
    return {
        Reminder.FIRST: policy.first_reminder_working_days,
        Reminder.JOINING: policy.joining_instructions_working_days,
        Reminder.LAST: policy.last_reminder_working_days,
    }


def person_asking(session: Session, actor: Actor) -> Person:
    """The record of the person who is signed in. Raises NotFound for a program."""
    person = session.get(Person, actor.person_id) if actor.person_id is not None else None
    if person is None:
        raise NotFound("Sign in as a person to book.")
    return person


def booking_to_end(session: Session, booking_id: int, actor: Actor) -> Booking:
    """A booking that this reader may cancel or give to a colleague: as `booking_for`, and their agency's for leads."""
    booking = session.get(Booking, booking_id)
    if booking is not None and booking.agency_id in actor.leads_agency_ids and actor.may("courses.book_team"):
        return booking
    return booking_for(session, booking_id, actor)


def booking_for(session: Session, booking_id: int, actor: Actor) -> Booking:
    """A booking that this reader may act on: their own, or any for coordinators. Raises NotFound for all others."""
    booking = session.get(Booking, booking_id)
    if booking is None or not (booking.person_id == actor.person_id or actor.may("courses.manage_bookings")):
        raise NotFound("We cannot find that booking among yours. My learning lists them all.")
    return booking


def bookings_of_person(session: Session, person_id: int) -> list[Booking]:
    """All of a person's claims, with events, soonest first."""
    return list(
        session.scalars(
            sa.select(Booking)
            .join(Booking.event)
            .where(Booking.person_id == person_id)
            .options(
                joinedload(Booking.event).joinedload(Event.version),
                joinedload(Booking.event).joinedload(Event.course),
                joinedload(Booking.event).selectinload(Event.days).joinedload(EventDay.venue),
                joinedload(Booking.agency),
                joinedload(Booking.policy_version),
            )
            .order_by(Event.starts_at, Booking.id)
        )
    )


def leads_to_ask(session: Session, booking: Booking) -> list[AgencyLead]:
    """The agency's leads who can agree where somebody has no manager: never the delegate, by whichever mailbox."""
    if booking.agency is None:
        return []
    own, me = booking.person.own_addresses, booking.person_id
    leads = leads_of(session, booking.agency)
    return [each for each in leads if each.person_id != me and each.email and not is_own_mailbox(each.email, own)]


def domains_of(session: Session, agency_ids: Collection[int | None]) -> dict[int, set[str]]:
    """The address domains of agencies."""
    found: dict[int, set[str]] = {}
    asked = sa.select(AgencyDomain.agency_id, AgencyDomain.domain).where(AgencyDomain.agency_id.in_(agency_ids))
    for agency_id, domain in session.execute(asked):
        found.setdefault(agency_id, set()).add(domain)
    return found


def is_outside(booking: Booking, domains: dict[int, set[str]]) -> bool:
    """Whether the manager's address is at none of the agency's domains: taken, and marked for the office."""
    return bool(booking.manager_email) and domain_of(booking.manager_email) not in domains.get(
        booking.agency_id or 0, ()
    )
