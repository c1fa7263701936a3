"""The demonstration's year of events: its dates reckoned from today, with no room or trainer taken twice."""

from datetime import date, datetime, time, timedelta
from itertools import chain, count

import sqlalchemy as sa

from courses.programme.courses.models import Course, CourseVersion
from courses.programme.events.models import Event, EventDay, Venue
from courses.programme.events.rules import EventState
from lms.frame.demonstration import Row, read_rows
from lms.frame.work import Work
from lms.kit.working_days import (
    ONE_DAY,
    end_of_day,
    free_cancellation_until,
    is_working_day,
    london_date,
    wall_time,
    working_days_after,
    working_days_before,
)
from lms.people.models import Person

HOURS = {
    "day": (time(9, 30), time(16), 60),
    "two-days": (time(9, 30), time(16), 60),
    "morning": (time(9, 30), time(12, 30), 0),
    "afternoon": (time(13), time(16), 0),
    "forum": (time(10), time(12), 0),
    "webinar": (time(12, 30), time(13, 30), 0),
    "late": (time(15, 30), time(17, 30), 0),
}
STATES = {
    "delivered": EventState.DELIVERED,
    "held": EventState.PUBLISHED,
    "published": EventState.PUBLISHED,
    "over-booked": EventState.PUBLISHED,
    "planned": EventState.PLANNED,
    "postponed": EventState.POSTPONED,
    "cancelled": EventState.CANCELLED,
}
ONLINE = "online"
SOON = 5  # working days in which events stay where they are, so that there is always something this week
DAYS_PUBLISHED_BEFORE = 84
BOOKING_CLOSES_BEFORE = 2
NOTICE = 5
JOINING_ONLINE = "The link opens 10 minutes before the start. Please join with your camera on, from a room of your own."
JOINING_IN_PERSON = (
    "Tea and coffee from 15 minutes before the start. Lunch is not provided. Some content is distressing."
)


def load(work: Work) -> None:
    """Add the venues and events."""
    venues = {row["name"]: Venue(**row) for row in read_rows(__file__, "demonstration_venues.csv")}
    work.session.add_all(venues.values())
    courses = {each.code: each for each in work.session.scalars(sa.select(Course).order_by(Course.id))}
    people = {each.ref: each for each in work.session.scalars(sa.select(Person).order_by(Person.id))}
    rows = event_rows()
    dates = event_dates(rows, london_date(work.now))
    for row in rows:
        event = _event(work, row, dates[row["ref"]], courses[row["course"]], venues)
        event.trainers = [people[ref] for ref in row["trainers"].split(";")]
        work.session.add(event)
    work.session.flush()


def event_rows() -> list[Row]:
    """The events as they are written down: when from today, where, by whom, and how many came to book."""
    return read_rows(__file__)


def event_dates(rows: list[Row], today: date) -> dict[str, list[date]]:
    """The days of each event, nearest to today first served. Beyond this week no two are on one day."""
    taken: set[date] = set()
    nearest = sorted(rows, key=lambda row: abs(int(row["working_days_from_today"])))
    return {row["ref"]: _days(row, today, taken) for row in nearest}


def _days(row: Row, today: date, taken: set[date]) -> list[date]:
    offset = int(row["working_days_from_today"])
    for more in count():
        first = _working_days_from(today, offset - more if offset < 0 else offset + more)
        days = [first, working_days_after(first, 1)] if row["hours"] == "two-days" else [first]
        if abs(offset) <= SOON or not any(_is_quiet(day) or day in taken for day in days):
            taken |= set(days)
            return days
    raise AssertionError("There is always another day.")


def _working_days_from(today: date, offset: int) -> date:
    return working_days_before(today, -offset) if offset < 0 else working_days_after(today, offset)


def _is_quiet(day: date) -> bool:
    """Nobody plans training for the second half of August or the days around Christmas."""
    return (day.month, day.day) >= (12, 21) or (day.month, day.day) <= (1, 3) or (day.month == 8 and day.day >= 15)


def _event(work: Work, row: Row, dates: list[date], course: Course, venues: dict[str, Venue]) -> Event:
    starts, ends, breaks = HOURS[row["hours"]]
    is_online = row["place"] == ONLINE
    days = [
        EventDay(
            number=number,
            starts_at=wall_time(day, starts),
            ends_at=wall_time(day, ends),
            break_minutes=breaks,
            venue=None if is_online else venues[row["place"]],
            online_url=f"https://meet.rowanvalleyscp.example/{row['ref'].lower()}" if is_online else "",
        )
        for number, day in enumerate(dates, 1)
    ]
    published_at = _published_at(work, dates[0])
    event = Event(
        ref=row["ref"],
        course=course,
        version=_version_then(course, published_at),
        state=STATES[row["story"]],
        capacity=int(row["capacity"]) + (row["story"] == "over-booked"),
        days=days,
        starts_at=days[0].starts_at,
        ends_at=days[-1].ends_at,
        booking_closes_at=end_of_day(working_days_before(dates[0], BOOKING_CLOSES_BEFORE)),
        free_until=free_cancellation_until(dates[0], NOTICE),
        joining_note=JOINING_ONLINE if is_online else JOINING_IN_PERSON,
        created_at=published_at - timedelta(days=12),
        published_at=published_at,
    )
    _tell_story(work, row, event)
    return event


def _published_at(work: Work, first_day: date) -> datetime:
    """Nine o'clock on a working day some twelve weeks before, or within the last fortnight when that is to come."""
    today = london_date(work.now)
    ago = min(first_day - timedelta(days=DAYS_PUBLISHED_BEFORE), today - timedelta(days=9 + first_day.day % 8))
    return wall_time(next(day for day in _back_from(ago) if is_working_day(day)), time(9))


def _back_from(day: date) -> chain[date]:
    return chain([day], (day - ONE_DAY * back for back in count(1)))


def _version_then(course: Course, moment: datetime) -> CourseVersion:
    """The version that was in the catalogue when the event was published."""
    return max((each for each in course.versions if each.created_at <= moment), key=lambda each: each.number)


def _tell_story(work: Work, row: Row, event: Event) -> None:
    """What became of the event, where it is more than a date to come."""
    if row["story"] == "delivered":
        event.places_offered = event.capacity
        event.finalised_at = min(event.ends_at + timedelta(days=1, minutes=25), work.now - timedelta(hours=1))
    elif row["story"] == "over-booked":
        event.capacity = int(row["capacity"])
    elif row["story"] == "planned":
        event.published_at = None
    elif row["story"] == "cancelled":
        event.cancelled_at = min(event.starts_at - timedelta(days=8), work.now - timedelta(days=2))
        event.cancel_reason = row["note"]
