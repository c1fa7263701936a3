"""Recurring work about bookings: reminders, and places that are free while somebody waits."""

from itertools import groupby

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from courses.booking.bookings import letters
from courses.booking.bookings.models import Booking
from courses.booking.bookings.queries import reminder_days
from courses.booking.bookings.rules import BookingState, reminder_moments, reminders_due
from courses.booking.places.models import Offer
from courses.booking.places.services import fill_places, let_lapse, lock_event, release_past_holds, send_all
from courses.programme.events.models import Event
from courses.programme.events.rules import EventState
from lms.frame.work import Work
from lms.kit.working_days import london_date, working_days_after
from lms.policies.queries import policy_in_force, terms_of


def send_reminders(work: Work) -> None:
    """Remind everybody who holds a place 10, 5 and 1 working days before. Safe to run as often as wanted."""
    policy = terms_of(policy_in_force(work.session, work.now))
    working_days = reminder_days(policy)
    for event, bookings in groupby(_confirmed_for_coming_events(work, max(working_days.values())), lambda b: b.event):
        moments = reminder_moments(london_date(event.starts_at), working_days)
        for booking in bookings:
            confirmed_at = booking.confirmed_at or booking.booked_at
            known = max(confirmed_at, event.moved_at or confirmed_at)
            for which in reminders_due(moments, known_since=known, starts_at=event.starts_at, now=work.now):
                send_all(work, letters.reminder(work, booking, which))


def move_people_up(work: Work) -> None:
    """Let offers lapse that nobody answered, release places whose hold is over, and offer what is free.

    Wherever an import or a return left a place: nobody waits beside a free one.
    """
    lapsed = sa.select(Offer).where(Offer.ended_at.is_(None), Offer.open_until <= work.now).order_by(Offer.id)
    for offer in work.session.scalars(lapsed).all():
        lock_event(work, offer.event_id)
        work.session.refresh(offer)
        if offer.ended_at is None:
            let_lapse(work, offer)
    release_past_holds(work)
    waited_for = (
        sa.select(Event)
        .where(Event.state == EventState.PUBLISHED, Event.starts_at > work.now)
        .where(Event.id.in_(sa.select(Booking.event_id).where(Booking.state == BookingState.WAITING)))
        .order_by(Event.id)
    )
    for event in work.session.scalars(waited_for).all():
        fill_places(work, event)


def _confirmed_for_coming_events(work: Work, working_days: int) -> list[Booking]:
    last_day = working_days_after(london_date(work.now), working_days + 1)
    return [
        booking
        for booking in work.session.scalars(
            sa.select(Booking)
            .join(Booking.event)
            .where(Booking.state == BookingState.CONFIRMED, Booking.outcome.is_(None))
            .where(Event.state == EventState.PUBLISHED, Event.starts_at > work.now)
            .options(joinedload(Booking.event), joinedload(Booking.person), joinedload(Booking.policy_version))
            .order_by(Event.starts_at, Event.id, Booking.id)
        )
        if london_date(booking.event.starts_at) <= last_day
    ]
