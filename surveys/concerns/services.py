"""Words that suggest a child may be at risk go into the queue at once."""

from datetime import date

import sqlalchemy as sa

from lms.frame.access import Role
from lms.frame.work import Work
from lms.people.models import Person, RoleGrant
from surveys.concerns import letters
from surveys.concerns.models import Concern
from surveys.concerns.queries import lead_now
from surveys.questions.rules import SurveyKind


def raise_concern(work: Work, *, kind: str, about: str, words: str, on: date) -> Concern:
    """Words that suggest a child may be at risk: into the queue, and a letter to who reads it, without the words."""
    concern = Concern(kind=SurveyKind(kind), about=about, words=words, raised_on=on)
    work.session.add(concern)
    work.session.flush()
    for person_id in _readers(work):
        work.send(letters.concern_raised(person_id, concern))
    return concern


def _readers(work: Work) -> list[int]:
    """The named lead; without one, the business managers."""
    lead = lead_now(work.session)
    if lead is not None:
        return [lead.person_id]
    return list(
        work.session.scalars(
            sa.select(RoleGrant.person_id)
            .join(Person, Person.id == RoleGrant.person_id)
            .where(RoleGrant.role == Role.BUSINESS_MANAGER, Person.is_here)
            .order_by(RoleGrant.person_id)
        )
    )
