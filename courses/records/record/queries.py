"""A person's training record, which follows them from agency to agency."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.orm import Session

from courses.booking.bookings.models import Booking
from courses.booking.bookings.rules import OUTCOME_WORDS, Outcome
from courses.records.certificates.models import Certificate
from courses.records.certificates.queries import Credit, awaited_evaluations, credits_of, live_certificates
from courses.records.certificates.rules import refresh_by
from lms.frame.apart import Fault, apart
from lms.frame.plugins import RecordEntry, RecordSource
from lms.frame.work import Work
from lms.kit.words import MONTHS
from lms.kit.working_days import london_date

TAG_COLOURS = {Outcome.ATTENDED: "green", Outcome.PART_ATTENDED: "orange"}
BELOW = "None: below 90% of the time"
AWAITED = "Answer the evaluation first"


@dataclass(frozen=True)
class RecordRow:
    """A line of the record. What has no booking (e-learning) leaves `booking_id` empty."""

    title: str
    on: date
    agency: str
    outcome: str
    colour: str
    cpd_minutes: int
    refresh: str
    serial: str
    no_certificate: str  # why there is none, in words
    can_make: bool
    booking_id: int | None = None
    url: str = ""


def entries_of(work: Work, person_id: int) -> list[RecordRow]:
    """What other parts of the site know that a person did without a booking: a briefing read, discussed in a team."""
    found = (entry for source in work.site.record_sources for entry in _entries(work, source, person_id))
    return [
        RecordRow(
            title=entry.title,
            on=entry.on,
            agency=entry.agency,
            outcome=entry.outcome,
            colour="",
            cpd_minutes=entry.cpd_minutes,
            refresh="",
            serial="",
            no_certificate="",
            can_make=False,
            url=entry.url,
        )
        for entry in found
    ]


def _entries(work: Work, source: RecordSource, person_id: int) -> list[RecordEntry]:
    try:
        with apart(work.session, f"the lines of the training record by {source.name}"):
            return list(source.entries(work, person_id))
    except Fault:
        missing = f"{work.site.title_of(source.name)} cannot be shown at the moment"
        return [RecordEntry(missing, london_date(work.now), "Missing")]


def record_of(session: Session, bookings: Iterable[Booking], now: datetime) -> list[RecordRow]:
    """The record from a person's bookings that are over, latest first, in a fixed number of queries.

    The bookings come oldest first, with their events and days. What is learned without one is added here.
    """
    past = list(bookings)
    ids = [booking.id for booking in past]
    credited, live = credits_of(session, past), live_certificates(session, ids)
    awaited, today = awaited_evaluations(session, ids), london_date(now)
    latest = _latest_attendance(past)
    return [
        _row(
            booking,
            credited[booking.id],
            live.get(booking.id),
            is_awaited=booking.id in awaited,
            is_latest=latest.get(booking.event.course_id) == booking.id,
            today=today,
        )
        for booking in reversed(past)
    ]


def _row(
    booking: Booking, credit: Credit, certificate: Certificate | None, *, is_awaited: bool, is_latest: bool, today: date
) -> RecordRow:
    outcome = booking.outcome
    attended = outcome is Outcome.ATTENDED
    by = refresh_by(credit.last_day_on, booking.event.course.refresher_months) if credit.last_day_on else None
    return RecordRow(
        booking_id=booking.id,
        title=booking.event.version.title,
        on=london_date(booking.event.starts_at),
        agency=booking.agency.name if booking.agency else "",
        outcome=OUTCOME_WORDS[outcome] if outcome else "Register not finished",
        colour=TAG_COLOURS.get(outcome, "grey") if outcome else "",
        cpd_minutes=credit.cpd_minutes,
        refresh=_refresh(by, is_latest=is_latest, today=today) if attended else "",
        serial=certificate.serial if certificate else "",
        no_certificate=BELOW if outcome is Outcome.PART_ATTENDED else AWAITED if attended and is_awaited else "",
        can_make=attended and certificate is None and not is_awaited,
    )


def _refresh(by: date | None, *, is_latest: bool, today: date) -> str:
    """Mar 2029; "Refreshed" when the course was attended again since."""
    if by is None:
        return ""
    if not is_latest:
        return "Refreshed"
    month = f"{MONTHS[by.month - 1][:3]} {by.year}"
    return f"Was due {month}" if by < today else month


def _latest_attendance(past: list[Booking]) -> dict[int, int]:
    """The last booking that was attended of each course; the bookings are in order of time."""
    return {booking.event.course_id: booking.id for booking in past if booking.outcome is Outcome.ATTENDED}
