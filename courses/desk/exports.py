"""Tables of courses to download: what lists on screen show, flat, and with small numbers hidden as they are there."""

from collections.abc import Iterator, Mapping

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from courses.attendance.register.models import Mark
from courses.booking.bookings.models import Booking
from courses.booking.bookings.queries import IN_QUEUE, visible_bookings
from courses.coverage.matrix.queries import MatrixFilter, matrix
from courses.programme.courses.models import Course, CourseVersion, Interest
from courses.programme.events.models import Event, EventDay, Venue
from courses.records.certificates.models import Certificate
from courses.records.compliance.queries import compliance
from lms.frame.cells import said_date, said_wall, said_words
from lms.frame.plugins import Export
from lms.frame.work import Work
from lms.kit.figures import Cell
from lms.people.models import Person
from reviews.cases.readings.services import note_reading

Rows = Iterator[Mapping[str, Cell]]


def venue_rows(work: Work) -> Rows:
    """Rooms and buildings, with how often each was and will be used."""
    days = sa.select(sa.func.count()).where(EventDay.venue_id == Venue.id).scalar_subquery()
    for venue, number in work.session.execute(sa.select(Venue, days).order_by(Venue.name)):
        yield {
            "venue": venue.name,
            "town": venue.town,
            "address": venue.address,
            "parking": venue.parking,
            "access": venue.access,
            "directions": venue.directions,
            "event_days": number,
        }


def mark_rows(work: Work) -> Rows:
    """The registers: a row for each person and day. Notes stay in the register."""
    found = (
        sa.select(Event.ref, EventDay.number, Person.ref, Mark)
        .join(Booking, Booking.id == Mark.booking_id)
        .join(EventDay, EventDay.id == Mark.event_day_id)
        .join(Event, Event.id == EventDay.event_id)
        .join(Person, Person.id == Booking.person_id)
        .order_by(Event.starts_at, Event.ref, EventDay.number, Person.ref)
    )
    for event_ref, day, person_ref, mark in work.session.execute(found):
        yield {
            "event_ref": event_ref,
            "day": day,
            "person_ref": person_ref,
            "mark": mark.kind.value,
            "late_minutes": mark.late_minutes,
            "left_early_minutes": mark.left_early_minutes,
            "marked_at": said_wall(mark.marked_at),
        }


def booking_rows(work: Work) -> Rows:
    """Bookings with what became of them: the agency lead's own agency's, all for those who manage bookings."""
    found = (
        sa.select(Booking)
        .join(Booking.event)
        .where(visible_bookings(work.actor))
        .options(
            joinedload(Booking.event).joinedload(Event.course), joinedload(Booking.person), joinedload(Booking.agency)
        )
        .order_by(Event.starts_at, Event.ref, Booking.booked_at, Booking.id)
    )
    for booking in work.session.scalars(found):
        yield {
            "event_ref": booking.event.ref,
            "course_code": booking.event.course.code,
            "starts_at": said_wall(booking.event.starts_at),
            "person_ref": booking.person.ref,
            "name": booking.person.name,
            "agency_code": booking.agency.code if booking.agency else "",
            "state": booking.state.value,
            "outcome": booking.outcome.value if booking.outcome else "",
            "booked_at": said_wall(booking.booked_at),
            "cancelled_at": said_wall(booking.cancelled_at),
        }


def waiting_rows(work: Work) -> Rows:
    """Who waits for a place, in the order of each list."""
    place = sa.func.row_number().over(partition_by=Booking.event_id, order_by=(Booking.queued_at, Booking.id))
    found = (
        sa.select(Booking, place)
        .join(Booking.event)
        .where(Booking.state.in_(IN_QUEUE), Event.ends_at > work.now)
        .options(joinedload(Booking.event), joinedload(Booking.person), joinedload(Booking.agency))
        .order_by(Event.starts_at, Event.ref, Booking.queued_at, Booking.id)
    )
    for booking, number in work.session.execute(found):
        yield {
            "event_ref": booking.event.ref,
            "starts_at": said_wall(booking.event.starts_at),
            "position": number,
            "person_ref": booking.person.ref,
            "agency_code": booking.agency.code if booking.agency else "",
            "waiting_since": said_wall(booking.queued_at),
        }


def certificate_rows(work: Work) -> Rows:
    """Certificates as they were issued."""
    found = (
        sa.select(Certificate, Event.ref, Person.ref)
        .join(Booking, Booking.id == Certificate.booking_id)
        .join(Event, Event.id == Booking.event_id)
        .join(Person, Person.id == Certificate.person_id)
        .order_by(Certificate.id)
    )
    for certificate, event_ref, person_ref in work.session.execute(found):
        yield {
            "certificate": certificate.serial,
            "person_ref": person_ref,
            "name": certificate.name,
            "event_ref": event_ref,
            "title": certificate.title,
            "last_day_on": said_date(certificate.last_day_on),
            "cpd_minutes": certificate.cpd_minutes,
            "state": certificate.state.value,
            "issued_at": said_wall(certificate.issued_at),
        }


