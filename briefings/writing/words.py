"""How pages say where a briefing stands and who let it go on."""

from briefings.writing.models import BriefingVersion
from briefings.writing.rules import ApprovedAs, VersionState
from lms.frame.work import Work

STATE_COLOURS = {
    VersionState.DRAFT: "grey",
    VersionState.CHECKED: "",
    VersionState.APPROVED: "",
    VersionState.PUBLISHED: "green",
    VersionState.SUPERSEDED: "grey",
    VersionState.WITHDRAWN: "orange",
}


def approved_by(work: Work, version: BriefingVersion) -> str:
    """ "the Learning and Improvement sub-group", "the business manager"."""
    if version.approved_as is ApprovedAs.BUSINESS_MANAGER:
        return "the business manager"
    return f"the {work.setting('briefings.sub_group')}"
