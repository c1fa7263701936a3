"""Recurring work about certificates: reminding people to refresh a course in time."""

from datetime import datetime, time, timedelta
from functools import partial

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from courses.booking.bookings.models import Booking
from courses.booking.bookings.rules import BookingState, Outcome
from courses.programme.courses.models import Course
from courses.programme.courses.rules import IN_CATALOGUE
from courses.programme.events.models import Event
from courses.records.certificates import letters
from courses.records.certificates.queries import bookings_with_days, credits_of
from courses.records.certificates.rules import refresh_by, refresher_due
from lms.frame.plugins import Portion
from lms.frame.work import Work
from lms.jobs.models import JobState
from lms.kit.working_days import add_months, london_date, wall_time
from lms.people.models import Person

REMIND = "courses.remind_to_refresh"
AROUND = timedelta(days=7)  # months differ in length: what is loaded is a little more than what is due


def remind_to_refresh(work: Work) -> list[Portion]:
    """Three months and one month before the day, once each; never for a day before this job was known here."""
    refreshed = sa.select(Course.id).where(Course.status.in_(IN_CATALOGUE), Course.refresher_months.is_not(None))
    ids = work.session.scalars(refreshed.order_by(Course.id))
    return [partial(remind_of_course, course_id=each, since=_began(work)) for each in ids]


def remind_of_course(work: Work, *, course_id: int, since: datetime) -> None:
    """The same of one course: the letters that are due since the job last ran."""
    course = work.session.get_one(Course, course_id)
    if course.status not in IN_CATALOGUE or course.refresher_months is None:
        return
    bookings = work.session.scalars(_last_attended(work, course.id, course.refresher_months)).all()
    credited = credits_of(work.session, bookings)
    for booking in bookings:
        last_day = credited[booking.id].last_day_on
        by = refresh_by(last_day, course.refresher_months) if last_day else None
        which = refresher_due(by, since=since, now=work.now) if by else None
        if by is not None and which is not None:
            work.send(letters.certificate_refresher(booking, by, which))


def _began(work: Work) -> datetime:
    """When this job last ran, or was first known here: what came before is not caught up with."""
    state = work.session.get(JobState, REMIND)
    return state.done_until if state is not None else work.now


def _last_attended(work: Work, course_id: int, months: int) -> sa.Select[Booking]:
    """The last attendance of each person at a course, where it may be about to run out."""
    today = london_date(work.now)
    later_booking, later = aliased(Booking), aliased(Event)
    is_refreshed = (
        sa.exists()
        .where(later_booking.event_id == later.id, later_booking.person_id == Booking.person_id)
        .where(later.course_id == Event.course_id, later.ends_at > Event.ends_at)
        .where(later_booking.outcome == Outcome.ATTENDED)
    )
    return (
        bookings_with_days(Booking.state == BookingState.CONFIRMED, Booking.outcome == Outcome.ATTENDED, ~is_refreshed)
        .join(Event, Event.id == Booking.event_id)
        .join(Person, Person.id == Booking.person_id)
        .where(Event.course_id == course_id, Person.is_here)
        .where(Event.ends_at >= wall_time(add_months(today, -months) - AROUND, time()))
        .where(Event.ends_at <= wall_time(add_months(today, 3 - months) + AROUND, time()))
    )
