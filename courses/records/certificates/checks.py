"""What must be true of certificates, for `lms check`."""

from collections.abc import Iterator

import sqlalchemy as sa

from courses.booking.bookings.models import Booking
from courses.booking.bookings.rules import Outcome
from courses.programme.events.models import Event
from courses.records.certificates.models import AwaitedEvaluation, Certificate
from courses.records.certificates.rules import CertificateState
from lms.frame.work import Work


def missing_certificates(work: Work) -> Iterator[str]:
    """Attended, nothing awaited, and no certificate. History was never issued one unless somebody asked."""
    has_one = sa.exists().where(Certificate.booking_id == Booking.id, Certificate.state == CertificateState.VALID)
    is_awaited = sa.exists().where(AwaitedEvaluation.booking_id == Booking.id, AwaitedEvaluation.answered_at.is_(None))
    rows = work.session.execute(
        sa.select(Event.ref, Booking.id)
        .join(Event, Event.id == Booking.event_id)
        .where(Booking.outcome == Outcome.ATTENDED, Event.is_history.is_(False), Event.finalised_at.is_not(None))
        .where(~has_one, ~is_awaited)
        .order_by(Event.ref, Booking.id)
    )
    for ref, booking_id in rows:
        yield f"Event {ref}: booking {booking_id} was attended and has no certificate."


def undeserved_certificates(work: Work) -> Iterator[str]:
    """Valid, although the booking was not attended."""
    rows = work.session.execute(
        sa.select(Certificate.serial, Certificate.booking_id)
        .join(Booking, Booking.id == Certificate.booking_id)
        .where(Certificate.state == CertificateState.VALID)
        .where(sa.or_(Booking.outcome.is_(None), Booking.outcome != Outcome.ATTENDED))
        .order_by(Certificate.serial)
    )
    for serial, booking_id in rows:
        yield f"Certificate {serial} is valid, but booking {booking_id} was not attended."
