"""Something waits in the demonstration’s queue for the named lead."""

from datetime import timedelta
from typing import Any

import sqlalchemy as sa

from lms.frame.work import Work
from lms.kit.working_days import london_date
from lms.people.models import Person
from surveys.concerns.models import Concern, SafeguardingLead
from surveys.questions.rules import SurveyKind

LEAD = "DEMO-BUSINESS-MANAGER"


def raise_concerns(work: Work, said: dict[str, Any]) -> None:
    """The business manager is the named lead, and something waits in the queue."""
    session, now = work.session, work.now
    lead = session.scalar(sa.select(Person).where(Person.ref == LEAD))
    if lead is not None:
        session.add(SafeguardingLead(person_id=lead.id, since_at=now - timedelta(days=380)))
    for days, each in enumerate(said["concerns"], start=2):
        session.add(
            Concern(
                kind=SurveyKind(each["stage"]),
                about=each["about"],
                words=each["words"],
                raised_on=london_date(now) - timedelta(days=days),
            )
        )
    session.flush()
