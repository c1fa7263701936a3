"""What must be true of reviews, for `lms check`. Lines name numbers only: a check's output is read by anybody."""

from collections.abc import Iterator

import sqlalchemy as sa
from sqlalchemy.orm import selectinload

from lms.frame.work import Work
from lms.kit.working_days import london_date
from lms.people.models import Person
from reviews.actions.models import Action
from reviews.actions.rules import OWED
from reviews.cases.models import Review
from reviews.cases.rules import Publication, is_reportable
from reviews.cases.visibility.models import Embargo
from reviews.learning.models import Evidence, LearningPoint
from reviews.learning.queries import facts_of
from reviews.learning.rules import Verdict, change_of, counts_as_evidence


def publication_states(work: Work) -> Iterator[str]:
    """Every review is in exactly one state, which fits its stage, and is embargoed exactly while an embargo stands."""
    standing = set(work.session.scalars(sa.select(Embargo.review_id).where(Embargo.lifted_at.is_(None))))
    rows = work.session.execute(sa.select(Review.id, Review.stage, Review.publication).order_by(Review.id)).all()
    for review_id, stage, publication in rows:
        if (publication is Publication.EMBARGOED) != (review_id in standing):
            yield f"Review {review_id}: its publication state and its embargo do not agree."
        elif not is_reportable(stage, publication):
            yield f"Review {review_id}: its stage and its publication state do not agree."


def embedded_without_later_evidence(work: Work) -> Iterator[str]:
    """Nothing is called embedded by evidence that is not dated after the change."""
    findings = work.session.execute(
        sa.select(Evidence.id, Evidence.learning_point_id, Evidence.dated_on)
        .where(Evidence.verdict == Verdict.EMBEDDED)
        .order_by(Evidence.id)
    ).all()
    ids = {point_id for _, point_id, _ in findings}
    points = work.session.scalars(
        sa.select(LearningPoint).where(LearningPoint.id.in_(ids)).options(selectinload(LearningPoint.links))
    )
    changes = {point.id: change_of(facts_of(point, ())) for point in points}
    for evidence_id, point_id, dated_on in findings:
        if not counts_as_evidence(dated_on, changes[point_id]):
            yield f"Evidence {evidence_id} calls learning point {point_id} embedded, but is not dated after the change."


def actions_without_owner(work: Work) -> Iterator[str]:
    """No action passed its date while nobody owned it: the plan shows “owner needed” long before."""
    rows = work.session.scalars(
        sa.select(Action.id)
        .join(Person, Person.id == Action.owner_id)
        .where(Action.state.in_(OWED), Action.due_on < london_date(work.now))
        .where(sa.or_(Person.left_on.is_not(None), Person.merged_into_id.is_not(None)))
        .order_by(Action.id)
    )
    for action_id in rows:
        yield f"Action {action_id}: its date has passed and its owner has left."
