"""Undoing what somebody did by mistake: the place is theirs again, and whoever was told is told that it was undone."""

from collections.abc import Iterable, Mapping
from typing import Any

from courses.booking.bookings.asking.letters import approval_asked
from courses.booking.bookings.changes.queries import WAITS
from courses.booking.bookings.letters import waiting
from courses.booking.bookings.life import UNDO, UNDO_GIVING
from courses.booking.bookings.models import Booking
from courses.booking.bookings.places.queries import room_of, sector_of, taken_places
from courses.booking.bookings.places.services import (
    become,
    end_booking,
    fill_places,
    lock_claimant,
    lock_event,
)
from courses.booking.bookings.queries import free_until_by, live_booking, position_of
from courses.booking.bookings.rules import BookingState, next_place
from courses.booking.bookings.told_of.queries import days_in_calendar, manager_knows_of_place, unsent_of
from courses.booking.bookings.undoing import letters
from courses.booking.bookings.undoing.queries import (
    Heard,
    ended_claim,
    heard_of_end,
    heard_of_place,
    knows_the_turn,
)
from courses.booking.bookings.undoing.rules import (
    BOOKED_AGAIN,
    NEW_DATE_ENDED,
    NOT_THEIRS_ANY_MORE,
    PLACE_GONE,
    check_undo,
    had_claim_before,
)
from courses.facts import BookingCancelled, BookingConfirmed, PlaceSubstituted
from courses.programme import words
from courses.programme.events.models import Event
from lms.frame.locks import lock_rows
from lms.frame.work import Work
from lms.kit.errors import Conflict
from lms.mail.letters import Letter
from lms.mail.models import OutboxLetter
from lms.mail.outbox import withdraw_letters
from lms.people.models import Person
from lms.policies.queries import policy_in_force, terms_of

UNDONE = "Not sent: it was undone before it left."
MOVED_BACK = "The move to this date was undone"
WENT_BACK = "The place went back to {name}"


def undo(work: Work, booking: Booking) -> Booking:
    """Give a place back to whoever had it, by whoever gave it up, moved it or took it back, within the hour; or, until
    the start, by whoever gave it to a colleague. Raises Conflict when somebody else has it by now."""
    if booking.state is BookingState.TRANSFERRED:
        return _undo_move(work, booking)
    if booking.state is BookingState.SUBSTITUTED:
        return _undo_giving(work, booking)
    event = _locked(work, booking)
    place, heard = _free_place(work, event, booking), heard_of_end(work.session, booking)
    _restore(work, booking, place, {"undone": "given_up"}, heard)
    fill_places(work, event)
    return booking


def _undo_move(work: Work, booking: Booking) -> Booking:
    """The booking on the new date ends as if it had never been made, where it still stands."""
    new = work.session.get(Booking, booking.moved_to_id)
    for event_id in sorted({booking.event_id, new.event_id if new else booking.event_id}):
        lock_event(work, event_id)
    event = _locked(work, booking)
    if new is not None:
        work.session.refresh(new)
    if new is None or new.state is not BookingState.CONFIRMED or new.outcome is not None:
        raise Conflict(NEW_DATE_ENDED)
    place = _free_place(work, event, booking)
    heard, knew = heard_of_end(work.session, booking, new), manager_knows_of_place(work.session, new.id)
    in_calendar = days_in_calendar(work.session, new.id)
    _take_back(work, unsent_of(work.session, new.id))
    end_booking(work, new, BookingState.CANCELLED, MOVED_BACK)
    work.record("undone: the move to this date", new, booking=booking.id)
    said = {"undone": "moved", "not_moved_to": words.when(new.event), "was_booking_id": new.id}
    _restore(work, booking, place, said, heard, manager_heard=knew)
    if in_calendar:
        work.send(*letters.days_gone(work, new))
    work.tell(BookingCancelled(new.id, new.event_id, new.person_id, is_late=False))
    for each in sorted({event.id, new.event_id}):
        fill_places(work, lock_event(work, each))
    return booking


def _undo_giving(work: Work, booking: Booking) -> Booking:
    """The colleague's booking gives the place back, or waits again where it waited before."""
    theirs = work.session.get(Booking, booking.given_to_id)
    event = _locked(work, booking)
    if theirs is not None:
        work.session.refresh(theirs)
    if theirs is None or theirs.place_number is None or theirs.outcome is not None:
        raise Conflict(NOT_THEIRS_ANY_MORE)
    lock_rows(work.session, Person, {booking.person_id, theirs.person_id})
    place, heard = theirs.place_number, heard_of_end(work.session, booking)
    given_at = booking.cancelled_at or work.now
    _leave_place(work, booking, theirs, is_claim=had_claim_before(theirs.booked_at, theirs.queued_at, given_at))
    _restore(work, booking, place, {"undone": "given", "colleague": theirs.person.name}, heard)
    work.tell(PlaceSubstituted(theirs.id, booking.id, event.id))
    fill_places(work, event)
    return booking


