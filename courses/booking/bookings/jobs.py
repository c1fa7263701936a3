"""Recurring work about bookings, an event at a time: reminders, and places that are free while somebody waits."""

from functools import partial

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from courses.booking.bookings import letters
from courses.booking.bookings.changes.queries import CHANGES
from courses.booking.bookings.changes.services import live_bookings, take_back_of, tell_again
from courses.booking.bookings.models import Booking
from courses.booking.bookings.places.lapsing.services import let_lapse, offer_again
from courses.booking.bookings.places.models import Offer, PlaceHold
from courses.booking.bookings.places.queries import letter_of, live_offers
from courses.booking.bookings.places.services import (
    fill_places,
    lock_event,
    release_past_holds,
)
from courses.booking.bookings.queries import reminder_days
from courses.booking.bookings.rules import BookingState, free_again_until, reminder_moments, reminders_due
from courses.programme.events.models import Event
from courses.programme.events.rules import EventState
from lms.frame.plugins import Portion
from lms.frame.work import Work
from lms.kit.working_days import london_date, working_days_after
from lms.mail.models import OutboxLetter
from lms.mail.rules import LetterState, leaves_at
from lms.policies.queries import policy_in_force, terms_of


def send_reminders(work: Work) -> list[Portion]:
    """Remind everybody who holds a place 10, 5 and 1 working days before. Safe to run as often as wanted."""
    working_days = reminder_days(terms_of(policy_in_force(work.session, work.now)))
    last_day = working_days_after(london_date(work.now), max(working_days.values()) + 1)
    coming = (
        sa.select(Event.id, Event.starts_at)
        .where(Event.state == EventState.PUBLISHED, Event.starts_at > work.now)
        .where(Event.id.in_(sa.select(Booking.event_id).where(*_TO_REMIND)))
        .order_by(Event.id)
    )
    rows = work.session.execute(coming)
    return [partial(remind_event, event_id=each.id) for each in rows if london_date(each.starts_at) <= last_day]


def remind_event(work: Work, *, event_id: int) -> None:
    """The letters before one event that are due now, to those who hold a place now."""
    event = work.session.get_one(Event, event_id)
    if event.state is not EventState.PUBLISHED:
        return
    working_days = reminder_days(terms_of(policy_in_force(work.session, work.now)))
    moments = reminder_moments(london_date(event.starts_at), working_days)
    for booking in _to_remind(work, event_id):
        confirmed_at = booking.confirmed_at or booking.booked_at
        known = max(confirmed_at, event.moved_at or confirmed_at)
        for which in reminders_due(moments, known_since=known, starts_at=event.starts_at, now=work.now):
            work.send(*letters.reminder(work, booking, which))


_TO_REMIND = (Booking.state == BookingState.CONFIRMED, Booking.outcome.is_(None))


def _to_remind(work: Work, event_id: int) -> list[Booking]:
    chosen = sa.select(Booking).where(Booking.event_id == event_id, *_TO_REMIND).order_by(Booking.id)
    with_people = chosen.options(joinedload(Booking.person), joinedload(Booking.policy_version))
    return list(work.session.scalars(with_people))


def move_people_up(work: Work) -> list[Portion]:
    """Let offers lapse that nobody answered, release places whose hold is over, and offer what is free.

    Wherever an import or a return left a place: nobody waits beside a free one.
    """
    lapsed = sa.select(Offer.event_id).where(*_unanswered(work))
    unread = sa.select(Offer.event_id).where(Offer.ended_at.is_(None), Offer.place_number.is_not(None))
    over = sa.select(PlaceHold.event_id).where(PlaceHold.released_at.is_(None), PlaceHold.held_until < work.now)
    waited_for = (
        sa.select(Event.id)
        .where(Event.state == EventState.PUBLISHED, Event.starts_at > work.now)
        .where(Event.id.in_(sa.select(Booking.event_id).where(Booking.state == BookingState.WAITING)))
    )
    ids = sa.union(lapsed, unread, over, waited_for).subquery()
    return [partial(move_up_in, event_id=each) for each in work.session.scalars(sa.select(ids.c[0]).order_by(ids.c[0]))]


def move_up_in(work: Work, *, event_id: int) -> None:
    """The same in one event, which is locked before anything of it is read."""
    event = lock_event(work, event_id)
    lapsed = sa.select(Offer).where(Offer.event_id == event_id, *_unanswered(work)).order_by(Offer.id)
    for offer in work.session.scalars(lapsed).all():
        if offer.ended_at is None:  # the one before may have gone to whoever had this one
            let_lapse(work, offer)
    for offer in live_offers(work.session, event_id):
        if offer.place_number is not None and letter_of(work.session, offer) in WILL_NOT_BE_READ:
            offer_again(work, offer)
    release_past_holds(work, event_id)
    fill_places(work, event)


WILL_NOT_BE_READ = frozenset({LetterState.REFUSED, LetterState.WITHDRAWN, LetterState.GIVEN_UP})


def _unanswered(work: Work) -> tuple[sa.ColumnElement[bool], ...]:
    return Offer.ended_at.is_(None), Offer.open_until <= work.now


def renew_late_letters(work: Work) -> list[Portion]:
    """Letters about a move that did not leave on the day for which they say until when cancelling is free."""
    ids = work.session.scalars(sa.select(OutboxLetter.event_id).where(*_LEFT_LATE, _is_past(work)).distinct())
    return [partial(renew_letters_of, event_id=each) for each in ids if each is not None]


def renew_letters_of(work: Work, *, event_id: int) -> None:
    """The same of one event: free until the second working day after the letter leaves, and said so."""
    event = lock_event(work, event_id)
    if event.state is not EventState.PUBLISHED or event.starts_at <= work.now:
        return
    late = sa.select(OutboxLetter).where(*_LEFT_LATE, _is_past(work), OutboxLetter.event_id == event_id)
    last = {row.booking_id: row for row in work.session.scalars(late.order_by(OutboxLetter.id))}
    told_since = sa.select(OutboxLetter.booking_id, sa.func.max(OutboxLetter.id)).where(
        OutboxLetter.kind.in_(CHANGES), OutboxLetter.event_id == event_id
    )
    newest = dict(work.session.execute(told_since.group_by(OutboxLetter.booking_id)).all())
    for booking in live_bookings(work, event_id):
        row = last.get(booking.id)
        if row is None or newest[booking.id] != row.id or row.event_version != event.told_version:
            continue
        take_back_of(work, booking, LEFT_LATE)
        terms = terms_of(booking.policy_version)
        left_on = london_date(leaves_at(work.now, event.starts_at))
        booking.free_until = free_again_until(
            booking.free_until, left_on, terms.reconfirm_working_days, event.starts_at
        )
        booking.calendar_sequence += 1
        work.record("told anew that the event moved", booking)
        tell_again(work, booking, row)


LEFT_LATE = "Not sent: it could not leave on its day, and another says until when cancelling is free now."
_LEFT_LATE = (
    OutboxLetter.kind.in_(["courses.event_moved", "courses.event_place"]),
    OutboxLetter.state.in_([LetterState.WAITING, LetterState.WITHDRAWN]),
    OutboxLetter.booking_id.is_not(None),
)


def _is_past(work: Work) -> sa.ColumnElement[bool]:
    return OutboxLetter.good_until < work.now
