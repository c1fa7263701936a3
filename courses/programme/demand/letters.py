"""There is a date: to those who asked for one."""

from datetime import datetime

from courses.programme import words
from courses.programme.courses.models import Interest
from courses.programme.events.models import Event
from lms.kit.letters import Letter
from lms.kit.words import clock, long_date


def date_published(interest: Interest, event: Event, now: datetime) -> Letter:
    """The date, and from when they can book it. It is told again when the date is another one."""
    opens = event.asked_from or event.booking_opens_at
    is_first = event.asked_from is not None and event.booking_opens_at is not None
    return Letter(
        kind="courses.date_published",
        key=f"courses.date_published:{interest.person_id}:{event.id}:{event.told_version}",
        person_id=interest.person_id,
        context={
            "course": event.version.title,
            "course_code": event.course.code,
            "event_id": event.id,
            "interest_id": interest.id,
            "when": words.when(event),
            "where": words.where_in_full(event),
            "first_day": long_date(event.starts_at),
            "asked_on": long_date(interest.asked_at),
            "opens": _moment(opens) if opens is not None and opens > now else "",
            "others_from": _moment(event.booking_opens_at) if is_first and event.booking_opens_at else "",
            "closes": _moment(event.booking_closes_at),
        },
        due_at=event.asked_from if event.asked_from is not None and event.asked_from > now else None,
        event_id=event.id,
        event_version=event.told_version,
        good_until=event.booking_closes_at,
    )


def _moment(at: datetime) -> str:
    return f"{clock(at)} on {long_date(at)}"
