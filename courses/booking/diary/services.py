"""Making and replacing the secret address of a person's calendar, and which reminders it has."""

import secrets

from courses.booking.diary.rules import Alarms
from lms.frame.work import Work
from lms.people.models import Person


def renew_calendar(work: Work, person: Person) -> Person:
    """A new secret address; one that was passed on by mistake stops working."""
    person.calendar_secret = secrets.token_urlsafe(24)
    work.record("calendar address renewed", person)
    return person


def choose_alarms(work: Work, person: Person, alarms: Alarms) -> Person:
    """Their calendar reminds them so long before, from when their program reads it again."""
    person.calendar_alarms = alarms.value
    work.record("calendar reminders chosen", person)
    return person
