"""What becomes of certificates when a register is finalised or corrected."""

from courses.booking.bookings.rules import Outcome
from courses.facts import MarksCorrected, OutcomeCorrected, RegisterFinalised
from courses.records.certificates.services import (
    issue_for_event,
    issue_when_evaluated,
    replace_when_credit_changed,
    withdraw_certificate,
)
from lms.frame.work import Work


def issue_certificates(work: Work, fact: RegisterFinalised) -> None:
    """Everybody who attended has theirs, or is asked to evaluate first."""
    issue_for_event(work, fact.event_id)


def follow_correction(work: Work, fact: OutcomeCorrected) -> None:
    """Attended after all: issued anew. Not attended after all: no longer valid."""
    if fact.now == Outcome.ATTENDED:
        issue_when_evaluated(work, fact.booking_id)
    else:
        withdraw_certificate(work, fact.booking_id, reason=fact.reason)


def follow_marks(work: Work, fact: MarksCorrected) -> None:
    """Still attended, but on other days: the certificate is replaced by one that says so."""
    replace_when_credit_changed(work, fact.booking_id, reason=fact.reason)
