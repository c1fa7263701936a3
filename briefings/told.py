"""What of the briefings' facts other systems may hear: of those that anybody may read, and only while they are out."""

from collections.abc import Mapping
from typing import Any

from briefings.facts import BriefingCorrected, BriefingPublished
from briefings.writing.models import BriefingVersion
from briefings.writing.queries import published_versions
from lms.frame.access import PUBLIC
from lms.frame.plugins import ToldFact
from lms.frame.work import Work
from reviews.permissions import READ

Said = Mapping[str, Any] | None


def tell_published(work: Work, fact: BriefingPublished) -> Said:
    """A briefing is out. Asked again when it is sent: one that was recalled meanwhile is told to nobody."""
    return _version(work, fact.version_id)


def tell_corrected(work: Work, fact: BriefingCorrected) -> Said:
    """A new version took the place of the one before."""
    return _version(work, fact.new_version_id)


def _version(work: Work, version_id: int) -> Said:
    version = work.session.scalar(published_versions(PUBLIC).where(BriefingVersion.id == version_id))
    if version is None:
        return None
    return {
        "briefing_id": str(version.briefing_id),
        "version": version.number,
        "title": version.title,
        "published_at": version.published_at,
    }


TOLD_FACTS = (
    ToldFact("briefings.published", "A briefing is out", BriefingPublished, READ, tell_published),
    ToldFact("briefings.corrected", "A briefing was corrected", BriefingCorrected, READ, tell_corrected),
)
