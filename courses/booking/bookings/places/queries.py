"""Places taken, offered and held, counted: the numbers that `places.rules` decides by."""

from collections import Counter, defaultdict
from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload

from courses.booking.bookings.models import Booking
from courses.booking.bookings.places.models import Offer, PlaceHold
from courses.booking.bookings.places.rules import OfferEnd, Room, WaitingClaim
from courses.booking.bookings.queries import IN_QUEUE
from courses.booking.bookings.rules import LIVE_STATES, BookingState
from courses.programme.events.models import Event
from courses.questions import Claims, ClaimsOn, Places, PlacesHeldBy
from lms.agencies.models import Agency
from lms.frame.links import SignedLink, row_number, several, short_text
from lms.frame.work import Work
from lms.mail.models import OutboxLetter
from lms.mail.rules import LetterState

NO_SUCH_LINK = "This link does not work or has expired. My learning shows how you are booked."


def _offer_and_reader(value: Any) -> tuple[int, int, str]:
    """An offer, who it is for and where we wrote; only the offer in letters of a release that signed no more."""
    if type(value) is int:
        return row_number(value), 0, ""
    offer, person, address = several(row_number, row_number, short_text)(value)
    return offer, person, address


ANSWER = SignedLink("courses.offers.answer", _offer_and_reader, NO_SUCH_LINK)
HOLDS_A_PLACE = sa.and_(Offer.ended_at.is_(None), Offer.place_number.is_not(None))


def taken_places(session: Session, event_id: int) -> set[int]:
    """The numbers of the places that somebody holds or is offered. Count them only with the event locked."""
    booked = sa.select(Booking.place_number).where(Booking.event_id == event_id, Booking.place_number.is_not(None))
    offered = sa.select(Offer.place_number).where(Offer.event_id == event_id, HOLDS_A_PLACE)
    return {number for number in session.scalars(sa.union_all(booked, offered)) if number is not None}


def places_held_by_offers(event_ids: Collection[int]) -> sa.Select[int, int | None]:
    """Event and number of each place that is held for somebody who has not answered yet."""
    return sa.select(Offer.event_id, Offer.place_number).where(Offer.event_id.in_(event_ids), HOLDS_A_PLACE)


def room_of(session: Session, event: Event, now: datetime) -> Room:
    """An event's places by sector, in three queries."""
    taken: Counter[int | None] = Counter()
    booked = (
        sa.select(Agency.sector_id, sa.func.count())
        .select_from(Booking)
        .outerjoin(Agency, Agency.id == Booking.agency_id)
        .group_by(Agency.sector_id)
    )
    for some in (
        booked.where(Booking.event_id == event.id, Booking.place_number.is_not(None)),
        booked.join(Offer, Offer.booking_id == Booking.id).where(Offer.event_id == event.id, HOLDS_A_PLACE),
    ):
        for sector, number in session.execute(some):
            taken[sector] += number
    holds = sa.select(PlaceHold.sector_id, PlaceHold.places).where(PlaceHold.event_id == event.id, is_held(now))
    return Room(event.capacity, taken, {row.sector_id: row.places for row in session.execute(holds)})


def is_held(now: datetime) -> sa.ColumnElement[bool]:
    """A hold that neither its moment nor somebody has released."""
    return sa.and_(PlaceHold.released_at.is_(None), PlaceHold.held_until >= now)


def places_offered(event_ids: Collection[int]) -> sa.Select[int, int]:
    """How many places of each event are held for somebody who has not answered yet."""
    return (
        sa.select(Offer.event_id, sa.func.count())
        .where(Offer.event_id.in_(event_ids), HOLDS_A_PLACE)
        .group_by(Offer.event_id)
    )


