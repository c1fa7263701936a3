"""What sending and cascade keep of people, given out and erased."""

from typing import Any

import sqlalchemy as sa

from briefings.cascade.models import BriefingMark, Cascade, CascadeChange, CascadeReturn
from briefings.distribution.models import Recipient, Sending, StandingOrder
from briefings.writing.models import Briefing
from briefings.writing.queries import visible_briefings
from lms.frame.work import Work
from lms.people.models import Person

TABLES = (
    Recipient.__tablename__,
    Sending.__tablename__,
    StandingOrder.__tablename__,
    CascadeReturn.__tablename__,
    CascadeChange.__tablename__,
    BriefingMark.__tablename__,
)
GONE = "Someone who was erased"


def export(work: Work, person_id: int) -> dict[str, Any]:
    """Numbers and days; of the briefings that exist for whoever exports."""
    seen = sa.select(Briefing.id).where(visible_briefings(work.actor))
    sent = work.session.execute(
        sa.select(Recipient.briefing_id, Recipient.queued_at)
        .where(Recipient.person_id == person_id, Recipient.briefing_id.in_(seen))
        .order_by(Recipient.id)
    )
    marks = work.session.execute(
        sa.select(BriefingMark.briefing_id, BriefingMark.read_on, BriefingMark.discussed_on)
        .where(BriefingMark.person_id == person_id, BriefingMark.briefing_id.in_(seen))
        .order_by(BriefingMark.id)
    )
    told = work.session.execute(
        sa.select(CascadeReturn.told_at, CascadeReturn.team, CascadeReturn.people)
        .where(CascadeReturn.told_by_id == person_id)
        .order_by(CascadeReturn.id)
    )
    changes = work.session.scalars(
        sa.select(CascadeChange.words).where(CascadeChange.told_by_id == person_id).order_by(CascadeChange.id)
    )
    found = {
        "Briefings sent to them": [{"briefing": row.briefing_id, "at": row.queued_at.isoformat()} for row in sent],
        "Briefings they read or discussed": [
            {
                "briefing": row.briefing_id,
                "read_on": row.read_on.isoformat(),
                "discussed_on": row.discussed_on.isoformat() if row.discussed_on else None,
            }
            for row in marks
        ],
        "Discussions they told us of": [
            {"at": row.told_at.isoformat(), "team": row.team, "people": row.people} for row in told
        ],
        "Changes they told us of": list(changes),
    }
    return {heading: rows for heading, rows in found.items() if rows}


def erase(work: Work, person_id: int) -> None:
    """Rows hold a number, and the person behind it has lost their name; one name stands in words, and goes.

    Unless somebody else has it too: then nobody can say who of them it was.
    """
    name = sa.select(Person.name).where(Person.id == person_id).scalar_subquery()
    namesake = sa.exists().where(Person.name == name, Person.id != person_id, Person.erased_at.is_(None))
    known = sa.update(Cascade).where(Cascade.acknowledged_by == name, ~namesake, Cascade.acknowledged_by != "")
    work.session.execute(known.values(acknowledged_by=GONE))
