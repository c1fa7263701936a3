"""What parking does when somebody holds a place, and in the night."""

import sqlalchemy as sa

from courses.facts import BookingConfirmed
from lms.audit.models import AuditEntry
from lms.frame.work import Work
from lms.people.models import Person

HINTED = "parking explained"


def explain_parking(work: Work, fact: BookingConfirmed) -> None:
    """Note that a person who holds a place was told where to park."""
    person = work.session.get_one(Person, fact.person_id)
    work.record(HINTED, person, event_id=fact.event_id)


def people_told(work: Work) -> int:
    """How many times parking was explained."""
    return work.session.scalar(sa.select(sa.func.count(AuditEntry.id)).where(AuditEntry.event == HINTED)) or 0


def times_told(work: Work, person_id: int) -> int:
    """How many times it was explained to one person."""
    told = sa.select(sa.func.count(AuditEntry.id)).where(AuditEntry.event == HINTED, AuditEntry.person_id == person_id)
    return work.session.scalar(told) or 0


def warn_when_full(work: Work) -> None:
    """Say in the audit that more people were told than there are spaces."""
    if people_told(work) > work.setting("parking.spaces"):
        work.record("car park full", work.session.scalars(sa.select(AuditEntry).limit(1)).one())
