"""What is sealed and can be matched, and the practice sheets that came out."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload, selectinload

from courses.programme.events.models import Event
from surveys.answers.queries import is_open
from surveys.invitations.models import Answered, Invitation
from surveys.invitations.rules import Route
from surveys.pairs.models import PracticeAnswer, PracticeSheet, RouteCount, SealedPractice, StartFigure
from surveys.pairs.rules import SCALES, Item, Side, Steps
from surveys.questions.measures.rules import Sense
from surveys.questions.models import Question, QuestionOption, Survey, SurveyVersion
from surveys.questions.rules import QuestionKind, kind_of
from surveys.stages.rules import FIRST, LAST, LAST_WAITING, Stage


@dataclass(frozen=True)
class OverEvent:
    """An event whose 3-month survey nobody can answer any more, with answers that are still sealed."""

    id: int
    course_id: int
    ends_at: datetime


def practice_codes(session: Session, event_id: int) -> frozenset[str]:
    """The practices of an event: scales and right answers that were asked before it. Only they wait to be matched.

    What looks back at one of them, or asks what people mean to do, goes with it.
    """
    of_event = sa.select(Invitation.version_id).where(
        Invitation.event_id == event_id, Invitation.version_id.is_not(None)
    )
    first = of_event.where(Invitation.stage == FIRST)
    has_right = sa.exists().where(QuestionOption.question_id == Question.id, QuestionOption.is_right)
    query = sa.select(Question.code).where(Question.sense == Sense.NOW, sa.or_(Question.kind.in_(SCALES), has_right))
    codes = frozenset(session.scalars(query.where(Question.version_id.in_(first))))
    beside = sa.select(Question.code).where(Question.version_id.in_(of_event), Question.practice_code.in_(codes))
    return codes | frozenset(session.scalars(beside))


def events_over(session: Session, now: datetime) -> list[OverEvent]:
    """Events with sealed practices whose 3-month survey has closed for everybody, and for those who waited."""
    rows = session.execute(
        sa.select(Event.id, Event.course_id, Event.ends_at)
        .join(Invitation, Invitation.event_id == Event.id)
        .outerjoin(Answered, Answered.invitation_id == Invitation.id)
        .where(Event.id.in_(sa.select(SealedPractice.event_id)), Invitation.stage.in_((LAST, LAST_WAITING)))
        .group_by(Event.id, Event.course_id, Event.ends_at)
        .having(sa.func.count(sa.case((is_open(now), 1))) == 0)
        .order_by(Event.id)
    )
    return [OverEvent(*row) for row in rows]


@dataclass(frozen=True)
class PracticeRead:
    """One person's answers on their practice, as they came out."""

    course_id: int
    half_on: date
    side: Side
    steps: Mapping[Item, Steps]


def practice_sheets(session: Session, course_ids: Collection[int] | None = None) -> list[PracticeRead]:
    """Every sheet of those who came, of these courses or of all: two queries."""
    of = sa.true() if course_ids is None else PracticeSheet.course_id.in_(course_ids)
    return _sheets(session, PracticeSheet.side != Side.WAITED, of)


def sheets_of_waiting(session: Session) -> list[PracticeRead]:
    """Every sheet of those who waited and had no place: two queries."""
    return _sheets(session, PracticeSheet.side == Side.WAITED)


def _sheets(session: Session, *where: sa.ColumnElement[bool]) -> list[PracticeRead]:
    rows = session.execute(
        sa.select(PracticeSheet.id, PracticeSheet.course_id, PracticeSheet.half_on, PracticeSheet.side)
        .where(*where)
        .order_by(PracticeSheet.id)
    ).all()
    if not rows:
        return []
    steps: dict[str, dict[Item, Steps]] = defaultdict(dict)
    said = (PracticeAnswer.before, PracticeAnswer.on_the_day, PracticeAnswer.after)
    for sheet_id, code, item, *numbers in session.execute(
        sa.select(PracticeAnswer.sheet_id, PracticeAnswer.code, PracticeAnswer.item, *said)
        .join(PracticeSheet, PracticeSheet.id == PracticeAnswer.sheet_id)
        .where(*where)
        .order_by(PracticeAnswer.sheet_id, PracticeAnswer.code, PracticeAnswer.item)
    ):
        steps[sheet_id][code, item] = Steps(*numbers)
    return [PracticeRead(course_id, half_on, side, steps[id_]) for id_, course_id, half_on, side in rows]


@dataclass(frozen=True)
class PracticeAsked:
    """A practice as reports name it, by the newest version of the 3-month survey that asks it."""

    code: str
    kind: QuestionKind
    words: str
    low_words: str
    high_words: str
    level: int | None = None
    steps: tuple[str, ...] = ()


def practices_asked(session: Session) -> list[PracticeAsked]:
    """The practices of which answers came out, in the order in which they are asked three months on: two queries."""
    rows = session.scalars(
        sa.select(Question)
        .options(selectinload(Question.options))
        .join(SurveyVersion, SurveyVersion.id == Question.version_id)
        .join(Survey, Survey.id == SurveyVersion.survey_id)
        .where(Survey.kind == kind_of(LAST), SurveyVersion.published_at.is_not(None), Question.kind.in_(SCALES))
        .where(Question.code.in_(sa.select(PracticeAnswer.code)), Question.sense == Sense.NOW)
        .order_by(Question.position, Question.id)
    )
    found: dict[str, PracticeAsked] = {}
    newest: dict[str, int] = {}
    for each in rows:
        if each.version_id >= newest.get(each.code, 0):
            newest[each.code] = each.version_id
            found[each.code] = PracticeAsked(
                each.code,
                each.kind,
                each.words,
                each.low_words,
                each.high_words,
                each.kirkpatrick,
                tuple(step.words for step in each.options),
            )
    return list(found.values())


@dataclass(frozen=True)
class AskedBeside:
    """A question beside a practice (looking back, intention), or one with right answers, by its newest version."""

    code: str
    words: str
    sense: Sense
    practice_code: str
    is_case: bool
    level: int | None


def asked_beside(session: Session) -> list[AskedBeside]:
    """Those of which answers came out, in the order in which they are asked: one query."""
    has_right = sa.exists().where(QuestionOption.question_id == Question.id, QuestionOption.is_right)
    rows = session.scalars(
        sa.select(Question)
        .join(SurveyVersion, SurveyVersion.id == Question.version_id)
        .where(SurveyVersion.published_at.is_not(None), sa.or_(Question.sense != Sense.NOW, has_right))
        .where(Question.code.in_(sa.select(PracticeAnswer.code)))
        .order_by(Question.version_id, Question.position)
    )
    newest = {each.code: each for each in rows}
    return [
        AskedBeside(each.code, each.words, each.sense, each.practice_code, bool(each.vignette), each.kirkpatrick)
        for each in newest.values()
    ]


def start_figures(session: Session) -> list[StartFigure]:
    """Where people stood before, by half-year and sector, with those who answered later beside those who did not."""
    query = sa.select(StartFigure).options(joinedload(StartFigure.sector))
    return list(session.scalars(query.order_by(StartFigure.half_on, StartFigure.id)))


def routes_by_event(session: Session, stage: Stage = LAST) -> dict[int, dict[Route, int]]:
    """By which way the answers to each event's survey came: one query."""
    found: dict[int, dict[Route, int]] = defaultdict(dict)
    rows = session.execute(
        sa.select(RouteCount.event_id, RouteCount.route, RouteCount.people)
        .where(RouteCount.stage == stage)
        .order_by(RouteCount.event_id, RouteCount.route)
    )
    for event_id, route, people in rows:
        found[event_id][route] = people
    return found
