"""What is kept of people: the days on which they trained."""

from typing import Any

import sqlalchemy as sa

from golden_thread_in_kind.models import InKindContribution as Given
from lms.frame.plugins import PersonalData
from lms.frame.work import Work


def export(work: Work, person_id: int) -> dict[str, Any]:
    own = work.session.scalars(sa.select(Given).where(Given.person_id == person_id).order_by(Given.id))
    return {"Trainer days": [{"on": each.given_on.isoformat(), "for": each.what} for each in own]}


def erase(work: Work, person_id: int) -> None:
    """The agency's gift stays; who trained is the erased record, and words that may name them go."""
    work.session.execute(sa.update(Given).where(Given.person_id == person_id).values(what="[erased]"))


PERSONAL_DATA = PersonalData(tables=("in_kind_contribution",), export=export, erase=erase)
