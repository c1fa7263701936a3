"""The letters about certificates, and the reminders to refresh a course in time."""

from datetime import date
from typing import Any

from courses.booking.bookings.models import Booking
from courses.records.certificates.models import Certificate
from courses.records.certificates.rules import RefresherReminder
from lms.kit.letters import Letter
from lms.kit.words import duration, long_date


def certificate_issued(certificate: Certificate) -> Letter:
    """Once per certificate: where to find it, and how others check it."""
    return Letter(
        kind="courses.certificate_issued",
        key=f"courses.certificate_issued:{certificate.person_id}:{certificate.id}:issued",
        person_id=certificate.person_id,
        booking_id=certificate.booking_id,
        can_wait=True,
        context=_context(certificate),
    )


def certificate_withdrawn(certificate: Certificate, reason: str) -> Letter:
    """The register was corrected, and why."""
    return Letter(
        kind="courses.certificate_withdrawn",
        key=f"courses.certificate_withdrawn:{certificate.person_id}:{certificate.id}:withdrawn",
        person_id=certificate.person_id,
        booking_id=certificate.booking_id,
        can_wait=True,
        context={**_context(certificate), "reason": reason},
    )


def certificate_refresher(booking: Booking, by: date, which: RefresherReminder) -> Letter:
    """Refresh by then. Its key names the day, so that each of the two goes once for each date."""
    return Letter(
        kind="courses.certificate_refresher",
        key=f"courses.certificate_refresher:{booking.person_id}:{booking.event.course_id}:{by:%Y%m%d}-{which}",
        person_id=booking.person_id,
        booking_id=booking.id,
        event_id=booking.event_id,
        can_wait=True,
        context={
            "course": booking.event.version.title,
            "course_code": booking.event.course.code,
            "attended": long_date(booking.event.ends_at),
            "refresh_by": long_date(by),
        },
    )


def _context(certificate: Certificate) -> dict[str, Any]:
    return {
        "serial": certificate.serial,
        "booking_id": certificate.booking_id,
        "course": certificate.title,
        "dates": certificate.dates,
        "cpd": duration(certificate.cpd_minutes),
    }
