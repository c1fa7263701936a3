"""What the links of a letter to whoever has a booking open, and which links a letter carries."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from courses.booking.acting.rules import can_join, links_of, why_ended
from courses.booking.bookings.models import Booking
from courses.booking.bookings.queries import OWN, event_with_days, steps_of
from courses.booking.bookings.rules import LIVE_STATES
from courses.booking.bookings.words import state_words
from courses.booking.links.queries import check_is_for, is_to
from courses.booking.offers.queries import LinkEnded
from courses.programme import words
from courses.programme.events.models import Event
from lms.frame.plugins import OwnLinks
from lms.frame.work import Work
from lms.kit.errors import NotFound
from lms.mail.models import OutboxLetter

OWN_KINDS = frozenset(
    f"courses.{each}"
    for each in (
        "booking_confirmed", "place_found", "place_taken", "booking_moved", "booking_restored", "reminder",
        "joining_instructions", "last_reminder", "event_moved", "event_place", "event_joining", "event_postponed",
        "waiting", "awaiting_manager", "offer_gone", "offer_lapsed", "changed_by_link",
    )
)  # fmt: skip
"""The letters to whoever has a booking that carry their links."""


@dataclass(frozen=True)
class OwnBooking:
    """A booking as its links show it: nothing of what its person told us, for whoever has the letter sees it."""

    booking: Booking
    token: str
    when: str
    where: str
    state: str
    links: list[tuple[str, str]]
    ended: LinkEnded | None
    can_join: bool


def own_booking(work: Work, token: str) -> OwnBooking:
    """The booking of a link. Raises NotFound for one that we did not sign, or that is not for who has it now:
    another address, another person, somebody who has left; NotAllowed for whoever is signed in as somebody else."""
    booking_id, person_id, address, number = OWN.read(work.site.settings, token)
    booking = work.session.get(Booking, booking_id)
    if booking is None:
        raise NotFound(OWN.words)
    check_is_for(work, booking, person_id, address, words=OWN.words)
    event, is_newest = event_with_days(work.session, booking.event_id), number == booking.links_number
    return OwnBooking(
        booking=booking,
        token=token,
        when=words.when(event),
        where=words.where(event),
        state=state_words(booking, person_id),
        links=links_of(booking.state, steps_of(booking, work.now)),
        ended=_ended(booking, event, work.now, is_newest=is_newest),
        can_join=can_join(booking.state, ends_at=event.ends_at, now=work.now, is_newest=is_newest),
    )


def _ended(booking: Booking, event: Event, now: datetime, *, is_newest: bool) -> LinkEnded | None:
    over = why_ended(
        booking.state, event.state, starts_at=event.starts_at, ends_at=event.ends_at, now=now, is_newest=is_newest
    )
    if over is None:
        return None
    stands = state_words(booking, booking.person_id)
    return LinkEnded(
        heading=over[0] or stands.removesuffix("."),
        why=over[1],
        now=stands if over[0] else "",
        title=event.version.title,
        course_code=event.course.code,
        when=words.when(event),
    )


def links_in_letter(work: Work, letter: OutboxLetter, address: str) -> Mapping[str, Any]:
    """The links of a letter about a booking to the very person who has it, as it goes; none of one that has ended."""
    booking = work.session.get(Booking, letter.booking_id) if letter.booking_id is not None else None
    if booking is None or booking.person.email != address or not is_to(work, letter, booking.person_id):
        return {}
    if _ended(booking, booking.event, work.now, is_newest=True) is not None:
        return {}
    signed = OWN.sign(work.site.settings, (booking.id, booking.person_id, address, booking.links_number))
    return {"own_token": signed, "own_links": links_of(booking.state, steps_of(booking, work.now))}


def last_own_ends(work: Work, since: datetime) -> datetime | None:
    """Until when something can be done by a link of a letter that was written before."""
    asked = sa.select(sa.func.max(Event.ends_at)).join(Booking, Booking.event_id == Event.id)
    return work.session.scalar(asked.where(Booking.booked_at < since, Booking.state.in_(LIVE_STATES)))


OWN_LINKS = OwnLinks(OWN_KINDS, links_in_letter)
