"""The demonstration's reviews: a joint one, one under embargo with learning let out, and what became of them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

import sqlalchemy as sa

from lms.frame.access import Role
from lms.frame.demonstration import read_words
from lms.frame.work import Work
from lms.kit.working_days import london_date, working_days_after, working_days_before
from lms.people.models import Person, RoleGrant
from reviews.actions.models import Action, Recommendation
from reviews.actions.rules import ActionState, Response
from reviews.cases.models import Review, ReviewKind
from reviews.cases.rules import Decision, Publication, ReviewStage, ReviewType
from reviews.cases.visibility.models import Embargo
from reviews.embargoes.models import Release
from reviews.learning.models import Evidence, LearningPoint, LearningPointLink
from reviews.learning.rules import EvidenceKind, Verdict
from reviews.themes.models import Theme, ThemeChange
from reviews.themes.rules import ThemeEvent

WORDS = read_words(__file__)
AGREED_BY = "Learning and Improvement sub-group"
STAGES = {
    Publication.FULL: ReviewStage.PUBLISHED,
    Publication.PART: ReviewStage.PUBLISHED,
    Publication.NONE: ReviewStage.NOT_PUBLISHED,
}
Row = Mapping[str, Any]


@dataclass
class ReviewsMaking:
    """What is at hand while the reviews are made. `owners` come round in their order."""

    work: Work
    today: date
    owners: list[Person]
    gone: Person | None
    officers: list[Person]
    themes: dict[str, Theme] = field(default_factory=dict)
    points: dict[str, LearningPoint] = field(default_factory=dict)
    reviews: dict[str, Review] = field(default_factory=dict)
    number: int = 0

    def ago(self, days: int | None) -> date | None:
        return None if days is None else self.today - timedelta(days=days)

    def keep(self, record: Any) -> Any:
        self.work.session.add(record)
        self.work.session.flush()
        return record

    def next_owner(self) -> Person:
        self.number += 1
        return self.owners[self.number % len(self.owners)]


def load(work: Work) -> None:
    """Add themes, reviews, what was learned from each and who does what about it. Without people, without actions."""
    making = _making(work)
    for name, meaning in WORDS["themes"].items():
        change = ThemeChange(at=work.now, event=ThemeEvent.ADDED, name_before="", name_after=name)
        making.themes[name] = making.keep(Theme(name=name, meaning=meaning, history=[change]))
    for row in WORDS["reviews"]:
        review = _review(making, row)
        for point in row.get("points", ()):
            _point(making, point, review)
        if making.owners:
            _recommendations(making, row, review)
    _release(making, WORDS["release"])


def _making(work: Work) -> ReviewsMaking:
    here = sa.select(Person).where(Person.agency_id.is_not(None), Person.merged_into_id.is_(None))
    leads = sa.select(RoleGrant.person_id).where(RoleGrant.role == Role.AGENCY_LEAD)
    officers = sa.select(RoleGrant.person_id).where(RoleGrant.role.in_((Role.REVIEW_OFFICER, Role.BUSINESS_MANAGER)))
    session, is_here = work.session, Person.is_here
    return ReviewsMaking(
        work=work,
        today=london_date(work.now),
        owners=list(session.scalars(here.where(Person.id.in_(leads), is_here).order_by(Person.ref).limit(9))),
        gone=session.scalar(
            here.where(Person.left_on.is_not(None)).order_by(Person.left_on.desc(), Person.ref).limit(1)
        ),
        officers=list(session.scalars(sa.select(Person).where(Person.id.in_(officers), is_here).order_by(Person.ref))),
    )


def _review(making: ReviewsMaking, row: Row) -> Review:
    publication = Publication(row["publication"])
    known_on = making.ago(row.get("known_days"))
    review: Review = making.keep(
        Review(
            ref=row["ref"],
            title=row["title"],
            headline=row["headline"],
            summary=row["summary"],
            kinds=[ReviewKind(type=ReviewType(each)) for each in row["types"]],
            themes=[making.themes[each] for each in row["themes"]],
            stage=STAGES.get(publication) or ReviewStage(row["stage"]),
            decision=Decision(row.get("decision", "local_review")),
            publication=publication,
            not_published_reason=row.get("reason", ""),
            known_on=known_on,
            notified_on=working_days_after(known_on, 4) if known_on else None,
            rapid_review_on=working_days_after(known_on, 16) if known_on else None,
            decided_on=making.ago(row["days"]),
            published_on=making.ago(row.get("published_days")),
            publication_reason="A criminal trial came first."
            if row["days"] - row.get("published_days", 0) > 200
            else "",
            created_at=making.work.now,
        )
    )
    making.reviews[review.ref] = review
    if publication is Publication.EMBARGOED:
        _embargo(making, review, row)
    return review


def _embargo(making: ReviewsMaking, review: Review, row: Row) -> None:
    set_by = making.officers[0] if making.officers else None
    making.keep(
        Embargo(
            review_id=review.id,
            reason=row["embargo"],
            look_again_on=making.today + timedelta(days=row["look_again"]),
            publication_before=Publication.IN_PROGRESS,
            set_at=making.work.now - timedelta(days=row["days"]),
            set_by_id=set_by.id if set_by else None,
            set_by_name=set_by.name if set_by else making.work.actor.name,
        )
    )


def _point(making: ReviewsMaking, row: Row, review: Review | None) -> LearningPoint:
    agreed_on = making.ago(row.get("agreed_days"))
    since = making.ago(row.get("addressed_days"))
    words = "The partnership’s multi-agency procedures"
    links = (
        [LearningPointLink(source="reviews.by_hand:demo", kind="policy", words=words, since_on=since)] if since else []
    )
    point: LearningPoint = making.keep(
        LearningPoint(
            ref=row["ref"],
            review=review,
            text=row["text"],
            heading=row.get("heading", ""),
            practice=row.get("practice", ""),
            themes=[making.themes[each] for each in row["themes"]],
            agreed_on=agreed_on,
            agreed_by=AGREED_BY if agreed_on else "",
            agreed_minute=f"{len(making.points) + 3}.2" if agreed_on else "",
            links=links,
            created_at=making.work.now,
        )
    )
    making.points[point.ref] = point
    for each in row.get("evidence", ()):
        making.keep(_evidence(making, each, point))
    return point


def _evidence(making: ReviewsMaking, row: Row, point: LearningPoint) -> Evidence:
    return Evidence(
        learning_point_id=point.id,
        kind=EvidenceKind.AUDIT,
        title=row["title"],
        dated_on=making.today - timedelta(days=row["days"]),
        finding=row["finding"],
        met=row["met"],
        of_all=row["of_all"],
        verdict=Verdict(row["verdict"]),
        recorded_at=making.work.now,
    )


def _recommendations(making: ReviewsMaking, row: Row, review: Review) -> None:
    for number, each in enumerate(row.get("recommendations", ()), start=1):
        point = making.points.get(each.get("point", ""))
        recommendation = making.keep(
            Recommendation(
                review_id=review.id,
                learning_point_id=point.id if point else None,
                number=number,
                text=each["text"],
                response=Response(each["response"]),
                not_accepted_reason=each.get("reason", ""),
            )
        )
        for action in each.get("actions", ()):
            making.keep(_action(making, action, recommendation))


def _action(making: ReviewsMaking, row: Row, recommendation: Recommendation) -> Action:
    owner = making.gone if row.get("owner") == "gone" and making.gone else making.next_owner()
    due_on = making.today + timedelta(days=row["due"])
    state = ActionState(row["state"])
    return Action(
        recommendation_id=recommendation.id,
        text=row["text"],
        agency_id=owner.agency_id,
        owner_id=owner.id,
        due_on=working_days_before(due_on + timedelta(days=1), 1),
        state=state,
        evidence=row.get("evidence", ""),
        returned_reason=row.get("returned", ""),
        answered_at=making.work.now - timedelta(days=3) if row.get("evidence") else None,
        closed_at=making.work.now - timedelta(days=2) if state is ActionState.CLOSED else None,
    )


def _release(making: ReviewsMaking, row: Row) -> None:
    """General words that one officer proposed and another let out; its reference is drawn like any other's."""
    point = _point(making, {**row, "ref": "LP-K7RTW", "agreed_days": 20}, None)
    if len(making.officers) < 2:
        return
    proposed_by, decided_by = making.officers[:2]
    making.keep(
        Release(
            review_id=making.reviews[row["review"]].id,
            text=row["text"],
            practice=row["practice"],
            theme_ids=[str(making.themes[each].id) for each in row["themes"]],
            proposed_at=making.work.now - timedelta(days=40),
            proposed_by_id=proposed_by.id,
            proposed_by_name=proposed_by.name,
            decided_at=making.work.now - timedelta(days=38),
            decided_by_id=decided_by.id,
            released_id=point.id,
        )
    )
