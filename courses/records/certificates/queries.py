"""Certificates as pages and letters need them, and what a booking's days credit."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload

from courses.attendance.register.models import Mark
from courses.attendance.register.rules import MarkKind
from courses.booking.bookings.models import Booking
from courses.booking.bookings.rules import BookingState, Outcome
from courses.booking.links.queries import check_is_for, is_to
from courses.programme.events.models import Event, EventDay
from courses.records.certificates.models import AwaitedEvaluation, Certificate
from courses.records.certificates.rules import CertificateState, CertifiedDay, cpd_minutes, days_attended, is_surname_of
from lms.frame.access import Actor
from lms.frame.links import SignedLink, row_number, several, short_text
from lms.frame.plugins import OwnLinks
from lms.frame.settings import Settings
from lms.frame.work import Work
from lms.kit.erased import ERASED_NAME
from lms.kit.errors import NotFound
from lms.kit.words import days_and_times
from lms.kit.working_days import london_date
from lms.mail.models import OutboxLetter

LINK = SignedLink(
    "courses.certificates.check", row_number, "This link does not work. Enter the number of the certificate."
)
"""Carried by the code on a certificate. It shows whose it is to whoever holds the sheet."""

PDF = SignedLink(
    "courses.certificates.pdf",
    several(row_number, row_number, short_text),
    "This link does not work or has expired. Sign in with a code that we email to you, and My learning has your "
    "certificate.",
)
"""Carried by the letter with a certificate: the certificate, the person, and the address of the letter."""

NO_CERTIFICATE = "We cannot find that certificate among yours. My learning lists them all."


@dataclass(frozen=True)
class Credit:
    """What a booking credits: which days, how they read, and how many minutes."""

    dates: str
    last_day_on: date | None
    cpd_minutes: int


def bookings_with_days(*where: sa.ColumnElement[bool]) -> sa.Select[Booking]:
    """Bookings with all that a certificate says."""
    return (
        sa.select(Booking)
        .where(*where)
        .options(
            joinedload(Booking.person),
            joinedload(Booking.event).joinedload(Event.version),
            joinedload(Booking.event).joinedload(Event.course),
            joinedload(Booking.event).selectinload(Event.days),
        )
        .order_by(Booking.id)
    )


def attended_at(session: Session, event_id: int) -> list[Booking]:
    """Who attended an event."""
    return list(
        session.scalars(
            bookings_with_days(
                Booking.event_id == event_id,
                Booking.state == BookingState.CONFIRMED,
                Booking.outcome == Outcome.ATTENDED,
            )
        )
    )


def credits_of(session: Session, bookings: Collection[Booking]) -> dict[int, Credit]:
    """What each booking credits, by its id, in one query. The events' days are loaded with the bookings."""
    missed = _missed_minutes(session, [booking.id for booking in bookings])
    return {booking.id: _credit(booking, missed.get(booking.id)) for booking in bookings}


def _credit(booking: Booking, missed: dict[int, int] | None) -> Credit:
    days = [CertifiedDay(day.number, day.starts_at, day.ends_at, day.break_minutes) for day in booking.event.days]
    attended = booking.outcome is Outcome.ATTENDED
    there = days_attended(days, booking.days_attended, missed, attended=attended)
    return Credit(
        dates=days_and_times([(day.starts_at, day.ends_at) for day in there]) if there else "",
        last_day_on=london_date(there[-1].starts_at) if there else None,
        cpd_minutes=cpd_minutes(there, None if attended else missed),
    )


def _missed_minutes(session: Session, booking_ids: Collection[int]) -> dict[int, dict[int, int]]:
    """Minutes missed on each day that somebody was marked present, for bookings that have marks."""
    rows = session.execute(
        sa.select(Mark.booking_id, EventDay.number, Mark.kind, Mark.late_minutes + Mark.left_early_minutes)
        .join(EventDay, EventDay.id == Mark.event_day_id)
        .where(Mark.booking_id.in_(booking_ids))
        .order_by(Mark.booking_id, EventDay.number)
    )
    found: dict[int, dict[int, int]] = {}
    for booking_id, number, kind, minutes in rows:
        days = found.setdefault(booking_id, {})
        if kind is MarkKind.PRESENT:
            days[number] = minutes
    return found