def places_kept(event_ids: Collection[int]) -> sa.Select[int, int]:
    """How many places of each event are held for a sector and not used by it yet, a row for each hold."""
    used = (
        sa.select(sa.func.count(Booking.id))
        .join(Agency, Agency.id == Booking.agency_id)
        .where(Booking.event_id == PlaceHold.event_id, Agency.sector_id == PlaceHold.sector_id)
        .where(
            sa.or_(
                Booking.place_number.is_not(None),
                sa.exists().where(Offer.booking_id == Booking.id, HOLDS_A_PLACE),
            )
        )
        .correlate(PlaceHold)
        .scalar_subquery()
    )
    left = sa.case((PlaceHold.places > used, PlaceHold.places - used), else_=0)
    return sa.select(PlaceHold.event_id, left).where(PlaceHold.event_id.in_(event_ids), PlaceHold.released_at.is_(None))


def live_offer(session: Session, booking_id: int) -> Offer | None:
    """The offer that somebody has not answered yet."""
    return session.scalar(sa.select(Offer).where(Offer.booking_id == booking_id, Offer.ended_at.is_(None)))


def live_offers(session: Session, event_id: int) -> list[Offer]:
    """Every open offer of an event, the oldest first."""
    chosen = sa.select(Offer).where(Offer.event_id == event_id, Offer.ended_at.is_(None))
    return list(session.scalars(chosen.order_by(Offer.made_at, Offer.id)))


def last_offer_ends(work: Work, since: datetime) -> datetime | None:
    """Until when somebody can take a place by a letter that was written before."""
    chosen = Offer.made_at < since, Offer.ended_at.is_(None)
    return work.session.scalar(sa.select(sa.func.max(Offer.open_until)).where(*chosen))


def times_lapsed(session: Session, booking_id: int) -> int:
    """How many offers somebody let pass without an answer."""
    lapsed = sa.select(sa.func.count()).where(Offer.booking_id == booking_id, Offer.ended_as == OfferEnd.LAPSED)
    return session.scalar(lapsed) or 0


def asked_for(session: Session, offer: Offer) -> set[int]:
    """The bookings that were offered this very place before it was passed on."""
    first = offer.chain_id or offer.id
    chain = sa.select(Offer.booking_id).where(sa.or_(Offer.id == first, Offer.chain_id == first))
    return set(session.scalars(chain))


HAS_LEFT = frozenset({LetterState.SENDING, LetterState.SENT})
NO_SUCH_ADDRESS = frozenset({LetterState.REFUSED, LetterState.UNDELIVERABLE})


def letter_of(session: Session, offer: Offer) -> LetterState | None:
    """What became of the letter of an offer; None when there is none."""
    query = sa.select(OutboxLetter.state).where(
        OutboxLetter.booking_id == offer.booking_id, OutboxLetter.key == offer_key(offer)
    )
    return session.scalar(query)


def waiting_claims(session: Session, queue: Sequence[Booking]) -> list[WaitingClaim]:
    """A queue as the rules see it."""
    lost = not_reached(session, queue)
    return [WaitingClaim(each.id, sector_of(each), each.person.is_here, each.id not in lost) for each in queue]


def not_reached(session: Session, queue: Sequence[Booking]) -> set[int]:
    """Those whose last offer came back from the address that they still have."""
    about = OutboxLetter.booking_id.in_([each.id for each in queue]), OutboxLetter.kind == "courses.place_offered"
    found = sa.select(OutboxLetter.booking_id, OutboxLetter.state, OutboxLetter.sent_to).where(*about)
    last = {row.booking_id: row for row in session.execute(found.order_by(OutboxLetter.id))}
    people = {each.id: each.person for each in queue}
    return {
        booking_id
        for booking_id, row in last.items()
        if booking_id is not None and row.state in NO_SUCH_ADDRESS and row.sent_to == people[booking_id].email
    }


def offer_key(offer: Offer) -> str:
    """What makes its letter go once."""
    return f"courses.place_offered:{offer.booking.person_id}:{offer.booking_id}:{offer.id}"


