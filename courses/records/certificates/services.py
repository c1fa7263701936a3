"""Issuing certificates, issuing them again, and withdrawing them.

The evaluation condition has no setting. When somebody attended, `CertificateAwaitsEvaluation` is told: with nobody
listening, the certificate is issued at once. A plugin that asks for evaluations listens to that fact, which switches
the condition on, and calls `evaluation_answered(work, booking_id)` when the person has answered; also before the
register is finalised, and at once for an event at which it asks nothing.
"""

import secrets
from collections.abc import Sequence

import sqlalchemy as sa

from courses.booking.bookings.models import Booking
from courses.booking.bookings.rules import BookingState, Outcome
from courses.facts import CertificateAwaitsEvaluation
from courses.records.certificates import letters
from courses.records.certificates.models import AwaitedEvaluation, Certificate
from courses.records.certificates.queries import Credit, attended_at, bookings_with_days, credits_of, live_certificates
from courses.records.certificates.rules import (
    CHARACTERS,
    RANDOM,
    CertificateState,
    check_can_issue,
    check_reason,
    serial_of,
)
from lms.frame.work import Work
from lms.kit.errors import Conflict, NotAllowed, NotFound
from lms.kit.working_days import london
from lms.partnership.queries import the_partnership


def issue_for_event(work: Work, event_id: int) -> list[Certificate]:
    """The register is finalised: issue to everybody who attended, or ask them to evaluate first."""
    bookings = attended_at(work.session, event_id)
    done = live_certificates(work.session, [booking.id for booking in bookings])
    ready = [each for each in bookings if each.id not in done and not _awaits_evaluation(work, each)]
    return _issue(work, ready)


def issue_when_evaluated(work: Work, booking_id: int) -> Certificate | None:
    """One booking became attended: the same, for one."""
    booking = _booking(work, booking_id)
    if live_certificates(work.session, [booking_id]) or _awaits_evaluation(work, booking):
        return None
    return _issue(work, [booking])[0]


def evaluation_answered(work: Work, booking_id: int) -> Certificate | None:
    """The on-the-day evaluation is in: a certificate that waited for it is issued. Safe to say twice."""
    booking = _booking(work, booking_id)
    asked = work.session.get(AwaitedEvaluation, booking_id)
    if asked is None:
        asked = AwaitedEvaluation(booking_id=booking_id, asked_at=work.now)
        work.session.add(asked)
    asked.answered_at = asked.answered_at or work.now
    if not _has_attended(booking) or live_certificates(work.session, [booking_id]):
        return None
    return _issue(work, [booking])[0]


def make_certificate(work: Work, booking_id: int) -> Certificate:
    """Somebody asks for the certificate of what they attended before certificates were issued here."""
    booking = _booking(work, booking_id)
    if booking.person_id != work.actor.person_id and not work.actor.may("courses.manage_certificates"):
        raise NotFound("We cannot find that booking among yours. My learning lists them all.")
    asked = work.session.get(AwaitedEvaluation, booking_id)
    check_can_issue(
        has_attended=_has_attended(booking),
        is_awaited=asked is not None and asked.answered_at is None,
        has_one=bool(live_certificates(work.session, [booking_id])),
    )
    return _issue(work, [booking])[0]


def override_evaluation(work: Work, booking_id: int, *, reason: str) -> Certificate:
    """The coordinator issues a certificate although the evaluation was not answered, and says why."""
    _check_manages(work)
    reason, booking = check_reason(reason), _booking(work, booking_id)
    has_one = bool(live_certificates(work.session, [booking_id]))
    check_can_issue(has_attended=_has_attended(booking), is_awaited=False, has_one=has_one)
    return _issue(work, [booking], reason=reason)[0]


def reissue(work: Work, certificate: Certificate, *, reason: str) -> Certificate:
    """Issue again from what the records say now; the old number stays known as superseded."""
    _check_manages(work)
    reason, booking = check_reason(reason), _booking(work, certificate.booking_id)
    if certificate.state is not CertificateState.VALID:
        raise Conflict("This certificate is not valid any more. Issue the one that replaced it again.")
    check_can_issue(has_attended=_has_attended(booking), is_awaited=False, has_one=False)
    return _replace(work, certificate, booking, reason)


def replace_when_credit_changed(work: Work, booking_id: int, *, reason: str) -> Certificate | None:
    """The register was corrected: a certificate that says other days or minutes than it does now is superseded."""
    certificate = live_certificates(work.session, [booking_id]).get(booking_id)
    booking = _booking(work, booking_id)
    if certificate is None or not _has_attended(booking):
        return None
    credit = credits_of(work.session, [booking])[booking_id]
    if (credit.dates, credit.cpd_minutes) == (certificate.dates, certificate.cpd_minutes):
        return None
    return _replace(work, certificate, booking, reason)


