"""What must be true of briefings, for `lms check`. Lines name numbers only: a check's output is read by anybody."""

from collections.abc import Iterator

import sqlalchemy as sa

from briefings.writing.models import Briefing, BriefingPart, BriefingVersion, BriefingWriter
from briefings.writing.queries import is_embargoed
from briefings.writing.rules import BriefingKind, VersionState
from lms.frame.work import Work


def out_under_embargo(work: Work) -> Iterator[str]:
    """Nothing is out while an embargo stands on learning behind it."""
    rows = (
        sa.select(BriefingVersion.id)
        .join(Briefing)
        .where(BriefingVersion.state == VersionState.PUBLISHED, is_embargoed())
    )
    for version_id in work.session.scalars(rows.order_by(BriefingVersion.id)):
        yield f"Briefing version {version_id} is out, and an embargo stands on learning behind it."


def passed_by_a_writer(work: Work) -> Iterator[str]:
    """Nobody checked or approved what they had written some of."""
    rows = (
        sa.select(BriefingVersion.id)
        .join(BriefingWriter, BriefingWriter.version_id == BriefingVersion.id)
        .where(BriefingWriter.person_id.in_((BriefingVersion.checked_by_id, BriefingVersion.approved_by_id)))
        .distinct()
    )
    for version_id in work.session.scalars(rows.order_by(BriefingVersion.id)):
        yield f"Briefing version {version_id} was checked or approved by someone who wrote some of it."


def seven_parts(work: Work) -> Iterator[str]:
    """A 7-minute briefing has seven parts, in every version."""
    parts = sa.select(sa.func.count()).where(BriefingPart.version_id == BriefingVersion.id).scalar_subquery()
    rows = (
        sa.select(BriefingVersion.id)
        .join(Briefing)
        .where(Briefing.kind == BriefingKind.SEVEN_MINUTE, parts != 7)
        .order_by(BriefingVersion.id)
    )
    for version_id in work.session.scalars(rows):
        yield f"Briefing version {version_id} does not have seven parts."
