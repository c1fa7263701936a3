"""The questions that an installation begins with, read from `starting_sets.toml` once, when there is no survey yet."""

from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa

from courses.programme.courses.models import Course
from lms.frame.demonstration import read_words
from lms.frame.work import Work
from lms.kit.errors import Conflict
from surveys.questions.measures.rules import Sense
from surveys.questions.models import BankQuestion, Question, Survey, SurveyVersion
from surveys.questions.queries import has_surveys
from surveys.questions.rules import QuestionKind, SurveyKind
from surveys.questions.services import options_made
from surveys.themes.models import TextTheme

SETS = "starting_sets.toml"


def begin_with_starting_sets(work: Work) -> bool:
    """Write the surveys, the bank and the themes, unless there has ever been a survey. Whether it did."""
    if has_surveys(work.session):
        return False
    said = read_words(__file__, SETS)
    work.session.add_all(_bank(code, each) for code, each in said["bank"].items())
    work.session.add_all(_survey(work, kind, said["surveys"][kind], said["bank"]) for kind in SurveyKind)
    there = set(work.session.scalars(sa.select(TextTheme.name)))
    themes = said["themes"].items()
    work.session.add_all(TextTheme(name=name, signs=signs) for name, signs in themes if name not in there)
    work.session.flush()
    return True


def sets_by_type() -> list[tuple[str, list[str]]]:
    """The title of each set, and the types that it is for."""
    return [(each["title"], each["types"]) for each in read_words(__file__, SETS)["sets"].values()]


def write_set(work: Work, course: Course) -> list[Survey]:
    """Surveys of its own for a course, as its type asks for: not asked before they are published.

    Raises Conflict where it has one of its own already.
    """
    said = read_words(__file__, SETS)
    chosen = next(each for each in said["sets"].values() if course.event_type in each["types"])
    kinds = [kind for kind in SurveyKind if kind in chosen]
    there = sa.select(Survey.id).where(
        Survey.course_id == course.id, Survey.kind.in_(kinds), Survey.retired_at.is_(None)
    )
    if work.session.scalar(sa.select(there.exists())):
        raise Conflict("This course already has its own survey. Stop asking that one first, or change it.")
    made = []
    for kind in kinds:
        standing = said["surveys"][kind]
        also = [page for page in standing["pages"] if page["heading"] in chosen[kind].get("also", ())]
        pages = {**standing, "pages": [*chosen[kind]["pages"], *also]}
        survey = _survey(work, kind, pages, said["bank"])
        survey.course_id, survey.versions[0].published_at = course.id, None
        made.append(survey)
    work.session.add_all(made)
    work.session.flush()
    for survey in made:
        work.record("survey written", survey, kind=survey.kind, title=survey.title)
    return made


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
    kind = QuestionKind(said["kind"])
    return Question(
        code=said["code"],
        kind=kind,
        words=said["words"],
        heading=heading,
        hint=said.get("hint", ""),
        low_words=said.get("low", ""),
        high_words=said.get("high", ""),
        is_required=said.get("required", False),
        kirkpatrick=said.get("kirkpatrick"),
        show_if_code=code,
        show_if_values=values.split(",") if values else [],
        options=options_made(kind, said.get("options", ())),
        **_measures(said),
    )


def _measures(said: Mapping[str, Any]) -> dict[str, Any]:
    """What it asks of a practice, the case before it, and where it comes from."""
    return {
        "sense": Sense(said.get("sense", Sense.NOW)),
        "practice_code": said.get("practice", ""),
        "vignette": said.get("case", ""),
        "source": said.get("source", ""),
    }


def _bank(code: str, said: Mapping[str, Any]) -> BankQuestion:
    return BankQuestion(
        code=code,
        kind=QuestionKind(said["kind"]),
        words=said["words"],
        low_words=said.get("low", ""),
        high_words=said.get("high", ""),
        kirkpatrick=said.get("kirkpatrick"),
        options=list(said.get("options", [])),
        **_measures(said),
    )
