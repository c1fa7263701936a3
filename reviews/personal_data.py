"""What reviews keep of a person: the actions they own, and what they did as officers."""

from collections.abc import Iterator, Mapping
from typing import Any

import sqlalchemy as sa

from lms.frame.plugins import PersonalData
from lms.frame.work import Work
from lms.kit.erased import ERASED_NAME
from reviews.actions.models import Action, Recommendation
from reviews.actions.rules import ActionState
from reviews.cases.visibility.models import Embargo
from reviews.cases.visibility.queries import visible_review_ids
from reviews.embargoes.models import Release


def _export(work: Work, person_id: int) -> Mapping[str, Any]:
    """Only what whoever asks for the copy may know of: an action of an embargoed review is not in it for others."""
    owned = (
        sa.select(Action)
        .join(Recommendation)
        .where(sa.or_(Action.owner_id == person_id, Action.answered_by_id == person_id))
        .where(Recommendation.review_id.in_(visible_review_ids(work.actor)))
        .order_by(Action.id)
    )
    return {
        "Actions from reviews that you own or answered": [
            {
                "Action": each.text,
                "Due": each.due_on.isoformat(),
                "State": each.state.value,
                "Evidence": each.evidence,
            }
            for each in work.session.scalars(owned)
        ]
    }


def _prevents(work: Work, person_id: int) -> Iterator[str]:
    """An action has a named owner, always. Its review is not named here."""
    open_ones = sa.select(sa.func.count(Action.id)).where(
        Action.owner_id == person_id, Action.state != ActionState.CLOSED
    )
    if work.session.scalar(open_ones):
        yield "This person owns an action that is still open. Give it to someone else first."


def _erase(work: Work, person_id: int) -> None:
    for set_by, name in (
        (Embargo.set_by_id, "set_by_name"),
        (Release.proposed_by_id, "proposed_by_name"),
    ):
        work.session.execute(sa.update(set_by.class_).where(set_by == person_id).values({name: ERASED_NAME}))


PERSONAL_DATA = PersonalData(
    tables=("review_action", "embargo", "learning_evidence", "learning_release", "learning_theme_change"),
    export=_export,
    erase=_erase,
    prevents=_prevents,
)
