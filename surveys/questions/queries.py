"""Surveys as they are asked and as they are looked after."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload, selectinload

from courses.programme.courses.models import Course, CourseVersion
from lms.frame.access import PUBLIC
from lms.kit.errors import NotFound
from reviews.actions.models import Recommendation
from reviews.cases.models import Review
from reviews.cases.visibility.queries import visible_to
from reviews.learning.models import LearningPoint
from reviews.learning.queries import shared_points, visible_points
from surveys.questions.measures.rules import RIGHT_MARK
from surveys.questions.models import BankQuestion, Question, QuestionOption, Survey, SurveyVersion
from surveys.questions.rules import (
    ON_A_SCALE,
    WITH_OPTIONS,
    Ask,
    Choice,
    SurveyKind,
    asked_at,
    asked_pages,
    minutes_in_all,
)
from surveys.stages.rules import Stage

OUTCOMES_IN_PREVIEW = ("name the signs that something may be wrong", "say who to call, and when")


@dataclass(frozen=True)
class SurveyRow:
    """A survey in the list. `asked` is the number of the version that is asked now, 0 for none."""

    id: int
    kind: SurveyKind
    title: str
    course: str
    versions: int
    asked: int
    questions: int


def survey_rows(session: Session) -> list[SurveyRow]:
    """Every survey that is not retired, by kind; those for all courses first. Three queries."""
    surveys = session.scalars(
        sa.select(Survey)
        .where(Survey.retired_at.is_(None))
        .options(joinedload(Survey.course), selectinload(Survey.versions))
        .order_by(Survey.id)
    ).all()
    counted = session.execute(sa.select(Question.version_id, sa.func.count()).group_by(Question.version_id))
    questions = {version_id: number for version_id, number in counted}  # noqa: C416  (a result, not pairs)
    order = list(SurveyKind)
    found = [_survey_row(each, questions) for each in surveys]
    return sorted(found, key=lambda row: (order.index(row.kind), row.course, row.id))


def _survey_row(survey: Survey, questions: Mapping[int, int]) -> SurveyRow:
    asked = max((each for each in survey.versions if each.published_at), key=lambda each: each.number, default=None)
    return SurveyRow(
        id=survey.id,
        kind=survey.kind,
        title=survey.title,
        course=survey.course.code if survey.course else "",
        versions=len(survey.versions),
        asked=asked.number if asked else 0,
        questions=questions.get((asked or survey.versions[-1]).id, 0),
    )


def has_surveys(session: Session) -> bool:
    """Whether there has ever been one."""
    return bool(session.scalar(sa.select(sa.exists().select_from(Survey))))


def survey_of(session: Session, survey_id: int) -> Survey:
    """A survey with all its versions. Raises NotFound."""
    found = session.scalar(
        sa.select(Survey)
        .where(Survey.id == survey_id)
        .options(joinedload(Survey.course), selectinload(Survey.versions))
    )
    if found is None:
        raise NotFound("We cannot find that survey. The list shows them all.")
    return found


def version_of(session: Session, version_id: int) -> SurveyVersion:
    """A version with its questions. Raises NotFound."""
    found = session.scalar(sa.select(SurveyVersion).where(SurveyVersion.id == version_id).options(*WITH_QUESTIONS))
    if found is None:
        raise NotFound("We cannot find that version of a survey. The list shows them all.")
    return found


def question_of(session: Session, question_id: int) -> Question:
    """A question of a version. Raises NotFound."""
    found = session.scalar(
        sa.select(Question)
        .where(Question.id == question_id)
        .options(joinedload(Question.version).joinedload(SurveyVersion.survey), selectinload(Question.options))
    )
    if found is None:
        raise NotFound("We cannot find that question. It may have been removed. Look at the survey.")
    return found


def bank(session: Session) -> list[BankQuestion]:
    """The questions to take, by their words."""
    kept = sa.select(BankQuestion).where(BankQuestion.retired_at.is_(None))
    return list(session.scalars(kept.order_by(BankQuestion.words, BankQuestion.id)))


def version_asked(session: Session, kind: SurveyKind, course_id: int | None) -> SurveyVersion | None:
    """The version that is asked now: of the course's own survey, otherwise of the one for all courses."""
    return session.scalar(
        sa.select(SurveyVersion)
        .join(Survey, Survey.id == SurveyVersion.survey_id)
        .where(Survey.kind == kind, Survey.is_standing, Survey.retired_at.is_(None))
        .where(sa.or_(Survey.course_id.is_(None), Survey.course_id == course_id))
        .where(SurveyVersion.published_at.is_not(None))
        .order_by(Survey.course_id.is_(None), SurveyVersion.number.desc())
        .options(joinedload(SurveyVersion.survey))
        .limit(1)
    )


