"""What must be true of answers, for `lms check`. They have no number of their own that tells whose they are."""

from collections.abc import Iterator

import sqlalchemy as sa

from lms.frame.work import Work
from surveys.answers.models import AnswerSheet, SurveyAnswer
from surveys.questions.models import Question
from surveys.questions.rules import QuestionKind

HIGHEST = {QuestionKind.SCALE: 10, QuestionKind.OUTCOMES: 10, QuestionKind.AGREEMENT: 5}


def answers_that_nobody_gave(work: Work) -> Iterator[str]:
    """An answer to a question of another version than its sheet's, or a number beyond the question's scale."""
    rows = work.session.execute(
        sa.select(Question.id, Question.kind, AnswerSheet.version_id, Question.version_id, SurveyAnswer.number)
        .join(SurveyAnswer, SurveyAnswer.question_id == Question.id)
        .join(AnswerSheet, AnswerSheet.id == SurveyAnswer.sheet_id)
        .where(sa.or_(AnswerSheet.version_id != Question.version_id, *map(_beyond, HIGHEST)))
        .order_by(Question.id, SurveyAnswer.number)
    )
    for question_id, _, asked, of, number in rows:
        wrong = "is of another version than its sheet" if asked != of else f"is {number}, beyond the question's scale"
        yield f"An answer to question {question_id} {wrong}."


def _beyond(kind: QuestionKind) -> sa.ColumnElement[bool]:
    return sa.and_(Question.kind == kind, ~SurveyAnswer.number.between(1, HIGHEST[kind]))
