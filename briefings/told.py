"""What of the briefings' facts other systems may hear: of those that anybody may read, and only while they are out."""

from dataclasses import dataclass, field
from datetime import datetime

from briefings.facts import BriefingCorrected, BriefingPublished
from briefings.writing.models import BriefingVersion
from briefings.writing.queries import published_versions
from lms.api.shapes import says
from lms.frame.access import PUBLIC
from lms.frame.plugins import ToldFact
from lms.frame.work import Work
from reviews.permissions import READ


@dataclass(frozen=True)
class BriefingTold:
    """A briefing that is out."""

    briefing_id: str = field(metadata=says("Its number here.", example="7"))
    version: int = field(metadata=says("Which version.", example=1))
    title: str = field(metadata=says("Its title.", example="Hidden injuries in babies"))
    published_at: datetime | None = field(metadata=says("When.", example="2026-05-14T09:00:00+01:00"))


def tell_published(work: Work, fact: BriefingPublished) -> BriefingTold | None:
    """A briefing is out. Asked again when it is sent: one that was recalled meanwhile is told to nobody."""
    return _version(work, fact.version_id)


def tell_corrected(work: Work, fact: BriefingCorrected) -> BriefingTold | None:
    """A new version took the place of the one before."""
    return _version(work, fact.new_version_id)


def _version(work: Work, version_id: int) -> BriefingTold | None:
    version = work.session.scalar(published_versions(PUBLIC).where(BriefingVersion.id == version_id))
    if version is None:
        return None
    return BriefingTold(str(version.briefing_id), version.number, version.title, version.published_at)


TOLD_FACTS = (
    ToldFact("briefings.published", "A briefing is out", BriefingPublished, READ, tell_published, BriefingTold),
    ToldFact("briefings.corrected", "A briefing was corrected", BriefingCorrected, READ, tell_corrected, BriefingTold),
)
