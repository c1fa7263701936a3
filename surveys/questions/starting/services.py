"""The questions that an installation begins with, read from `starting_sets.toml` once, when there is no survey yet."""

from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa

from lms.frame.demonstration import read_words
from lms.frame.work import Work
from surveys.questions.models import BankQuestion, Question, QuestionOption, Survey, SurveyVersion
from surveys.questions.queries import has_surveys
from surveys.questions.rules import QuestionKind, SurveyKind
from surveys.questions.services import split_option
from surveys.themes.models import TextTheme


def begin_with_starting_sets(work: Work) -> bool:
    """Write the surveys, the bank and the themes, unless there has ever been a survey. Whether it did."""
    if has_surveys(work.session):
        return False
    said = read_words(__file__, "starting_sets.toml")
    work.session.add_all(_bank(code, each) for code, each in said["bank"].items())
    work.session.add_all(_survey(work, kind, said["surveys"][kind], said["bank"]) for kind in SurveyKind)
    there = set(work.session.scalars(sa.select(TextTheme.name)))
    work.session.add_all(TextTheme(name=name) for name in said["themes"]["names"] if name not in there)
    work.session.flush()
    return True


def _survey(work: Work, kind: SurveyKind, said: Mapping[str, Any], bank: Mapping[str, Any]) -> Survey:
    questions: list[Question] = []
    for page in said["pages"]:
        asked = [{"code": code, **bank[code], "required": page.get("required", False)} for code in page.get("take", ())]
        questions += [_question(each, page["heading"]) for each in [*asked, *page.get("questions", ())]]
    for place, question in enumerate(questions, start=1):
        question.position = place
    version = SurveyVersion(
        number=1, intro=said["intro"], created_at=work.now, published_at=work.now, questions=questions
    )
    is_standing = kind not in (SurveyKind.WORKFORCE, SurveyKind.TRAINING_NEEDS)
    return Survey(kind=kind, title=said["title"], created_at=work.now, is_standing=is_standing, versions=[version])


def _question(said: Mapping[str, Any], heading: str) -> Question:
    code, _, values = said.get("only_if", "").partition("=")
    options = [split_option(each, place) for place, each in enumerate(said.get("options", ()), start=1)]
    return Question(
        code=said["code"],
        kind=QuestionKind(said["kind"]),
        words=said["words"],
        heading=heading,
        low_words=said.get("low", ""),
        high_words=said.get("high", ""),
        is_required=said.get("required", False),
        kirkpatrick=said.get("kirkpatrick"),
        show_if_code=code,
        show_if_values=values.split(",") if values else [],
        options=[
            QuestionOption(position=place, value=value, words=words)
            for place, (value, words) in enumerate(options, start=1)
        ],
    )


def _bank(code: str, said: Mapping[str, Any]) -> BankQuestion:
    return BankQuestion(
        code=code,
        kind=QuestionKind(said["kind"]),
        words=said["words"],
        low_words=said.get("low", ""),
        high_words=said.get("high", ""),
        kirkpatrick=said.get("kirkpatrick"),
        options=list(said.get("options", [])),
    )