def demand_rows(work: Work) -> Rows:
    """Who asked for a date that suits them, and whether that is still open."""
    found = (
        sa.select(Interest, Course.code, Person.ref)
        .join(Course, Course.id == Interest.course_id)
        .join(Person, Person.id == Interest.person_id)
        .order_by(Course.code, Interest.asked_at, Interest.id)
    )
    for interest, code, person_ref in work.session.execute(found):
        yield {
            "course_code": code,
            "person_ref": person_ref,
            "note": interest.note,
            "asked_at": said_wall(interest.asked_at),
            "closed_at": said_wall(interest.closed_at),
        }


def up_to_date_rows(work: Work) -> Rows:
    """Who is up to date, by course: the agency lead's own agency, all for others, small numbers hidden as on screen."""
    levels = compliance(work.session, work.actor, "", work.now).levels
    for row in (row for level in levels for row in level.rows):
        yield {
            "course_code": row.key,
            "title": row.title,
            "level": row.level,
            "people_it_is_for": row.share.of,
            "up_to_date": row.share.valid if row.share.told is None else row.share.told.cell,
        }


def matrix_rows(work: Work) -> Rows:
    """Which course covers which learning point; a point that none covers has a row of its own."""
    found = matrix(work.session, work.actor, MatrixFilter())
    codes = {each.id: each.code for each in found.courses}
    note_reading(work, [point.review_id for point in found.points], "download of the coverage matrix")
    for point in found.points:
        for course_id, cell in point.covered.items() or [(0, None)]:
            yield {
                "learning_point_ref": point.ref,
                "text": point.text,
                "themes": said_words(point.themes),
                "agreed_on": said_date(point.agreed_on),
                "course_code": codes.get(course_id, ""),
                "how": cell.how.value if cell else "not covered",
                "since": said_date(cell.since_on) if cell else "",
            }


def version_rows(work: Work) -> Rows:
    """Every version of every course, with when it was written and reviewed."""
    found = sa.select(CourseVersion, Course.code, Course.status).join(Course, Course.id == CourseVersion.course_id)
    for version, code, status in work.session.execute(found.order_by(Course.code, CourseVersion.number)):
        yield {
            "course_code": code,
            "version": version.number,
            "is_current": "yes" if version.is_current else "no",
            "course_status": status.value,
            "title": version.title,
            "level": version.level,
            "written_at": said_wall(version.created_at),
            "reviewed_at": said_wall(version.reviewed_at),
        }


EXPORTS = (
    Export(
        "bookings-and-outcomes",
        "Bookings with names, and what became of them",
        "courses.follow_bookings",
        (
            "event_ref",
            "course_code",
            "starts_at",
            "person_ref",
            "name",
            "agency_code",
            "state",
            "outcome",
            "booked_at",
            "cancelled_at",
        ),
        booking_rows,
    ),
    Export(
        "registers",
        "Registers: what was marked for each person on each day",
        "courses.manage_bookings",
        ("event_ref", "day", "person_ref", "mark", "late_minutes", "left_early_minutes", "marked_at"),
        mark_rows,
    ),
    Export(
        "waiting-lists",
        "Waiting lists of coming events",
        "courses.manage_bookings",
        ("event_ref", "starts_at", "position", "person_ref", "agency_code", "waiting_since"),
        waiting_rows,
    ),
    Export(
        "demand",
        "Demand: who asked for dates",
        "courses.manage_catalogue",
        ("course_code", "person_ref", "note", "asked_at", "closed_at"),
        demand_rows,
    ),
    Export(
        "course-versions",
        "Course versions: what was written and reviewed when",
        "courses.manage_catalogue",
        ("course_code", "version", "is_current", "course_status", "title", "level", "written_at", "reviewed_at"),
        version_rows,
    ),
    Export(
        "venues",
        "Venues and how much they are used",
        "courses.manage_events",
        ("venue", "town", "address", "parking", "access", "directions", "event_days"),
        venue_rows,
    ),
    Export(
        "certificates",
        "Certificates issued",
        "courses.manage_certificates",
        (
            "certificate",
            "person_ref",
            "name",
            "event_ref",
            "title",
            "last_day_on",
            "cpd_minutes",
            "state",
            "issued_at",
        ),
        certificate_rows,
    ),
    Export(
        "up-to-date",
        "Who is up to date, by course",
        "courses.see_compliance",
        ("course_code", "title", "level", "people_it_is_for", "up_to_date"),
        up_to_date_rows,
    ),
    Export(
        "coverage-matrix",
        "Learning points and the courses that cover them",
        "courses.read_coverage",
        ("learning_point_ref", "text", "themes", "agreed_on", "course_code", "how", "since"),
        matrix_rows,
    ),
)
