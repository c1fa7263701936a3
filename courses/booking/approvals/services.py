"""Agreeing to a booking or not, and what becomes of requests that nobody answers."""

from dataclasses import replace
from functools import partial

from courses.booking.approvals.queries import awaiting
from courses.booking.approvals.rules import check_can_answer, check_refusal, is_asked_again
from courses.booking.bookings.asking import letters
from courses.booking.bookings.life import AGREE
from courses.booking.bookings.models import Booking
from courses.booking.bookings.places.services import claim_place, end_booking, lock_claimant, lock_event
from courses.booking.bookings.rules import BookingState
from courses.booking.bookings.services import tell_claim
from courses.booking.bookings.words import name_of_manager
from courses.programme.events.models import Event
from courses.programme.events.rules import EventState
from lms.frame.access import Actor
from lms.frame.plugins import Portion
from lms.frame.work import Work
from lms.kit.errors import NotAllowed, NotFound
from lms.kit.working_days import is_late
from lms.mail.models import OutboxLetter
from lms.mail.outbox import withdraw_letters

ANOTHER_MANAGER = "Not sent: someone else is the line manager on this booking now."
NO_ANSWER = "The line manager did not answer before booking closed"


def as_manager(work: Work, booking: Booking) -> Work:
    """The same work by the line manager: without an account, but known by the link of the letter to their address.

    Whoever is signed in acts as themselves.
    """
    if work.actor.is_signed_in or not booking.manager_email:
        return work
    name = f"{name_of_manager(booking)} (line manager, by link)"
    return replace(work, actor=Actor(name, address=booking.manager_email))


def agree_booking(work: Work, booking_id: int) -> Booking:
    """The manager agrees: a place, or the turn in the list from when it was asked. Raises Conflict when it is over."""
    booking, event = _awaited(work, booking_id)
    lock_claimant(work, booking.person_id)
    booking.manager_agreed_at, booking.queued_at = work.now, booking.booked_at
    claim_place(work, event, booking)
    work.session.flush()
    work.record("line manager agreed", booking, state=booking.state, place=booking.place_number)
    tell_claim(work, event, booking)
    return booking


def refuse_booking(work: Work, booking_id: int, reason: str = "") -> Booking:
    """The manager does not agree: the request ends, and the delegate is told why."""
    reason = check_refusal(reason)
    booking, _ = _awaited(work, booking_id)
    end_booking(work, booking, BookingState.DECLINED, reason)
    work.record("line manager did not agree", booking)
    work.send(letters.not_agreed(work, booking, is_refused=True))
    return booking


def ask_another(work: Work, booking: Booking, name: str, address: str) -> None:
    """Another line manager is named on a booking, or none: where agreement is awaited, they or the leads are asked.

    What has not left to the one before is withdrawn. Event locked.
    """
    before = OutboxLetter.booking_id == booking.id, OutboxLetter.to_address == booking.manager_email
    withdraw_letters(work.session, *before, OutboxLetter.person_id.is_(None), why=ANOTHER_MANAGER)
    booking.manager_name, booking.manager_email = name, address
    work.session.flush()
    work.record("another line manager named", booking)
    if AGREE.is_open(booking.state):
        work.send(*letters.approval_asked(work, booking, f"to-{work.now:%Y%m%dT%H%M%S%f}"))


def follow_up(work: Work) -> list[Portion]:
    """Ask managers once more after three working days; end requests when booking has closed."""
    return [partial(follow_up_request, booking_id=each.id) for each in awaiting(work.session)]


def follow_up_request(work: Work, *, booking_id: int) -> None:
    """The same for one request, read again once its event is locked: the manager may answer just now."""
    booking = work.session.get_one(Booking, booking_id)
    event = lock_event(work, booking.event_id)
    work.session.refresh(booking)
    if event.state is not EventState.PUBLISHED or not AGREE.is_open(booking.state):
        return
    if is_late(work.now, event.booking_closes_at):
        end_booking(work, booking, BookingState.LAPSED, NO_ANSWER)
        work.record("lapsed: the line manager did not answer", booking)
        work.send(letters.not_agreed(work, booking, is_refused=False))
    elif is_asked_again(booking.booked_at, work.now):
        work.send(*letters.approval_asked(work, booking, "2"))


def _awaited(work: Work, booking_id: int) -> tuple[Booking, Event]:
    booking = work.session.get(Booking, booking_id)
    if booking is None:
        raise NotFound("We cannot find that request.")
    if work.actor.person_id == booking.person_id:
        raise NotAllowed(
            "No one agrees to their own booking. Your line manager, agency lead or the training team does."
        )
    event = lock_event(work, booking.event_id)
    work.session.refresh(booking)
    check_can_answer(
        is_awaited=AGREE.is_open(booking.state) and event.state is EventState.PUBLISHED,
        closes_at=event.booking_closes_at,
        now=work.now,
    )
    return booking, event
