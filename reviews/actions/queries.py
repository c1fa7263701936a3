"""The plan: recommendations and actions as each reader may see them, with their standing today."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased, contains_eager, joinedload

from lms.agencies.models import Agency
from lms.frame.access import PUBLIC, Actor
from lms.frame.plugins import LeavingChoice, LeftOpen
from lms.frame.work import Work
from lms.kit.errors import NotFound
from lms.kit.words import long_date
from lms.kit.working_days import london_date
from lms.people.models import Person
from reviews.actions.models import Action, Recommendation
from reviews.actions.rules import OWED, ActionRag, ActionState, Response, Standing, standing
from reviews.cases.models import Review
from reviews.cases.visibility.queries import visible_review_ids
from reviews.permissions import READ, SEE_OWNERS

NO_SUCH_ACTION = "We cannot find that action. The plan shows them all."


@dataclass(frozen=True)
class PlanFilter:
    """Which actions of the plan are meant; empty means all."""

    agency_id: int | None = None
    rag: ActionRag | None = None
    review_id: int | None = None
    learning_point_id: int | None = None


@dataclass(frozen=True)
class PlanRow:
    """An action in the plan. `owner` is empty where the reader is not to see names."""

    id: int
    review_id: int
    review_ref: str
    number: int
    recommendation: str
    action: str
    agency: str
    owner: str
    is_owner_needed: bool
    due_on: date
    state: ActionState
    standing: Standing
    evidence: str


def actions_seen_by(actor: Actor) -> sa.ColumnElement[bool]:
    """Readers see the plan; an agency lead the actions of the agency, an owner their own. Never under embargo."""
    open_to_reader = sa.select(Recommendation.id).where(Recommendation.review_id.in_(visible_review_ids(actor)))
    seen = Action.recommendation_id.in_(open_to_reader)
    if actor.may(READ):
        return seen
    own = sa.or_(Action.agency_id.in_(actor.leads_agency_ids), Action.owner_id == actor.person_id)
    return sa.and_(seen, own)


def plan(session: Session, actor: Actor, now: datetime, wanted: PlanFilter = PlanFilter()) -> list[PlanRow]:
    """The actions that exist for this reader, by date; one query."""
    return _rows(session, actor, now, wanted, actions_seen_by(actor))


def own_plan(session: Session, actor: Actor, now: datetime) -> list[PlanRow]:
    """Only what the reader must answer: the actions that they own, and those of agencies that they lead."""
    own = sa.or_(Action.agency_id.in_(actor.leads_agency_ids), Action.owner_id == actor.person_id)
    return _rows(session, actor, now, PlanFilter(), sa.and_(actions_seen_by(actor), own))


def may_answer(actor: Actor, action: Action) -> bool:
    """The owner, and whoever leads the agency that owes it."""
    return action.owner_id == actor.person_id or action.agency_id in actor.leads_agency_ids


def find_action(session: Session, actor: Actor, action_id: int) -> Action:
    """An action that exists for this reader. Raises NotFound, in the same words for none at all."""
    action = session.scalar(
        sa.select(Action)
        .where(Action.id == action_id, actions_seen_by(actor))
        .options(joinedload(Action.recommendation).joinedload(Recommendation.review), joinedload(Action.owner))
    )
    if action is None:
        raise NotFound(NO_SUCH_ACTION)
    return action


def find_recommendation(session: Session, actor: Actor, recommendation_id: int) -> Recommendation:
    """A recommendation of a review that exists for this reader. Raises NotFound."""
    found = session.scalar(
        sa.select(Recommendation).where(
            Recommendation.id == recommendation_id, Recommendation.review_id.in_(visible_review_ids(actor))
        )
    )
    if found is None:
        raise NotFound("We cannot find that recommendation. The review shows them all.")
    return found


@dataclass(frozen=True)
class RecommendationRow:
    """A recommendation on its review's page."""

    id: int
    number: int
    text: str
    response: Response
    not_accepted_reason: str


