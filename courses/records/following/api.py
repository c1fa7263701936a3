"""What became of people's learning, for other systems: an HR system writes it into its own records."""

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa

from courses.booking.bookings.models import Booking
from courses.booking.bookings.queries import bookings_of_person
from courses.booking.bookings.rules import Outcome
from courses.programme.courses.models import Course
from courses.programme.events.models import Event
from courses.records.certificates.models import Certificate
from courses.records.certificates.queries import Credit, credits_of
from courses.records.certificates.rules import CertificateState, refresh_by
from courses.records.completions.models import Completion
from courses.records.following.queries import (
    LearnedWanted,
    attendances,
    certificates,
    completions,
    last_learned,
    marked_since,
    visible_person,
)
from courses.records.record.queries import RecordRow, entries_of, record_of
from lms.api.cursors import Paged, page_of, read_numbers
from lms.api.shapes import says
from lms.frame.plugins import Asked, Operation
from lms.frame.work import Work
from lms.kit.working_days import london_date
from lms.people.models import Person

PERMISSION = "courses.follow_bookings"
PERSON = says("Of this person alone.", longest=80)
COURSE = says("Of this course alone.", longest=80)
SINCE = says("Changed at this moment or later. Ask from a few minutes before the last time that you asked.")
VALID = says("By when it should be refreshed; nothing for a course that need not be.", example="2029-04-09")
MINUTES = says("Learning time credited, breaks excluded.", example=330)


@dataclass(frozen=True)
class LearningWanted(Paged):
    """Of whom and what, in the order in which it was written down."""

    person_ref: str = field(default="", metadata=PERSON)
    course_code: str = field(default="", metadata=COURSE)
    updated_since: datetime | None = field(default=None, metadata=SINCE)


@dataclass(frozen=True)
class AttendanceAnswer:
    """What became of one booking, once the register is finalised: also where somebody did not come."""

    booking_id: str = field(metadata=says("The booking.", example="4711"))
    person_ref: str
    agency_code: str | None = field(metadata=says("The agency that it was booked for.", example="LARK"))
    event_ref: str
    course_code: str
    title: str = field(metadata=says("The course as it was called.", example="Safer babies"))
    first_day_on: date
    last_day_on: date
    outcome: Outcome | None
    minutes: int = field(metadata=MINUTES)
    valid_until: date | None = field(metadata=VALID)
    changed_at: datetime | None


@dataclass(frozen=True)
class AttendancePage:
    """A page of attendances."""

    items: tuple[AttendanceAnswer, ...]
    next_cursor: str | None


@dataclass(frozen=True)
class CertificateAnswer:
    """A certificate. One that is superseded says by which."""

    number: str = field(metadata=says("Its number, by which anyone checks it.", example="RV-7KQ2-91MX"))
    person_ref: str
    agency_code: str | None
    event_ref: str
    course_code: str
    title: str = field(metadata=says("What it says.", example="Safer babies"))
    last_day_on: date
    minutes: int = field(metadata=MINUTES)
    valid_until: date | None = field(metadata=VALID)
    state: CertificateState
    issued_at: datetime
    superseded_at: datetime | None
    superseded_by: str | None = field(metadata=says("The number of the one that holds instead."))


@dataclass(frozen=True)
class CertificatePage:
    """A page of certificates."""

    items: tuple[CertificateAnswer, ...]
    next_cursor: str | None


@dataclass(frozen=True)
class CompletionAnswer:
    """An e-learning course that somebody completed."""

    person_ref: str
    agency_code: str | None = field(metadata=says("The agency that they were with.", example="LARK"))
    course_code: str
    completed_on: date
    valid_until: date | None = field(metadata=VALID)
    written_at: datetime = field(metadata=says("When it came here."))


@dataclass(frozen=True)
class CompletionPage:
    """A page of completions."""

    items: tuple[CompletionAnswer, ...]
    next_cursor: str | None


@dataclass(frozen=True)
class UpToDateAnswer:
    """When somebody last attended or completed a course, and whether that still holds."""

    person_ref: str
    agency_code: str | None = field(metadata=says("The agency that they are with.", example="LARK"))
    course_code: str
    last_on: date
    valid_until: date | None = field(metadata=VALID)
    is_up_to_date: bool


