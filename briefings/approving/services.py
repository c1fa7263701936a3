"""The check by a second person, the approval, and putting a version out in the place of the one before."""

from collections.abc import Callable, Collection

import sqlalchemy as sa

from briefings.facts import BriefingApproved, BriefingCorrected, BriefingPublished
from briefings.permissions import APPROVERS
from briefings.writing import letters, life
from briefings.writing.models import BriefingVersion
from briefings.writing.queries import embargo_stands_on, is_open_to_all, people_who_may
from briefings.writing.rules import (
    ApprovedAs,
    VersionState,
    check_checklist,
    check_second_person,
)
from briefings.writing.services import back_to_draft, locked_version, write_to_those, writer_ids_of
from lms.frame.access import Role
from lms.frame.work import Work
from lms.kit.errors import Conflict, Invalid, NotAllowed
from lms.kit.letters import Letter
from lms.kit.working_days import london_date
from reviews.learning.models import LearningPointLink
from reviews.learning.services import Addressed, link_learning_point, unlink_learning_point

UNDER_EMBARGO = (
    "A learning point behind this briefing is under embargo. Nothing of it can be approved or published until the "
    "embargo is lifted."
)


def check_version(work: Work, version_id: int, ticked: Collection[str]) -> BriefingVersion:
    """A second person has looked at every line of the checklist. Raises Conflict for a writer of it."""
    version = locked_version(work, version_id)
    life.CHECK.check(version.state)
    if version.asked_at is None:
        raise Conflict("The writer is still at it. It can be checked once they ask for it.")
    check_second_person(work.actor.person_id, writer_ids_of(version), does="check")
    check_checklist(ticked)
    version.state, version.checked_at, version.checked_by_id = VersionState.CHECKED, work.now, work.actor.person_id
    version.checklist = sorted(ticked)
    work.record("briefing checked", version.briefing, is_confidential=True, version=version.number)
    write_to_those(work, version, APPROVERS, letters.to_approve)
    return version


def return_version(work: Work, version_id: int, *, reason: str) -> BriefingVersion:
    """Send it back to the writer with a reason, from the check or from the approval."""
    version = locked_version(work, version_id)
    life.RETURN.check(version.state)
    if not reason.strip():
        raise Invalid("Say what should change before it can go on.", field="reason")
    back_to_draft(version)
    version.returned_reason = reason.strip()
    work.record("briefing sent back", version.briefing, is_confidential=True, version=version.number)
    _write_to_writers(work, version, letters.returned)
    return version


def approve_version(work: Work, version_id: int, approved_as: ApprovedAs, *, minute: str = "") -> BriefingVersion:
    """Let a checked version be published, for the sub-group (with its minute) or as business manager.

    Raises Conflict for a writer of it and under an embargo, NotAllowed for somebody who is not business manager.
    """
    version = locked_version(work, version_id)
    life.APPROVE.check(version.state)
    check_second_person(work.actor.person_id, writer_ids_of(version), does="approve")
    if approved_as is ApprovedAs.BUSINESS_MANAGER and Role.BUSINESS_MANAGER not in work.actor.roles:
        raise NotAllowed("Only the business manager approves as business manager. Give the sub-group’s minute instead.")
    if approved_as is ApprovedAs.SUB_GROUP and not minute.strip():
        raise Invalid("Enter the minute that records the sub-group’s approval.", field="minute")
    if embargo_stands_on(work.session, version.briefing_id):
        raise Conflict(UNDER_EMBARGO)
    version.state, version.approved_at, version.approved_by_id = VersionState.APPROVED, work.now, work.actor.person_id
    version.approved_as, version.approved_minute = approved_as, minute.strip()
    work.record("briefing approved", version.briefing, is_confidential=True, version=version.number)
    work.tell(BriefingApproved(version.briefing_id, version.id))
    _write_to_writers(work, version, letters.approved)
    return version


def publish_version(work: Work, version_id: int) -> BriefingVersion:
    """Put an approved version out, in the place of the one that is out.

    Raises Conflict when nobody approved it, and under an embargo.
    """
    version = locked_version(work, version_id)
    if version.state in (VersionState.DRAFT, VersionState.CHECKED):
        raise Conflict(_no_approval(work, version))
    life.PUBLISH.check(version.state)
    if embargo_stands_on(work.session, version.briefing_id):
        raise Conflict(UNDER_EMBARGO)
    before = work.session.scalar(
        sa.select(BriefingVersion).where(
            BriefingVersion.briefing_id == version.briefing_id, BriefingVersion.state == VersionState.PUBLISHED
        )
    )
    if before is not None:
        before.state, before.superseded_at = VersionState.SUPERSEDED, work.now
        work.session.flush()
    version.state, version.published_at, version.published_by_id = (
        VersionState.PUBLISHED,
        work.now,
        work.actor.person_id,
    )
    _link_points(work, version)
    work.record("briefing published", version.briefing, is_confidential=True, version=version.number)
    if before is None:
        work.tell(BriefingPublished(version.briefing_id, version.id))
    else:
        work.tell(BriefingCorrected(version.briefing_id, before.id, version.id))
    return version


def _no_approval(work: Work, version: BriefingVersion) -> str:
    if not people_who_may(work.session, APPROVERS, but=writer_ids_of(version)):
        return (
            "No one has approved this version, and there is no one else here who may. Give the chair or the business "
            "manager their role first."
        )
    return (
        "No one has approved this version. The chair of the sub-group or the business manager approves it once the "
        "facts are checked."
    )


def _link_points(work: Work, version: BriefingVersion) -> None:
    """Say at each learning point that this briefing spreads it; points of the version before that are gone lose it."""
    mine = f"briefings.briefing:{version.briefing_id}:"
    links = work.session.execute(
        sa.select(LearningPointLink.source, LearningPointLink.since_on).where(LearningPointLink.source.startswith(mine))
    )
    since = {link.source: link.since_on for link in links}
    sources = {f"{mine}{point.id}": point for point in version.points}
    for source in since.keys() - sources.keys():
        unlink_learning_point(work, source)
    for source, point in sources.items():
        since_on = since.get(source, london_date(work.now))
        link_learning_point(work, point.id, Addressed(source, "briefing", version.title, since_on))


def _write_to_writers(
    work: Work, version: BriefingVersion, letter: Callable[[Work, BriefingVersion, int], Letter]
) -> None:
    if is_open_to_all(work.session, version.briefing_id):
        for person_id in sorted(writer_ids_of(version) - {work.actor.person_id}):
            work.send(letter(work, version, person_id))