def _locked(work: Work, booking: Booking) -> Event:
    """Its event, locked, where this can be undone, and nothing else is booked there."""
    event = lock_event(work, booking.event_id)
    work.session.refresh(booking)
    step = UNDO_GIVING if booking.state is BookingState.SUBSTITUTED else UNDO
    step.check(booking.state, has_started=work.now >= event.starts_at)
    check_undo(ended_claim(booking), work.actor.person_id, work.now)
    lock_claimant(work, booking.person_id)
    if live_booking(work.session, event.id, booking.person_id) is not None:
        raise Conflict(BOOKED_AGAIN)
    return event


def _free_place(work: Work, event: Event, booking: Booking) -> int:
    place = next_place(taken_places(work.session, event.id), event.capacity)
    if place is None or not room_of(work.session, event, work.now).open_to(sector_of(booking)):
        raise Conflict(PLACE_GONE)
    return place


def _restore(
    work: Work,
    booking: Booking,
    place: int,
    said: Mapping[str, Any],
    heard: Heard,
    *,
    manager_heard: bool = False,
) -> None:
    """The booking stands again, and whoever heard that it had ended hears so. Event locked."""
    _take_back(work, heard.unsent)
    become(booking, BookingState.CONFIRMED)
    booking.place_number = place
    booking.cancelled_at = booking.cancelled_by_id = booking.told_us_at = None
    booking.cancel_reason = booking.told_us_how = ""
    booking.moved_to_id = booking.given_to_id = None
    booking.is_moved_free = False
    booking.calendar_sequence += 1
    work.session.flush()
    work.record("undone: the booking stands again", booking, place=place)
    is_own = work.actor.person_id == booking.person_id
    said = {**said, "undone_by": "" if is_own else work.actor.name}
    if is_own or heard.of_end or not heard.is_all_of_it:
        kind = "" if is_own or heard.of_end else heard.first
        with_manager = manager_heard or not manager_knows_of_place(work.session, booking.id)
        work.send(*letters.booking_restored(work, booking, said, kind=kind, with_manager=with_manager))
    work.tell(BookingConfirmed(booking.id, booking.event_id, booking.person_id, was_waiting=False))


def _leave_place(work: Work, giver: Booking, theirs: Booking, *, is_claim: bool) -> None:
    """The colleague has the place no more; whoever waited before waits again in their old turn."""
    told, knew = heard_of_place(work.session, theirs), manager_knows_of_place(work.session, theirs.id)
    _take_back(work, (row for row in unsent_of(work.session, theirs.id) if row.kind not in WAITS))
    if is_claim:
        _wait_again(work, theirs)
    else:
        end_booking(work, theirs, BookingState.SUBSTITUTED, WENT_BACK.format(name=giver.person.name))
    work.record("undone: the place went back", theirs, to=giver.person.name, booking=giver.id)
    is_waiting = theirs.state is BookingState.WAITING
    said = {
        "colleague": giver.person.name,
        "now": theirs.state.value if is_claim else "",
        "position": position_of(work.session, theirs) if is_waiting else 0,
    }
    if told:
        work.send(*letters.place_returned(work, theirs, said, with_manager=knew))
    elif is_claim and not knows_the_turn(work.session, theirs):
        work.send(*_of_claim(work, theirs))


def _wait_again(work: Work, theirs: Booking) -> None:
    """As it was before the place came: its turn, its own terms."""
    become(theirs, BookingState.WAITING if theirs.queued_at is not None else BookingState.AWAITING_MANAGER)
    theirs.place_number = theirs.confirmed_at = theirs.accepted_at = None
    theirs.policy_version = policy_in_force(work.session, theirs.booked_at)
    theirs.free_until = free_until_by(terms_of(theirs.policy_version), theirs.event)
    theirs.calendar_sequence += 1
    work.session.flush()


def _of_claim(work: Work, theirs: Booking) -> list[Letter]:
    """What somebody who waits was never told, or was told of other days."""
    if theirs.state is BookingState.WAITING:
        return [waiting(work, theirs, position_of(work.session, theirs))]
    return approval_asked(work, theirs, f"again-{theirs.calendar_sequence}")


def _take_back(work: Work, rows: Iterable[OutboxLetter]) -> None:
    withdraw_letters(work.session, OutboxLetter.id.in_([row.id for row in rows]), why=UNDONE)
