"""Letters to those who check and approve, and to the writer. They name a briefing by its number, never by its title.

The list of letters keeps what they said, and an embargo can come later.
"""

from briefings.writing.models import BriefingVersion
from lms.frame.work import Work
from lms.kit.letters import Letter


def to_check(work: Work, version: BriefingVersion, person_id: int) -> Letter:
    """To a second person: please check the facts."""
    return _letter(work, "to_check", version, person_id)


def to_approve(work: Work, version: BriefingVersion, person_id: int) -> Letter:
    """To the chair of the sub-group and the business manager: please approve."""
    return _letter(work, "to_approve", version, person_id)


def returned(work: Work, version: BriefingVersion, person_id: int) -> Letter:
    """To a writer: somebody sent it back. Why stands on the page."""
    return _letter(work, "returned", version, person_id)


def approved(work: Work, version: BriefingVersion, person_id: int) -> Letter:
    """To a writer: it may be published."""
    return _letter(work, "approved", version, person_id)


def _letter(work: Work, name: str, version: BriefingVersion, person_id: int) -> Letter:
    kind = f"briefings.{name}"
    return Letter(
        kind=kind,
        key=f"{kind}:{person_id}:{version.id}:{work.now.isoformat()}",
        person_id=person_id,
        can_wait=True,
        context={"briefing_id": version.briefing_id, "number": version.number},
    )