def recommendations_of(session: Session, review_id: int) -> list[RecommendationRow]:
    """The recommendations of a review that the reader was found to see, in their order."""
    columns = (
        Recommendation.id,
        Recommendation.number,
        Recommendation.text,
        Recommendation.response,
        Recommendation.not_accepted_reason,
    )
    rows = session.execute(
        sa.select(*columns).where(Recommendation.review_id == review_id).order_by(Recommendation.number)
    )
    return [RecommendationRow(*row) for row in rows]


def actions_to_write_about(session: Session) -> list[Action]:
    """Owed actions of reviews that are open to all, whose owner is still here."""
    return list(
        session.scalars(
            sa.select(Action)
            .join(Action.owner)
            .join(Action.recommendation)
            .where(Action.state.in_(OWED), Recommendation.review_id.in_(visible_review_ids(PUBLIC)))
            .where(Person.is_here)
            .options(contains_eager(Action.owner), joinedload(Action.agency))
            .order_by(Action.due_on, Action.id)
        )
    )


def agencies(session: Session, actor: Actor | None) -> list[tuple[int, str]]:
    """The agencies that can owe an action; with a reader, only those that owe one which the reader sees."""
    if actor is None:
        criterion = Agency.closed_on.is_(None)
    else:
        criterion = Agency.id.in_(sa.select(Action.agency_id).where(actions_seen_by(actor)))
    rows = session.execute(sa.select(Agency.id, Agency.name).where(criterion).order_by(Agency.name, Agency.id))
    return [(agency_id, name) for agency_id, name in rows]


def standing_of(action: Action, now: datetime) -> Standing:
    """How one action stands today."""
    return standing(action.state, action.due_on, today=london_date(now), has_owner=action.owner.is_here)


def _rows(
    session: Session, actor: Actor, now: datetime, wanted: PlanFilter, seen: sa.ColumnElement[bool]
) -> list[PlanRow]:
    owner = aliased(Person)
    query = (
        sa.select(Action, Recommendation, Review.ref, Agency.name, owner)
        .join(Recommendation, Recommendation.id == Action.recommendation_id)
        .join(Review, Review.id == Recommendation.review_id)
        .join(Agency, Agency.id == Action.agency_id)
        .join(owner, owner.id == Action.owner_id)
        .where(seen)
        .order_by(Action.due_on, Action.id)
    )
    for column, value in (
        (Action.agency_id, wanted.agency_id),
        (Recommendation.review_id, wanted.review_id),
        (Recommendation.learning_point_id, wanted.learning_point_id),
    ):
        query = query if value is None else query.where(column == value)
    sees_names = actor.may(SEE_OWNERS)
    rows = [
        PlanRow(
            id=action.id,
            review_id=recommendation.review_id,
            review_ref=ref,
            number=recommendation.number,
            recommendation=recommendation.text,
            action=action.text,
            agency=agency,
            owner=person.name if sees_names or may_answer(actor, action) else "",
            is_owner_needed=not person.is_here and action.state in OWED,
            due_on=action.due_on,
            state=action.state,
            standing=standing(action.state, action.due_on, today=london_date(now), has_owner=person.is_here),
            evidence=action.evidence,
        )
        for action, recommendation, ref, agency, person in session.execute(query)
    ]
    return [row for row in rows if wanted.rag is None or row.standing.rag is wanted.rag]


def owed_by(work: Work, person_ids: Collection[int]) -> Iterator[tuple[int, LeftOpen]]:
    """The actions that those who leave own, of reviews that this reader may know of."""
    owed = (
        sa.select(Action)
        .join(Action.recommendation)
        .where(Action.owner_id.in_(person_ids), Action.state.in_(OWED))
        .where(Recommendation.review_id.in_(visible_review_ids(work.actor)))
        .options(joinedload(Action.agency), contains_eager(Action.recommendation))
        .order_by(Action.due_on, Action.id)
    )
    for action in work.session.scalars(owed):
        yield (
            action.owner_id,
            LeftOpen(
                key=f"action-{action.id}",
                words=f"Action {action.id}, owed by {action.agency.name}, due {long_date(action.due_on)}",
                choices={
                    LeavingChoice.KEEP: "Leave it with the agency: the plan says that an owner is needed",
                    LeavingChoice.GIVE: "Another owner",
                },
                receiver="The reference or email address of the new owner.",
                locks=((Review, action.recommendation.review_id),),
            ),
        )