def has_first_turn(session: Session, booking: Booking, course_id: int) -> bool:
    """Whether a place of this person in this course was taken back, and they have not asked for another date since."""
    own = sa.select(Booking.booked_at, Booking.cancelled_at, Booking.state, Booking.confirmed_at)
    own = own.join(Event, Event.id == Booking.event_id).where(Event.course_id == course_id)
    mine = own.where(Booking.person_id == booking.person.id, Booking.id != (booking.id or 0))
    rows = session.execute(mine.order_by(Booking.id)).all()
    taken_back = [
        row.cancelled_at for row in rows if row.state is BookingState.RELEASED and row.confirmed_at and row.cancelled_at
    ]
    return bool(taken_back) and not any(row.booked_at > max(taken_back) for row in rows)


def sector_of(booking: Booking) -> int | None:
    """The sector of the agency on the booking; none for a volunteer without an employer."""
    return booking.agency.sector_id if booking.agency is not None else None


def places_of(session: Session, event_ids: Collection[int]) -> dict[int, Places]:
    """Places of several events in one query; every id asked for is answered."""
    return {event_id: claims.places for event_id, claims in _claims(session, event_ids, None).items()}


def claims_on(work: Work, asked: ClaimsOn) -> dict[int, Claims]:
    """The places of events, and how one person is booked on them, in one query."""
    return _claims(work.session, asked.event_ids, asked.person_id)


def _claims(session: Session, event_ids: Collection[int], person_id: int | None) -> dict[int, Claims]:
    if not event_ids:
        return {}
    none, nothing = sa.literal(0), sa.literal("")
    is_theirs = sa.and_(Booking.person_id == (person_id or 0), Booking.state.in_(LIVE_STATES))
    booked = (
        sa.select(
            Booking.event_id,
            sa.func.count(Booking.place_number),
            sa.func.sum(sa.case((Booking.state.in_(IN_QUEUE), 1), else_=0)),
            none,
            none,
            sa.func.max(sa.case((is_theirs, sa.cast(Booking.state, sa.String)), else_="")),
        )
        .where(Booking.event_id.in_(event_ids))
        .group_by(Booking.event_id)
    )
    offered, kept = places_offered(event_ids).subquery(), places_kept(event_ids).subquery()
    numbers = {each: [0, 0, 0, 0] for each in event_ids}
    mine = dict.fromkeys(event_ids, "")
    for event_id, *some, state in session.execute(
        sa.union_all(
            booked,
            sa.select(offered.c[0], none, none, offered.c[1], none, nothing),
            sa.select(kept.c[0], none, none, none, kept.c[1], nothing),
        )
    ):
        numbers[event_id] = [before + more for before, more in zip(numbers[event_id], some, strict=True)]
        mine[event_id] = mine[event_id] or state
    return {event_id: Claims(Places(*found), mine[event_id]) for event_id, found in numbers.items()}


def places_held_by(work: Work, asked: PlacesHeldBy) -> dict[int, frozenset[int]]:
    """Who of these people comes to which of these events, in one query."""
    if not asked.event_ids or not asked.person_ids:
        return {}
    held: dict[int, set[int]] = defaultdict(set)
    found = sa.select(Booking.event_id, Booking.person_id).where(
        Booking.event_id.in_(asked.event_ids),
        Booking.person_id.in_(asked.person_ids),
        Booking.state == BookingState.CONFIRMED,
    )
    for event_id, person_id in work.session.execute(found):
        held[event_id].add(person_id)
    return {event_id: frozenset(people) for event_id, people in held.items()}


def queue_of(session: Session, event_id: int, *, with_open_offers: bool = False) -> list[Booking]:
    """The waiting list in its order, with the persons; with those, too, who may be first to accept an open offer."""
    waits = Booking.state == BookingState.WAITING
    if with_open_offers:
        is_open = sa.exists().where(
            Offer.booking_id == Booking.id, Offer.ended_at.is_(None), Offer.place_number.is_(None)
        )
        waits = sa.or_(waits, sa.and_(Booking.state == BookingState.OFFERED, is_open))
    return list(
        session.scalars(
            sa.select(Booking)
            .where(Booking.event_id == event_id, waits)
            .order_by(Booking.queued_at, Booking.id)
            .options(joinedload(Booking.person), joinedload(Booking.agency))
        )
    )