@dataclass(frozen=True)
class UpToDatePage:
    """A page of people and courses. Whoever never came to a course has no line for it."""

    items: tuple[UpToDateAnswer, ...]
    next_cursor: str | None


@dataclass(frozen=True)
class RecordLine:
    """A line of a training record."""

    title: str = field(metadata=says("What it was.", example="Safer babies"))
    on: date
    outcome: str = field(metadata=says("What happened, in words.", example="Attended"))
    minutes: int = field(metadata=MINUTES)
    agency: str = field(metadata=says("The agency's name then.", example="Larkham Primary School"))
    certificate: str | None = field(metadata=says("The number of its valid certificate."))
    booking_id: str | None


@dataclass(frozen=True)
class RecordAnswer:
    """A person's training record, which follows them from agency to agency. Latest first."""

    person_ref: str
    items: tuple[RecordLine, ...]


def list_attendances(work: Work, asked: Asked) -> AttendancePage:
    """Attendances with date, title and minutes."""
    query: LearningWanted = asked.query
    found = _narrowed(attendances(work.actor), query)
    if query.updated_since is not None:
        found = found.where(marked_since(query.updated_since))
    after = read_numbers(query.cursor, 1)
    if after is not None:
        found = found.where(Booking.id > after[0])
    rows = work.session.scalars(found.order_by(Booking.id).limit(query.limit + 1)).all()
    page, next_cursor = page_of(rows, query.limit, lambda row: (row.id,))
    credited = credits_of(work.session, page)
    return AttendancePage(tuple(_attendance(each, credited[each.id]) for each in page), next_cursor)


def list_certificates(work: Work, asked: Asked) -> CertificatePage:
    """Certificates with their numbers and until when they are valid."""
    query: LearningWanted = asked.query
    found = certificates(work.actor)
    if query.person_ref:
        found = found.where(Certificate.person.has(Person.ref == query.person_ref))
    if query.course_code:
        found = found.where(Certificate.booking.has(Booking.event.has(Event.course.has(code=query.course_code))))
    if query.updated_since is not None:
        since = query.updated_since
        found = found.where(sa.or_(Certificate.issued_at >= since, Certificate.superseded_at >= since))
    after = read_numbers(query.cursor, 1)
    if after is not None:
        found = found.where(Certificate.id > after[0])
    rows = work.session.scalars(found.order_by(Certificate.id).limit(query.limit + 1)).all()
    page, next_cursor = page_of(rows, query.limit, lambda row: (row.id,))
    return CertificatePage(tuple(_certificate(each) for each in page), next_cursor)


def list_completions(work: Work, asked: Asked) -> CompletionPage:
    """E-learning completions."""
    query: LearningWanted = asked.query
    found = completions(work.actor)
    if query.person_ref:
        found = found.where(Person.ref == query.person_ref)
    if query.course_code:
        found = found.where(Course.code == query.course_code)
    if query.updated_since is not None:
        found = found.where(Completion.created_at >= query.updated_since)
    after = read_numbers(query.cursor, 3)
    key = (Completion.person_id, Completion.course_id, Completion.completed_on)
    if after is not None:
        day = date.fromordinal(min(max(after[2], 1), date.max.toordinal()))
        found = found.where(sa.tuple_(*key) > sa.tuple_(sa.literal(after[0]), sa.literal(after[1]), sa.literal(day)))
    rows = work.session.scalars(found.order_by(*key).limit(query.limit + 1)).all()
    page, next_cursor = page_of(
        rows, query.limit, lambda row: (row.person_id, row.course_id, row.completed_on.toordinal())
    )
    return CompletionPage(tuple(_completion(each) for each in page), next_cursor)


def list_up_to_date(work: Work, asked: Asked) -> UpToDatePage:
    """Who is up to date with what, by person and course."""
    query: LearningWanted = asked.query
    wanted = LearnedWanted(query.course_code, query.person_ref, query.updated_since)
    after = read_numbers(query.cursor, 2)
    rows = last_learned(work.session, work.actor, wanted, after=after, limit=query.limit + 1)
    page, next_cursor = page_of(rows, query.limit, lambda row: (row.person_id, row.course_id))
    today = london_date(work.now)
    return UpToDatePage(
        tuple(
            UpToDateAnswer(
                person_ref=each.person_ref,
                agency_code=each.agency_code,
                course_code=each.course_code,
                last_on=each.last_on,
                valid_until=each.valid_until,
                is_up_to_date=each.valid_until is None or each.valid_until >= today,
            )
            for each in page
        ),
        next_cursor,
    )


