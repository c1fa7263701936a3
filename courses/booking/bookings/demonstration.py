"""The demonstration's bookings: who asked for each event, and what became of every claim."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from random import Random
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import selectinload

from courses.booking.bookings.claims.demonstration import ClaimMoments, InventedClaim, ask, fill
from courses.booking.bookings.models import AccessNeeds, Booking
from courses.booking.bookings.people.demonstration import Cast, gather_cast
from courses.booking.bookings.rules import BookingSource, BookingState, Outcome, access_needs_go_on
from courses.programme.events.demonstration import event_rows
from courses.programme.events.models import Event
from courses.programme.events.rules import EventState
from lms.frame.demonstration import Row, chance, read_rows
from lms.frame.work import Work
from lms.kit.working_days import london_date
from lms.people.models import Person
from lms.policies.models import PolicyVersion
from lms.policies.queries import policy_in_force, terms_of

OUTCOMES = {
    Outcome.ATTENDED: 845,
    Outcome.PART_ATTENDED: 40,
    Outcome.DID_NOT_ATTEND: 107,
    Outcome.TURNED_AWAY: 8,
}
SOURCES = {BookingSource.DELEGATE: 78, BookingSource.COORDINATOR: 13, BookingSource.AGENCY_LEAD: 9}
REASONS = (
    "Court hearing that morning",
    "Annual leave agreed after I booked",
    "Short of staff that week",
    "I have moved to another team",
    "Booked by mistake",
    "Child care fell through",
    "A later date suits me better",
    "",
)
NEEDS = (
    ("Hearing loop", ""),
    ("Step-free access and a parking bay", ""),
    ("", "Vegetarian"),
    ("", "Halal"),
    ("Slides in advance, large print", ""),
    ("", "No nuts"),
    ("A quiet place at the break", ""),
    ("A private room at midday, I am breastfeeding", ""),
    ("British Sign Language interpreter, booked through my agency", ""),
    ("", "Gluten free"),
)
SHARE_WITH_NEEDS = 0.09
SHARE_WITH_WALK_INS = 0.3


@dataclass
class BookingsMaking:
    """What is at hand while the events' bookings are told, one event after the other."""

    work: Work
    cast: Cast
    policy: PolicyVersion
    random: Random = field(default_factory=lambda: chance("bookings"))


def load(work: Work) -> None:
    """Add the bookings of every event, oldest first."""
    telling = BookingsMaking(work, gather_cast(work), policy_in_force(work.session, work.now))
    events = {event.ref: event for event in work.session.scalars(_events())}
    known = read_rows(__file__)
    for row in known:
        telling.cast.reserve(events[row["event_ref"]], row["person_ref"])
    bookings: list[Booking] = []
    for row in event_rows():
        those = [each for each in known if each["event_ref"] == row["ref"]]
        bookings += _bookings(telling, events[row["ref"]], row, those)
    bookings.sort(key=lambda booking: (booking.booked_at, booking.event_id, booking.person_id))
    work.session.add_all(bookings)
    work.session.flush()


def _events() -> Any:
    return (
        sa.select(Event)
        .options(selectinload(Event.days), selectinload(Event.trainers), selectinload(Event.version))
        .order_by(Event.id)
    )


def _bookings(telling: BookingsMaking, event: Event, row: Row, known: list[Row]) -> list[Booking]:
    """All bookings of an event: those whom the demonstration knows by name in their part, others in the rest."""
    claims = _claims(telling, event, row)
    parts = dict(_parts(claims, known))
    others = telling.cast.choose(telling.random, event, len(claims) - len(parts))
    bookings = []
    for claim in claims:
        part = parts.get(id(claim))
        person = telling.cast.people[part["person_ref"]] if part else next(others)
        bookings.append(_booking(telling, event, person, claim))
        if part:
            _play(telling, event, bookings[-1], part)
    if event.state is EventState.DELIVERED and telling.random.random() < SHARE_WITH_WALK_INS:
        walking_in = telling.cast.choose(telling.random, event, telling.random.randrange(1, 4))
        bookings += [_walk_in(telling, event, person) for person in walking_in]
    return bookings


def _claims(telling: BookingsMaking, event: Event, row: Row) -> list[InventedClaim]:
    if event.published_at is None:
        return []
    now = event.cancelled_at or telling.work.now
    span = ClaimMoments(
        opens=event.published_at,
        closes=min(event.booking_closes_at, now),
        free_until=min(event.free_until, now),
        starts=min(event.starts_at, now),
    )
    confirmed, waiting, giving_up = int(row["confirmed"]), int(row["waiting"]), int(row["cancelled"])
    claims = ask(telling.random, span, confirmed + waiting + giving_up, giving_up)
    fill(claims, event.largest_capacity)
    for claim in claims:
        if event.state is EventState.CANCELLED and claim.state is not BookingState.CANCELLED:
            claim.state, claim.place = BookingState.RELEASED, None
        elif event.starts_at <= now and claim.state is BookingState.WAITING:
            claim.state = BookingState.LAPSED
    return claims


