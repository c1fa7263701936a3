"""Reminding the silent, and nobody else."""

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
from lms.frame.work import Work
from lms.kit.working_days import is_working_day, london_date


def remind_agencies(work: Work) -> None:
    """To the leads of agencies that said nothing: ten, twenty and forty working days after the briefing was sent."""
    today = london_date(work.now)
    if not is_working_day(today):
        return
    due = [each for each in silent_cascades(work.session) if _is_due(work, each)]
    for briefing_id, those in groupby(due, lambda each: each.briefing_id):
        _remind(work, briefing_id, list(those))


def _is_due(work: Work, cascade: Cascade) -> bool:
    if cascade.sent_at is None:
        return False
    return reminder_due(london_date(cascade.sent_at), cascade.reminders, london_date(work.now))


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
