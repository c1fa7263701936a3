"""What briefings keep of people: who wrote, checked, approved and published which version, and who recalled it."""

from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import selectinload

from briefings.distribution import personal_data as cascade
from briefings.writing.models import Briefing, BriefingVersion, BriefingWriter
from briefings.writing.queries import visible_briefings
from briefings.writing.recalling.models import BriefingRecall
from lms.frame.plugins import PersonalData
from lms.frame.work import Work


def export(work: Work, person_id: int) -> dict[str, Any]:
    """Numbers and days, of the briefings that exist for whoever exports."""
    versions = work.session.scalars(
        sa.select(BriefingVersion)
        .join(Briefing)
        .where(visible_briefings(work.actor))
        .where(
            sa.or_(
                BriefingVersion.writers.any(BriefingWriter.person_id == person_id),
                BriefingVersion.checked_by_id == person_id,
                BriefingVersion.approved_by_id == person_id,
                BriefingVersion.published_by_id == person_id,
            )
        )
        .options(selectinload(BriefingVersion.writers))
        .order_by(BriefingVersion.id)
    ).all()
    recalls = work.session.scalars(
        sa.select(BriefingRecall)
        .join(Briefing, Briefing.id == BriefingRecall.briefing_id)
        .where(BriefingRecall.by_id == person_id, visible_briefings(work.actor))
        .order_by(BriefingRecall.id)
    )
    done = {
        "Briefings written, checked, approved or published": [_said(each, person_id) for each in versions],
        "Briefings recalled": [{"briefing": each.briefing_id, "at": each.at.isoformat()} for each in recalls],
    }
    return {heading: rows for heading, rows in done.items() if rows}


def erase(work: Work, person_id: int) -> None:
    """Nothing here tells who somebody was: rows hold a number, and the person behind it has lost their name.

    The numbers stay, so that it can still be seen that two different people let a briefing out.
    """


def _said(version: BriefingVersion, person_id: int) -> dict[str, Any]:
    steps = {
        "written": any(each.person_id == person_id for each in version.writers),
        "checked": version.checked_by_id == person_id,
        "approved": version.approved_by_id == person_id,
        "published": version.published_by_id == person_id,
    }
    return {
        "briefing": version.briefing_id,
        "version": version.number,
        "did": [step for step, is_theirs in steps.items() if is_theirs],
    }


def _export_all(work: Work, person_id: int) -> dict[str, Any]:
    return {**export(work, person_id), **cascade.export(work, person_id)}


def _erase_all(work: Work, person_id: int) -> None:
    erase(work, person_id)
    cascade.erase(work, person_id)


PERSONAL_DATA = PersonalData(
    ("briefing_version", "briefing_writer", "briefing_recall", *cascade.TABLES), _export_all, _erase_all
)