def _parts(claims: list[InventedClaim], known: list[Row]) -> Iterable[tuple[int, Row]]:
    """Give each person known by name a claim of the state that they are known for, in order of asking."""
    for state in dict.fromkeys(row["state"] for row in known):
        fitting = [claim for claim in claims if claim.state == state]
        if state == BookingState.CONFIRMED:
            fitting = fitting[::-1]
        yield from zip(map(id, fitting), (row for row in known if row["state"] == state), strict=False)


def _booking(telling: BookingsMaking, event: Event, person: Person, claim: InventedClaim) -> Booking:
    random = telling.random
    source = random.choices(list(SOURCES), list(SOURCES.values()))[0]
    booked_by = telling.cast.who_books(source, person)
    booking = Booking(
        event_id=event.id,
        person_id=person.id,
        agency_id=telling.cast.agency_then(person, london_date(claim.asked_at)),
        role_group_id=person.role_group_id,
        policy_version_id=telling.policy.id,
        state=claim.state,
        source=source if booked_by is not person else BookingSource.DELEGATE,
        place_number=claim.place,
        booked_at=claim.asked_at,
        booked_by_id=booked_by.id,
        queued_at=claim.queued_at,
        confirmed_at=claim.confirmed_at,
        accepted_at=claim.confirmed_at if claim.queued_at else None,
        free_until=event.free_until,
        manager_name=person.manager_name,
        manager_email=person.manager_email,
        phone_on_day=person.phone,
        declared_at=claim.asked_at,
    )
    if claim.state in (BookingState.CANCELLED, BookingState.RELEASED):
        _give_up(telling, event, booking, claim.gives_up_at)
    elif claim.state is BookingState.LAPSED:
        booking.cancelled_at = event.starts_at
    elif claim.state is BookingState.CONFIRMED and event.state is EventState.DELIVERED:
        booking.outcome = random.choices(list(OUTCOMES), list(OUTCOMES.values()))[0]
    if random.random() < SHARE_WITH_NEEDS:
        _need(telling, event, booking, *random.choice(NEEDS))
    return booking


def _give_up(telling: BookingsMaking, event: Event, booking: Booking, gave_up_at: datetime | None) -> None:
    """Cancelled by the person, or released because the event was cancelled."""
    booking.calendar_sequence = 1
    if booking.state is BookingState.CANCELLED:
        booking.cancelled_at, booking.cancelled_by_id = gave_up_at, booking.booked_by_id
        booking.cancel_reason = telling.random.choice(REASONS)
    else:
        booking.cancelled_at, booking.cancelled_by_id = event.cancelled_at, telling.cast.coordinator.id
        booking.cancel_reason = event.cancel_reason


def _play(telling: BookingsMaking, event: Event, booking: Booking, part: Row) -> None:
    """Let somebody known by name do what the table says of them."""
    booking.outcome = Outcome(part["outcome"]) if part["outcome"] else None
    booking.source, booking.booked_by_id = BookingSource.DELEGATE, booking.person_id
    booking.needs = None
    if part["needs"] or part["food"]:
        _need(telling, event, booking, part["needs"], part["food"])


def _need(telling: BookingsMaking, event: Event, booking: Booking, needs: str, food: str) -> None:
    """Say what somebody needs on the day, unless the time to keep it has passed."""
    kept = terms_of(telling.policy).access_needs_kept_days
    last_day = access_needs_go_on(london_date(event.ends_at), kept)
    is_kept = last_day >= london_date(telling.work.now)
    if is_kept and booking.state in (BookingState.CONFIRMED, BookingState.WAITING):
        booking.needs = AccessNeeds(needs=needs, food=food, delete_after=last_day)


def _walk_in(telling: BookingsMaking, event: Event, person: Person) -> Booking:
    return Booking(
        event_id=event.id,
        person_id=person.id,
        agency_id=telling.cast.agency_then(person, london_date(event.starts_at)),
        role_group_id=person.role_group_id,
        policy_version_id=telling.policy.id,
        state=BookingState.CONFIRMED,
        source=BookingSource.WALK_IN,
        booked_at=event.starts_at,
        booked_by_id=min(trainer.id for trainer in event.trainers),
        confirmed_at=event.starts_at,
        free_until=event.free_until,
        manager_name=person.manager_name,
        manager_email=person.manager_email,
        outcome=Outcome.ATTENDED,
    )