def live_certificates(session: Session, booking_ids: Collection[int]) -> dict[int, Certificate]:
    """The valid certificate of each booking that has one."""
    rows = session.scalars(
        sa.select(Certificate)
        .where(Certificate.booking_id.in_(booking_ids), Certificate.state == CertificateState.VALID)
        .order_by(Certificate.id)
    )
    return {certificate.booking_id: certificate for certificate in rows}


def awaited_evaluations(session: Session, booking_ids: Iterable[int]) -> set[int]:
    """Those bookings whose evaluation was asked for and not answered."""
    return set(
        session.scalars(
            sa.select(AwaitedEvaluation.booking_id).where(
                AwaitedEvaluation.booking_id.in_(list(booking_ids)), AwaitedEvaluation.answered_at.is_(None)
            )
        )
    )


def certificate_by_serial(session: Session, serial: str) -> Certificate | None:
    """Whatever was issued under this number, valid or not."""
    return session.scalar(
        sa.select(Certificate).where(Certificate.serial == serial).options(joinedload(Certificate.superseded_by))
    )


def check_address(settings: Settings, certificate: Certificate) -> str:
    """Where whoever holds the sheet checks it, without typing anything."""
    return f"{typed_address(settings, certificate)}/{LINK.sign(settings, certificate.id)}"


def typed_address(settings: Settings, certificate: Certificate) -> str:
    """Where anybody checks it who types the address."""
    return f"{settings.base_url}/verify/{certificate.serial}"


def certificate_of_link(session: Session, settings: Settings, serial: str, token: str) -> Certificate | None:
    """The certificate whose sheet carries this link; None where the two do not belong together."""
    found = certificate_by_serial(session, serial)
    return found if found is not None and LINK.is_for(settings, token, found.id) else None


def is_valid_for(session: Session, serial: str, surname: str) -> bool:
    """Whether a number is a valid certificate in this surname, and nothing else about it."""
    found = certificate_by_serial(session, serial)
    if found is None or found.state is not CertificateState.VALID or found.name == ERASED_NAME:
        return False
    return is_surname_of(found.name, surname)


def certificate_for(session: Session, serial: str, actor: Actor) -> Certificate:
    """A certificate that this reader may open: their own, or any for coordinators. Raises NotFound for all others."""
    found = certificate_by_serial(session, serial)
    if found is None or not (found.person_id == actor.person_id or actor.may("courses.manage_certificates")):
        raise NotFound(NO_CERTIFICATE)
    return found


def certificate_of_letter(work: Work, token: str) -> Certificate:
    """The certificate of a link in its letter. Raises NotFound once it is not valid any more, or not for the person at
    the address that we wrote to; NotAllowed for whoever is signed in as somebody else."""
    number, person_id, address = PDF.read(work.site.settings, token)
    found = work.session.get(Certificate, number)
    if found is None or found.state is not CertificateState.VALID or found.person_id != person_id:
        raise NotFound(PDF.words)
    check_is_for(work, found.booking, person_id, address, words=PDF.words)
    return found


def link_in_letter(work: Work, letter: OutboxLetter, address: str) -> Mapping[str, Any]:
    """The link to the PDF, in the letter to the very person whose certificate it is, as it goes."""
    found = certificate_by_serial(work.session, str(letter.context.get("serial", "")))
    if found is None or found.state is not CertificateState.VALID or found.booking.person.email != address:
        return {}
    if not is_to(work, letter, found.person_id):
        return {}
    return {"pdf_token": PDF.sign(work.site.settings, (found.id, found.person_id, address))}


PDF_LINK = OwnLinks(frozenset({"courses.certificate_issued"}), link_in_letter)


def certificates_at(session: Session, event_id: int) -> list[tuple[Booking, Certificate | None, bool]]:
    """Everybody who attended an event, with their valid certificate and whether an evaluation is awaited."""
    bookings = attended_at(session, event_id)
    ids = [booking.id for booking in bookings]
    live, awaited = live_certificates(session, ids), awaited_evaluations(session, ids)
    bookings.sort(key=lambda booking: (booking.person.name, booking.id))
    return [(booking, live.get(booking.id), booking.id in awaited) for booking in bookings]
