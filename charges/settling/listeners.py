"""What becomes of charges when registers are finalised, people cancel late, and events or outcomes change."""

from collections.abc import Sequence

import sqlalchemy as sa

from charges.charge.models import Charge
from charges.charge.rules import LIVE
from charges.charge.services import Settled, settle
from charges.claims.queries import ClaimOnItsTerms, told, told_of
from charges.invoices.services import credit_charge
from courses.booking.bookings.models import Booking
from courses.facts import (
    BookingCancelled,
    BookingConfirmed,
    EventCancelled,
    EventPostponed,
    MarksCorrected,
    OutcomeCorrected,
    PlaceSubstituted,
    RegisterFinalised,
)
from lms.frame.work import Work


def charge_finalised_register(work: Work, fact: RegisterFinalised) -> None:
    """Propose a charge for each event day that somebody missed, and take back what turns out not to hold."""
    _settle(work, told(work.session, Booking.event_id == fact.event_id, Booking.confirmed_at.is_not(None)))


def charge_late_cancellation(work: Work, fact: BookingCancelled) -> None:
    """Propose a charge when a place was given up after free cancellation had ended."""
    if fact.is_late:
        _settle(work, told_of(work.session, [fact.booking_id]))


def follow_corrected_marks(work: Work, fact: MarksCorrected) -> None:
    """Corrected marks change what is charged, day by day: also where the outcome stays, as when absent was excused.

    What somebody cancelled late for the same event counts with it: they have a place after all.
    """
    theirs = (Booking.event_id == fact.event_id, Booking.person_id == fact.person_id, Booking.confirmed_at.is_not(None))
    _settle(work, told(work.session, *theirs), because=_because(fact.reason))


def follow_corrected_outcome(work: Work, fact: OutcomeCorrected) -> None:
    """A corrected register changes what is charged: void, credited where it was invoiced, or newly proposed."""
    _settle(work, told_of(work.session, [fact.booking_id]), because=_because(fact.reason))


def follow_substitution(work: Work, fact: PlaceSubstituted) -> None:
    """A colleague who takes the place clears the charge."""
    _settle(work, told_of(work.session, [fact.booking_id]))


def follow_new_place(work: Work, fact: BookingConfirmed) -> None:
    """Somebody who cancelled late and has a place again is not charged for cancelling; nor is whoever moved to another
    date, once somebody who waited has the place."""
    own = Booking.person_id == fact.person_id
    concerns = sa.or_(own, Booking.moved_to_id.is_not(None)) if fact.was_waiting else own
    mine = sa.select(Booking.id).where(Booking.event_id == fact.event_id, concerns)
    _settle_live(work, Charge.booking_id.in_(mine))


def follow_cancelled_event(work: Work, fact: EventCancelled) -> None:
    """Nobody pays for an event that did not run."""
    _settle_live(work, Charge.booking_id.in_(_bookings_of(fact.event_id)))


def follow_postponed_event(work: Work, fact: EventPostponed) -> None:
    """Nobody pays for an event that did not run on its date."""
    _settle_live(work, Charge.booking_id.in_(_bookings_of(fact.event_id)))


def _because(reason: str) -> str:
    return f"The register was corrected: {reason.rstrip('.')}."


def _bookings_of(event_id: int) -> sa.Select[int]:
    return sa.select(Booking.id).where(Booking.event_id == event_id)


def _settle_live(work: Work, chosen: sa.ColumnElement[bool]) -> None:
    ids = work.session.scalars(sa.select(Charge.booking_id).where(chosen, Charge.state.in_(LIVE)).distinct()).all()
    if ids:
        _settle(work, told_of(work.session, ids))


def _settle(work: Work, told_bookings: Sequence[ClaimOnItsTerms], *, because: str = "") -> Settled:
    work.session.flush()
    settled = settle(work, told_bookings, because=because)
    for charge in settled.to_credit:
        credit_charge(work, charge, because or "The charge turned out not to hold.")
    return settled
