"""What each question is about, by its code: one query."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session

from surveys.questions.models import Question, SurveyVersion


@dataclass(frozen=True)
class About:
    """The Kirkpatrick level that a question measures, None where nobody said, and the learning points that it tests."""

    level: int | None = None
    points: frozenset[int] = frozenset()


def what_questions_are_about(session: Session) -> dict[str, About]:
    """By code, as the newest published version of each survey says; its level by the newest of all that say one.

    Two courses may ask the same thing after different learning points: then it is about both.
    """
    newest = (
        sa.select(sa.func.max(SurveyVersion.id))
        .where(SurveyVersion.published_at.is_not(None))
        .group_by(SurveyVersion.survey_id)
    )
    rows = session.execute(
        sa.select(Question.code, Question.kirkpatrick, Question.learning_point_id)
        .where(Question.version_id.in_(newest))
        .order_by(Question.version_id.desc(), Question.id)
    )
    levels: dict[str, int | None] = {}
    points: dict[str, set[int]] = defaultdict(set)
    for code, level, point_id in rows:
        levels[code] = levels.get(code) or level
        points[code] |= {point_id} if point_id else set()
    return {code: About(level, frozenset(points[code])) for code, level in levels.items()}


def codes_about(about: Mapping[str, About], point_id: int) -> frozenset[str]:
    """The questions that test a learning point."""
    return frozenset(code for code, each in about.items() if point_id in each.points)
