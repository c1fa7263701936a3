"""Reminding the silent, and nobody else."""

from functools import partial
from itertools import groupby

from briefings.cascade.models import Cascade
from briefings.cascade.queries import silent_cascades
from briefings.cascade.rules import reminder_due
from briefings.distribution.drawing.queries import agency_names, leads_asked
from briefings.distribution.letters import reminder_letter
from briefings.distribution.services import lead_copy
from briefings.writing.models import BriefingVersion
from briefings.writing.queries import published_versions
from lms.frame.access import program
from lms.frame.locks import for_update
from lms.frame.plugins import Portion
from lms.frame.work import Work
from lms.kit.working_days import is_working_day, london_date


def remind_agencies(work: Work) -> list[Portion]:
    """To the leads of agencies that said nothing: ten, twenty and forty working days after the briefing was sent."""
    if not is_working_day(london_date(work.now)):
        return []
    due = {each.briefing_id for each in work.session.scalars(silent_cascades()) if _is_due(work, each)}
    return [partial(remind_of, briefing_id=each) for each in sorted(due)]


def remind_of(work: Work, *, briefing_id: int) -> None:
    """The same of one briefing: who is silent still is read again under its lock."""
    silent = for_update(silent_cascades().where(Cascade.briefing_id == briefing_id), of=Cascade)
    due = [each for each in work.session.scalars(silent) if _is_due(work, each)]
    if due:
        _remind(work, briefing_id, due)


def _is_due(work: Work, cascade: Cascade) -> bool:
    if cascade.sent_at is None:
        return False
    reminded_on = london_date(cascade.reminded_at) if cascade.reminded_at else None
    sent_on, today = london_date(cascade.sent_at), london_date(work.now)
    return reminder_due(sent_on, cascade.reminders, today, reminded_on=reminded_on)


def _remind(work: Work, briefing_id: int, cascades: list[Cascade]) -> None:
    version = work.session.scalars(
        published_versions(program("reminders")).where(BriefingVersion.briefing_id == briefing_id)
    ).one()
    for number, some in groupby(sorted(cascades, key=lambda each: each.reminders), lambda each: each.reminders + 1):
        those = list(some)
        leads = leads_asked(work.session, briefing_id, [each.agency_id for each in those])
        names = agency_names(work.session, {each for lead in leads for each in lead.agency_ids})
        day = london_date(work.now).isoformat()
        work.send_to_many(
            reminder_letter(version, number),
            [
                lead_copy(work, "cascade_reminder", version, lead, names, occurrence=f":{number}:{day}")
                for lead in leads
            ],
        )
        for cascade in those:
            cascade.reminders, cascade.reminded_at = number, work.now
    work.session.flush()
