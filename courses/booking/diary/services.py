"""Making and replacing the secret address of a person's calendar."""

import secrets

from lms.frame.work import Work
from lms.people.models import Person


def renew_calendar(work: Work, person: Person) -> Person:
    """A new secret address; one that was passed on by mistake stops working."""
    person.calendar_secret = secrets.token_urlsafe(24)
    work.record("calendar address renewed", person)
    return person
