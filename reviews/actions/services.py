"""Writing recommendations and actions, answering actions, and deciding on the answers."""

import sqlalchemy as sa

from lms.agencies.models import Agency
from lms.frame.plugins import LeavingChoice, LeftOpen
from lms.frame.work import Work
from lms.kit.errors import Conflict, Invalid, NotAllowed
from lms.kit.working_days import london_date, working_days_before
from lms.people.models import Person
from reviews.actions import letters, life
from reviews.actions.models import Action, Recommendation
from reviews.actions.queries import find_action, find_recommendation, may_answer
from reviews.actions.rules import (
    REMINDED_WORKING_DAYS,
    ActionState,
    Response,
    check_response,
)
from reviews.actions.written import Owed, Recommended
from reviews.cases.queries import find_review
from reviews.cases.rules import check_identifies_nobody
from reviews.cases.visibility.queries import is_open_to_all
from reviews.learning.models import LearningPoint


def write_recommendation(work: Work, review_id: int, written: Recommended) -> Recommendation:
    """Add a recommendation to a review, with the next number."""
    review = find_review(work.session, work.actor, review_id)
    last = sa.select(sa.func.max(Recommendation.number)).where(Recommendation.review_id == review.id)
    recommendation = Recommendation(review_id=review.id, number=(work.session.scalar(last) or 0) + 1)
    _apply_recommendation(work, recommendation, written)
    work.session.add(recommendation)
    work.record("recommendation written", recommendation, is_confidential=True)
    return recommendation


def change_recommendation(work: Work, recommendation_id: int, written: Recommended) -> Recommendation:
    """Change its words, or what the partnership answers. Not accepted: its open actions are withdrawn."""
    recommendation = find_recommendation(work.session, work.actor, recommendation_id)
    _apply_recommendation(work, recommendation, written)
    if recommendation.response is Response.NOT_ACCEPTED:
        for action in recommendation.actions:
            if life.WITHDRAW.is_open(action.state):
                action.state = ActionState.WITHDRAWN
    work.record("recommendation changed", recommendation, is_confidential=True, response=written.response.value)
    return recommendation


def write_action(work: Work, recommendation_id: int, owed: Owed) -> Action:
    """Add an action with its agency, its owner and its date. Raises Invalid when one of them is missing."""
    recommendation = find_recommendation(work.session, work.actor, recommendation_id)
    if recommendation.response is Response.NOT_ACCEPTED:
        raise Conflict("The recommendation is not accepted, so there is nothing to do for it.")
    action = Action(recommendation_id=recommendation.id, state=ActionState.OPEN)
    _apply_action(work, action, owed)
    work.session.add(action)
    work.record("action written", action, is_confidential=True)
    return action


def change_action(work: Work, action_id: int, owed: Owed) -> Action:
    """Give it to somebody else, or another date, while it is owed."""
    action = find_action(work.session, work.actor, action_id)
    life.CHANGE.check(action.state)
    _apply_action(work, action, owed)
    work.record("action changed", action, is_confidential=True, due_on=action.due_on)
    return action


def settle_owed(work: Work, thing: LeftOpen, choice: LeavingChoice, receiver_id: int | None) -> None:
    """Somebody else owns an action of somebody who has left; or the plan says that an owner is needed."""
    if choice is LeavingChoice.GIVE and receiver_id is not None:
        action = work.session.get_one(Action, int(thing.key.rpartition("-")[2]))
        action.owner_id = receiver_id
        work.record("action given to another owner", action, is_confidential=True)


def answer_action(work: Work, action_id: int, *, evidence: str) -> Action:
    """The owner, or the lead of the agency, says what was done and how it can be seen."""
    action = find_action(work.session, work.actor, action_id)
    if not may_answer(work.actor, action):
        raise NotAllowed("Only the owner or the agency’s lead can answer this action.")
    life.ANSWER.check(action.state)
    action.evidence = check_identifies_nobody(evidence, field="evidence")
    if not action.evidence:
        raise Invalid("Describe what was done, and how it can be seen.", field="evidence")
    action.state, action.answered_at, action.answered_by_id = ActionState.ANSWERED, work.now, work.actor.person_id
    work.record("action answered", action, is_confidential=True)
    return action


def close_action(work: Work, action_id: int) -> Action:
    """The evidence is enough."""
    action = find_action(work.session, work.actor, action_id)
    life.CLOSE.check(action.state)
    action.state, action.closed_at, action.closed_by_id = ActionState.CLOSED, work.now, work.actor.person_id
    work.record("action closed", action, is_confidential=True)
    return action


def return_action(work: Work, action_id: int, *, reason: str) -> Action:
    """The evidence is not enough: back to the owner, saying what is missing."""
    action = find_action(work.session, work.actor, action_id)
    life.RETURN.check(action.state)
    if not reason.strip():
        raise Invalid("Describe what is missing.", field="reason")
    action.state, action.returned_reason = ActionState.RETURNED, reason.strip()
    work.record("action returned", action, is_confidential=True)
    if is_open_to_all(work.session, action.recommendation.review_id):
        work.send(letters.action_returned(action, work.now))
    return action


def _apply_recommendation(work: Work, recommendation: Recommendation, written: Recommended) -> None:
    recommendation.text = check_identifies_nobody(written.text, field="text")
    check_response(written.response, written.not_accepted_reason)
    recommendation.response = written.response
    is_refused = written.response is Response.NOT_ACCEPTED
    recommendation.not_accepted_reason = written.not_accepted_reason.strip() if is_refused else ""
    point = None
    if written.point_ref.strip():
        of_review = LearningPoint.review_id == recommendation.review_id
        with work.session.no_autoflush:
            point = work.session.scalar(
                sa.select(LearningPoint).where(LearningPoint.ref == written.point_ref.strip(), of_review)
            )
        if point is None:
            raise Invalid("This review has no such learning point.", field="point_ref")
    recommendation.learning_point_id = point.id if point else None


def _apply_action(work: Work, action: Action, owed: Owed) -> None:
    action.text = check_identifies_nobody(owed.text, field="text")
    with work.session.no_autoflush:
        owner = work.session.scalar(sa.select(Person).where(Person.ref == owed.owner_ref.strip()))
        agency = work.session.get(Agency, owed.agency_id) if owed.agency_id else None
    if agency is None:
        raise Invalid("Choose the responsible agency.", field="agency_id")
    if owner is None or not owner.is_here:
        raise Invalid("Name an owner who has a record here. Enter the person’s reference.", field="owner_ref")
    if owed.due_on is None:
        raise Invalid("Enter the date it must be done by.", field="due_on")
    if owed.due_on <= london_date(work.now) and owed.due_on != action.due_on:
        raise Invalid("Choose a future date.", field="due_on")
    working_days_before(owed.due_on, REMINDED_WORKING_DAYS)  # refuses a year whose bank holidays are not known
    action.agency, action.owner, action.due_on = agency, owner, owed.due_on