def one_record(work: Work, asked: Asked) -> RecordAnswer:
    """The training record of one person, as it follows them: what they attended, completed, read and discussed."""
    person = visible_person(work.session, work.actor, asked.path["person_ref"])
    past = [each for each in bookings_of_person(work.session, person.id) if each.outcome is not None]
    lines = [*record_of(work.session, past, work.now), *entries_of(work, person.id)]
    lines.sort(key=lambda line: line.on, reverse=True)
    return RecordAnswer(person.ref, tuple(_line(each) for each in lines))


def _narrowed(found: sa.Select[Any], query: LearningWanted) -> sa.Select[Any]:
    if query.person_ref:
        found = found.where(Person.ref == query.person_ref)
    if query.course_code:
        found = found.where(Event.course.has(code=query.course_code))
    return found


def _attendance(booking: Booking, credit: Credit) -> AttendanceAnswer:
    last_on = london_date(booking.event.ends_at)
    attended = booking.outcome is Outcome.ATTENDED
    return AttendanceAnswer(
        booking_id=str(booking.id),
        person_ref=booking.person.ref,
        agency_code=booking.agency.code if booking.agency else None,
        event_ref=booking.event.ref,
        course_code=booking.event.course.code,
        title=booking.event.version.title,
        first_day_on=london_date(booking.event.starts_at),
        last_day_on=credit.last_day_on or last_on,
        outcome=booking.outcome,
        minutes=credit.cpd_minutes,
        valid_until=refresh_by(last_on, booking.event.course.refresher_months) if attended else None,
        changed_at=booking.changed_at,
    )


def _certificate(certificate: Certificate) -> CertificateAnswer:
    booking = certificate.booking
    return CertificateAnswer(
        number=certificate.serial,
        person_ref=certificate.person.ref,
        agency_code=booking.agency.code if booking.agency else None,
        event_ref=booking.event.ref,
        course_code=booking.event.course.code,
        title=certificate.title,
        last_day_on=certificate.last_day_on,
        minutes=certificate.cpd_minutes,
        valid_until=refresh_by(certificate.last_day_on, booking.event.course.refresher_months),
        state=certificate.state,
        issued_at=certificate.issued_at,
        superseded_at=certificate.superseded_at,
        superseded_by=certificate.superseded_by.serial if certificate.superseded_by else None,
    )


def _completion(completion: Completion) -> CompletionAnswer:
    return CompletionAnswer(
        person_ref=completion.person.ref,
        agency_code=completion.agency.code if completion.agency else None,
        course_code=completion.course.code,
        completed_on=completion.completed_on,
        valid_until=refresh_by(completion.completed_on, completion.course.refresher_months),
        written_at=completion.created_at,
    )


def _line(row: RecordRow) -> RecordLine:
    return RecordLine(
        title=row.title,
        on=row.on,
        outcome=row.outcome,
        minutes=row.cpd_minutes,
        agency=row.agency,
        certificate=row.serial or None,
        booking_id=str(row.booking_id) if row.booking_id else None,
    )


def _list(name: str, path: str, words: str, answer: Any, run: Any) -> Operation:
    return Operation(f"courses.{name}", "GET", path, words, answer, run, permission=PERMISSION, query=LearningWanted)


OPERATIONS = (
    _list("list_attendances", "/attendances", "Attendances: date, title and minutes", AttendancePage, list_attendances),
    _list("list_certificates", "/certificates", "Certificates issued", CertificatePage, list_certificates),
    _list("list_completions", "/completions", "E-learning completions", CompletionPage, list_completions),
    _list("list_up_to_date", "/up-to-date", "Who is up to date with what", UpToDatePage, list_up_to_date),
    Operation(
        "courses.one_record",
        "GET",
        "/people/{person_ref}/record",
        "A person's training record",
        RecordAnswer,
        one_record,
        permission=PERMISSION,
    ),
)