def asks_of(version: SurveyVersion, outcomes: Sequence[str] = ()) -> list[Ask]:
    """The questions of a version as plain values, with the outcomes of a course in them."""
    return [
        Ask(
            id=each.id,
            code=each.code,
            kind=each.kind,
            words=each.words,
            heading=each.heading,
            hint=each.hint,
            low_words=each.low_words,
            high_words=each.high_words,
            is_required=each.is_required,
            choices=_choices(each) if each.kind in WITH_OPTIONS else (),
            show_if_code=each.show_if_code,
            show_if_values=tuple(each.show_if_values),
            outcomes=tuple(outcomes),
            sense=each.sense,
            steps=tuple(option.words for option in each.options) if each.kind in ON_A_SCALE else (),
            vignette=each.vignette,
        )
        for each in version.questions
    ]


def _choices(question: Question) -> tuple[Choice, ...]:
    return tuple(Choice(each.id, each.value, each.words, each.is_right) for each in question.options)


def options_written(question: Question) -> list[str]:
    """Its options as they are typed: steps as words, others with their value, what is right with a star."""
    if question.kind in ON_A_SCALE:
        return [each.words for each in question.options]
    return [f"{RIGHT_MARK if each.is_right else ''}{each.value}={each.words}" for each in question.options]


def scales_elsewhere(session: Session, code: str, version_id: int) -> list[int]:
    """How many steps in words each scale of this code has in other versions; 0 for a scale of numbers."""
    steps = (
        sa.select(sa.func.count(QuestionOption.id))
        .where(QuestionOption.question_id == Question.id)
        .correlate(Question)
        .scalar_subquery()
    )
    query = sa.select(steps).where(
        Question.code == code, Question.version_id != version_id, Question.kind.in_(ON_A_SCALE)
    )
    return list(session.scalars(query.distinct().order_by(steps)))


def minutes_of(version: SurveyVersion, stage: Stage | None = None) -> int:
    """About how long a version takes, where it is asked at this stage."""
    asks = asks_of(version, OUTCOMES_IN_PREVIEW)
    asked = asks if stage is None else asked_at(stage, asks)
    return minutes_in_all([ask for page in asked_pages(asked, {}) for ask in page])


def latest_number(session: Session, survey_id: int) -> int:
    """The number of a survey's last version."""
    last = sa.select(sa.func.max(SurveyVersion.number)).where(SurveyVersion.survey_id == survey_id)
    return session.scalar(last) or 0


WITH_QUESTIONS = (
    joinedload(SurveyVersion.survey).joinedload(Survey.course),
    selectinload(SurveyVersion.questions).selectinload(Question.options),
    selectinload(SurveyVersion.questions).joinedload(Question.learning_point),
)


# What a question can be tied to


def courses_to_choose(session: Session) -> list[tuple[int, str]]:
    """Courses that can have a survey of their own."""
    rows = session.execute(
        sa.select(Course.id, CourseVersion.title)
        .join(CourseVersion, sa.and_(CourseVersion.course_id == Course.id, CourseVersion.is_current))
        .order_by(CourseVersion.title)
    )
    return [(id_, title) for id_, title in rows]


def course_of(session: Session, course_id: int) -> Course:
    """A course that can have a survey of its own. Raises NotFound."""
    found = session.get(Course, course_id)
    if found is None:
        raise NotFound("We cannot find that course. Choose one from the list.")
    return found


def points_to_choose(session: Session, kept_id: int | None = None) -> list[tuple[int, str]]:
    """Learning points that anybody may read; a question shows its words to everybody. And the one it has."""
    rows = session.execute(
        sa.select(LearningPoint.id, LearningPoint.ref, LearningPoint.text)
        .where(sa.or_(shared_points(), sa.and_(LearningPoint.id == kept_id, visible_points(PUBLIC))))
        .order_by(LearningPoint.ref)
    )
    return [(id_, f"{ref}: {text[:90]}") for id_, ref, text in rows]


def recommendations_to_choose(session: Session) -> list[tuple[int, str]]:
    """Recommendations of reviews that are not under embargo."""
    rows = session.execute(
        sa.select(Recommendation.id, Review.ref, Recommendation.number, Recommendation.text)
        .join(Review, Review.id == Recommendation.review_id)
        .where(visible_to(PUBLIC))
        .order_by(Review.ref, Recommendation.number)
    )
    return [(id_, f"{ref}, {number}: {text[:90]}") for id_, ref, number, text in rows]
