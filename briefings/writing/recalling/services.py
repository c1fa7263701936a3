"""Taking back a briefing that is out: by hand with a reason, or because an embargo was set."""

import sqlalchemy as sa

from briefings.facts import BriefingRecalled
from briefings.writing.life import RECALL
from briefings.writing.models import Briefing, BriefingVersion, briefing_point
from briefings.writing.queries import find_briefing
from briefings.writing.recalling.models import BriefingRecall
from briefings.writing.rules import VersionState
from lms.frame.work import Work
from lms.kit.errors import Conflict, Invalid
from reviews.facts import EmbargoSet
from reviews.learning.models import LearningPointLink
from reviews.learning.services import unlink_learning_point

BY_EMBARGO = "An embargo was set on learning behind it."


def recall_briefing(work: Work, briefing_id: int, *, reason: str) -> BriefingRecall:
    """Take back what is out. A version on its way stays, to be published later. Raises Invalid without a reason."""
    briefing = find_briefing(work.session, work.actor, briefing_id)
    if not reason.strip():
        raise Invalid("Explain why it is recalled. People who were sent it will be told.", field="reason")
    out = _out(work, briefing.id)
    if out is None:
        raise Conflict(RECALL.refused)
    return _recall(work, briefing, out, reason.strip(), is_embargo=False)


def recall_for_embargo(work: Work, fact: EmbargoSet) -> None:
    """Hear that learning came under an embargo: take back every briefing that any version of links to it."""
    linking = (
        sa.select(BriefingVersion.briefing_id)
        .join(briefing_point, briefing_point.c.version_id == BriefingVersion.id)
        .where(briefing_point.c.learning_point_id.in_(fact.learning_point_ids))
    )
    for briefing in work.session.scalars(sa.select(Briefing).where(Briefing.id.in_(linking)).order_by(Briefing.id)):
        out = _out(work, briefing.id)
        if out is not None:
            _recall(work, briefing, out, BY_EMBARGO, is_embargo=True)


def _out(work: Work, briefing_id: int) -> BriefingVersion | None:
    return work.session.scalar(
        sa.select(BriefingVersion)
        .where(BriefingVersion.briefing_id == briefing_id, BriefingVersion.state == VersionState.PUBLISHED)
        .with_for_update(key_share=True)
    )


def _recall(work: Work, briefing: Briefing, out: BriefingVersion, reason: str, *, is_embargo: bool) -> BriefingRecall:
    out.state, out.withdrawn_at = VersionState.WITHDRAWN, work.now
    recall = BriefingRecall(
        briefing_id=briefing.id,
        version_id=out.id,
        at=work.now,
        by_id=work.actor.person_id,
        reason=reason,
        is_embargo=is_embargo,
    )
    work.session.add(recall)
    mine = LearningPointLink.source.startswith(f"briefings.briefing:{briefing.id}:")
    for source in work.session.scalars(sa.select(LearningPointLink.source).where(mine)).all():
        unlink_learning_point(work, source)
    work.record("briefing recalled", briefing, is_confidential=True, version=out.number, is_embargo=is_embargo)
    work.tell(BriefingRecalled(briefing.id, out.id, is_embargo=is_embargo))
    return recall
