"""What somebody asked us to keep."""

import sqlalchemy as sa
from sqlalchemy.orm import Session

from courses.booking.needs.models import KeptNeeds
from lms.kit.errors import NotFound
from lms.people.models import Person


def kept_needs(session: Session, person_id: int) -> KeptNeeds | None:
    """What this person asked us to keep, if anything. Theirs alone: nobody else is shown it."""
    return session.scalar(sa.select(KeptNeeds).where(KeptNeeds.person_id == person_id))


def person_signed_in(session: Session, person_id: int | None) -> Person:
    """The record of whoever asks. Raises NotFound for a program."""
    person = session.get(Person, person_id) if person_id is not None else None
    if person is None:
        raise NotFound("Sign in as a person to say what you need.")
    return person
