"""From a version to the one source of its shapes."""

from briefings.writing.models import BriefingVersion
from briefings.writing.rules import Part
from briefings.writing.shapes.rules import Source
from lms.kit.words import long_date


def source_of(version: BriefingVersion) -> Source:
    """The words of a version, with the line of facts under its title."""
    return Source(
        kind=version.briefing.kind,
        number=version.briefing_id,
        title=version.title,
        summary=version.summary,
        parts=tuple(Part(part.title, part.body) for part in version.parts),
        questions=tuple(version.questions),
        about=f"Version {version.number}, {long_date(version.published_at)}."
        if version.published_at
        else f"Version {version.number}, not published.",
    )