def withdraw_certificate(work: Work, booking_id: int, *, reason: str) -> Certificate | None:
    """The register now says that they did not attend: the certificate no longer counts, and they are told."""
    certificate = live_certificates(work.session, [booking_id]).get(booking_id)
    if certificate is None:
        return None
    _end(work, certificate, CertificateState.WITHDRAWN, reason)
    work.send(letters.certificate_withdrawn(certificate, reason))
    return certificate


def _awaits_evaluation(work: Work, booking: Booking) -> bool:
    """Whether somebody listens who asks for evaluations, and has no answer yet. Writes down that it is awaited.

    A listener that asks nothing has answered, and so issued the certificate, before `tell` comes back.
    """
    fact = CertificateAwaitsEvaluation(booking.id, booking.event_id, booking.person_id)
    asked = work.session.get(AwaitedEvaluation, booking.id)
    if asked is not None:
        return asked.answered_at is None
    if not work.site.listeners_to(fact):
        return False
    asked = AwaitedEvaluation(booking_id=booking.id, asked_at=work.now)
    work.session.add(asked)
    work.session.flush()
    work.tell(fact)
    return True


def write_certificates(
    work: Work, bookings: Sequence[Booking], serials: Sequence[str], *, reason: str = ""
) -> list[Certificate]:
    """Freeze what the records say now under these numbers, and tell nobody. For bookings that were attended."""
    credited = credits_of(work.session, bookings)
    made = [
        _made(work, booking, credited[booking.id], serial=serial, reason=reason)
        for booking, serial in zip(bookings, serials, strict=True)
    ]
    work.session.add_all(made)
    work.session.flush()
    return made


def _issue(work: Work, bookings: Sequence[Booking], *, reason: str = "") -> list[Certificate]:
    made = write_certificates(work, bookings, _new_serials(work, len(bookings)), reason=reason) if bookings else []
    for certificate in made:
        _tell(work, certificate)
    return made


def _replace(work: Work, certificate: Certificate, booking: Booking, reason: str) -> Certificate:
    _end(work, certificate, CertificateState.SUPERSEDED, reason)
    new = _issue(work, [booking], reason=reason)[0]
    certificate.superseded_by = new
    return new


def _made(work: Work, booking: Booking, credit: Credit, *, serial: str, reason: str) -> Certificate:
    version = booking.event.version
    if credit.last_day_on is None:
        raise Conflict("No day of this event was attended. Correct the register first.")
    return Certificate(
        serial=serial,
        booking_id=booking.id,
        person_id=booking.person_id,
        name=booking.person.name,
        title=version.title,
        version=version.number,
        level=version.level,
        dates=credit.dates,
        last_day_on=credit.last_day_on,
        cpd_minutes=credit.cpd_minutes,
        outcomes=list(version.outcomes),
        issued_at=work.now,
        issued_by_id=work.actor.person_id,
        reason=reason,
        booking=booking,
    )


def _tell(work: Work, certificate: Certificate) -> None:
    """Record it, and send it to the person. What they make of their own history is on their screen already."""
    work.record("certificate issued", certificate, serial=certificate.serial, reason=certificate.reason)
    if not certificate.booking.event.is_history:
        work.send(letters.certificate_issued(certificate))


def _end(work: Work, certificate: Certificate, state: CertificateState, reason: str) -> None:
    """Written at once: the booking has one valid certificate at most."""
    certificate.state, certificate.superseded_at = state, work.now
    work.record(f"certificate {state}", certificate, serial=certificate.serial, reason=reason)
    work.session.flush()


def _new_serials(work: Work, number: int) -> list[str]:
    """So many numbers that nobody can guess, and that nothing has yet."""
    prefix, year = the_partnership(work.session).ref_prefix, london(work.now).year
    free: set[str] = set()
    while len(free) < number:
        drawn = {serial_of(prefix, year, _drawn()) for _ in range(number - len(free))}
        free |= drawn - set(work.session.scalars(sa.select(Certificate.serial).where(Certificate.serial.in_(drawn))))
    return list(free)


def _drawn() -> str:
    return "".join(secrets.choice(CHARACTERS) for _ in range(RANDOM))


def _booking(work: Work, booking_id: int) -> Booking:
    """The booking, locked. Raises NotFound."""
    work.session.execute(sa.select(Booking.id).where(Booking.id == booking_id).with_for_update(key_share=True))
    found = work.session.scalars(bookings_with_days(Booking.id == booking_id)).one_or_none()
    if found is None:
        raise NotFound("We cannot find that booking. The event’s page lists who attended.")
    return found


def _has_attended(booking: Booking) -> bool:
    return booking.state is BookingState.CONFIRMED and booking.outcome is Outcome.ATTENDED


def _check_manages(work: Work) -> None:
    if not work.actor.may("courses.manage_certificates"):
        raise NotAllowed("Only the training team issues certificates by hand. Ask them to do it.")
