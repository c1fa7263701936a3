"""What people look up."""

import re

import sqlalchemy as sa
from sqlalchemy.orm import Session

from lms.people.models import Person

_NUMBERED = re.compile(r"P(\d{5,9})")


def new_ref(session: Session) -> str:
    """The next free staff reference: P00012 after P00011, whatever other references were brought in."""
    refs = session.scalars(sa.select(Person.ref).where(Person.ref.like("P%")))
    numbers = [int(found.group(1)) for ref in refs if (found := _NUMBERED.fullmatch(ref))]
    return f"P{max(numbers, default=0) + 1:05d}"
