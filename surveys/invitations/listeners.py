"""What becomes of invitations when bookings, events and registers change."""

import sqlalchemy as sa

from courses.booking.bookings.models import Booking
from courses.booking.bookings.rules import THERE
from courses.facts import (
    BookingCancelled,
    BookingConfirmed,
    CertificateAwaitsEvaluation,
    EventCancelled,
    EventMoved,
    MarksCorrected,
    OutcomeCorrected,
    PlaceSubstituted,
    RegisterFinalised,
)
from courses.programme.events.models import Event
from courses.records.certificates.services import evaluation_answered
from lms.frame.work import Work
from lms.kit.portions import portions
from lms.people.facts import PeopleLeft, PersonCameBack
from surveys.invitations.models import Answered, Invitation
from surveys.invitations.queries import was_answered
from surveys.invitations.rules import NotAsked
from surveys.invitations.services import (
    ask_after_all,
    ask_again,
    invite_attenders,
    invite_to_baseline,
    reckon_again,
    withdraw,
    withdraw_of_booking,
    withdraw_of_event,
)
from surveys.stages.rules import AFTER, BEFORE, GATES_CERTIFICATE, UNTIL_IT_BEGINS

HAS_LEFT = "They have left"
NOBODY_TO_WAIT_FOR = (NotAsked.OPTED_OUT, NotAsked.ERASED, NotAsked.NO_SURVEY)


def ask_where_they_start(work: Work, fact: BookingConfirmed) -> None:
    """Somebody holds a place, or has it back."""
    booking = work.session.get(Booking, fact.booking_id)
    if booking is not None:
        ask_after_all(work, booking.id, BEFORE)
        invite_to_baseline(work, booking)


def take_back_booking(work: Work, fact: BookingCancelled) -> None:
    """Somebody gave their place up."""
    withdraw_of_booking(work, fact.booking_id, "The booking was cancelled")


def take_back_substituted(work: Work, fact: PlaceSubstituted) -> None:
    """A colleague came instead."""
    withdraw_of_booking(work, fact.booking_id, "A colleague took the place")


def take_back_event(work: Work, fact: EventCancelled) -> None:
    """It will not run."""
    withdraw_of_event(work, fact.event_id, "The event was cancelled")


def follow_move(work: Work, fact: EventMoved) -> None:
    """What is asked before the event can be answered until it begins, whenever that is."""
    starts_at = work.session.get_one(Event, fact.event_id).starts_at
    work.session.execute(
        sa.update(Invitation)
        .where(Invitation.event_id == fact.event_id, Invitation.stage.in_(UNTIL_IT_BEGINS))
        .where(Invitation.sent_at.is_not(None))
        .values(closes_at=starts_at)
    )


def ask_attenders(work: Work, fact: RegisterFinalised) -> None:
    """Everybody who attended or part attended is asked; who was marked and did not attend after all is not."""
    for stage in AFTER:
        invite_attenders(work, stage, event_id=fact.event_id)
    not_there = work.session.scalars(
        sa.select(Invitation.booking_id)
        .join(Booking, Booking.id == Invitation.booking_id)
        .where(Invitation.event_id == fact.event_id, Invitation.stage.in_(AFTER), Invitation.withdrawn_at.is_(None))
        .where(sa.or_(Booking.outcome.is_(None), Booking.outcome.not_in(THERE)))
        .distinct()
        .order_by(Invitation.booking_id)
    ).all()
    for booking_id in not_there:
        withdraw_of_booking(work, booking_id, "Did not attend", AFTER)


def follow_correction(work: Work, fact: OutcomeCorrected) -> None:
    """Attended after all: asked. Not attended after all: taken back; an answer is kept and not counted."""
    if fact.now in THERE:
        ask_after_all(work, fact.booking_id, AFTER)
        for stage in AFTER:
            invite_attenders(work, stage, event_id=fact.event_id)
    else:
        withdraw_of_booking(work, fact.booking_id, "The register was corrected", AFTER)


def take_back_leavers(work: Work, fact: PeopleLeft) -> None:
    """Whoever has left is asked no more; what they answered is kept."""
    for some in portions(fact.person_ids):
        withdraw(work, Invitation.person_id.in_(some), ~was_answered(), reason=HAS_LEFT)


def ask_returner(work: Work, fact: PersonCameBack) -> None:
    """Here again: what was taken back for that is asked again."""
    ask_again(work, Invitation.person_id == fact.person_id, Invitation.withdrawn_reason == HAS_LEFT)


def follow_days(work: Work, fact: MarksCorrected) -> None:
    """The last day that they were there may be another one, and so the day on which they are asked."""
    reckon_again(work, fact.booking_id)


def settle_certificate(work: Work, fact: CertificateAwaitsEvaluation) -> None:
    """A certificate waits for the day's survey; not where that was answered, or where the person is not asked."""
    for stage in GATES_CERTIFICATE:
        invite_attenders(work, stage, event_id=fact.event_id)
    found = work.session.scalar(
        sa.select(Invitation)
        .where(Invitation.booking_id == fact.booking_id, Invitation.stage.in_(GATES_CERTIFICATE))
        .where(Invitation.withdrawn_at.is_(None))
    )
    is_answered = found is not None and work.session.get(Answered, found.id) is not None
    if found is None or is_answered or found.not_asked in NOBODY_TO_WAIT_FOR:
        evaluation_answered(work, fact.booking_id)
