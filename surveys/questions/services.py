"""Writing surveys: versions that freeze when they are asked, questions, the bank."""

import re
from collections.abc import Sequence

from lms.frame.work import Work
from lms.kit.errors import Conflict, Invalid
from reviews.cases.rules import check_identifies_nobody
from surveys.questions.measures.rules import STEPS, check_sense, option_typed
from surveys.questions.models import BankQuestion, Question, QuestionOption, Survey, SurveyVersion
from surveys.questions.queries import (
    asks_of,
    bank,
    latest_number,
    options_written,
    scales_elsewhere,
    version_asked,
    version_of,
)
from surveys.questions.rules import (
    ON_A_SCALE,
    WITH_OPTIONS,
    QuestionKind,
    SurveyKind,
)
from surveys.questions.writing.rules import check_can_publish, check_code, check_options
from surveys.questions.written import QuestionWritten

FROZEN = "This version has been used, so it cannot be changed. Make a new version and change that."


def write_survey(
    work: Work, kind: SurveyKind, title: str, *, course_id: int | None = None, intro: str = "", is_standing: bool = True
) -> Survey:
    """A new survey with an empty first version. One standing survey of a kind, for all courses or for one."""
    if not title.strip():
        raise Invalid("Give the survey a title. People see it in the email.", field="title")
    there = version_asked(work.session, kind, course_id) if is_standing else None
    if there is not None and there.survey.course_id == course_id:
        raise Conflict("There is already one. Make a new version of it to change it.")
    version = SurveyVersion(number=1, intro=intro.strip(), created_at=work.now)
    survey = Survey(
        kind=kind,
        title=title.strip(),
        course_id=course_id,
        is_standing=is_standing,
        created_at=work.now,
        versions=[version],
    )
    work.session.add(survey)
    work.record("survey written", survey, kind=kind, title=survey.title)
    return survey


def next_version(work: Work, survey: Survey) -> SurveyVersion:
    """A copy of the last version to change. Raises Conflict while the last one can still be changed."""
    last = version_of(work.session, survey.versions[-1].id)
    if last.first_asked_at is None:
        raise Conflict("The latest version has not been used yet. Change that one.")
    made = SurveyVersion(
        survey=survey, number=latest_number(work.session, survey.id) + 1, intro=last.intro, created_at=work.now
    )
    made.questions = [_copy(each) for each in last.questions]
    work.session.add(made)
    work.record("survey version begun", survey, number=made.number)
    return made


def publish_version(work: Work, version: SurveyVersion) -> SurveyVersion:
    """From now on this version is asked. Raises Invalid when it cannot be."""
    check_can_publish(asks_of(version))
    if version.published_at is None:
        version.published_at = work.now
        work.record("survey version published", version.survey, number=version.number)
    return version


def write_intro(work: Work, version: SurveyVersion, intro: str) -> None:
    """The sentence on top of the first page."""
    _check_open(version)
    version.intro = intro.strip()
    work.record("survey intro written", version.survey, version=version.number)


def retire_survey(work: Work, survey: Survey) -> None:
    """It is not asked any more; what was answered stays."""
    survey.retired_at = survey.retired_at or work.now
    work.record("survey retired", survey, title=survey.title)


def add_question(work: Work, version: SurveyVersion, written: QuestionWritten) -> Question:
    """At the end of its page, or of the survey. Raises Invalid, Conflict."""
    _check_open(version)
    _check(work, version, written, None)
    question = Question(code=written.code, kind=written.kind, words=written.words, position=_place(version, written))
    _write(question, written)
    version.questions.append(question)
    _number(version)
    work.session.flush()
    work.record("question added", version.survey, code=written.code, version=version.number)
    return question


def change_question(work: Work, question: Question, written: QuestionWritten) -> Question:
    """Say it differently. Raises Invalid, Conflict."""
    version = version_of(work.session, question.version_id)
    _check_open(version)
    _check(work, version, written, question)
    question.options.clear()
    work.session.flush()
    _write(question, written)
    work.record("question changed", version.survey, code=written.code, version=version.number)
    return question


def remove_question(work: Work, question: Question) -> None:
    """Take it out of a version that has not been asked."""
    version = version_of(work.session, question.version_id)
    _check_open(version)
    version.questions.remove(question)
    _number(version)
    work.record("question removed", version.survey, code=question.code, version=version.number)


def move_question(work: Work, question: Question, *, up: bool) -> None:
    """One place up or down."""
    version = version_of(work.session, question.version_id)
    _check_open(version)
    order = list(version.questions)
    at = order.index(question)
    to = at - 1 if up else at + 1
    if 0 <= to < len(order):
        order[at].position, order[to].position = order[to].position, order[at].position


def take_from_bank(work: Work, version: SurveyVersion, kept: BankQuestion, heading: str) -> Question:
    """Copy a question of the bank into a version."""
    return add_question(
        work,
        version,
        QuestionWritten(
            code=kept.code,
            kind=kept.kind,
            words=kept.words,
            heading=heading,
            hint=kept.hint,
            low_words=kept.low_words,
            high_words=kept.high_words,
            kirkpatrick=kept.kirkpatrick,
            options=tuple(kept.options),
            **{name: getattr(kept, name) for name in OF_MEASURES},
        ),
    )


def keep_in_bank(work: Work, question: Question) -> BankQuestion:
    """Keep a question, to be used again. Raises Conflict when the bank has its code."""
    if any(each.code == question.code for each in bank(work.session)):
        raise Conflict("The bank has a question with this code already.")
    kept = BankQuestion(
        code=question.code,
        kind=question.kind,
        words=question.words,
        hint=question.hint,
        low_words=question.low_words,
        high_words=question.high_words,
        kirkpatrick=question.kirkpatrick,
        options=options_written(question),
        **{name: getattr(question, name) for name in OF_MEASURES},
    )
    work.session.add(kept)
    work.record("question kept in the bank", kept, code=kept.code)
    return kept


OF_MEASURES = ("sense", "practice_code", "vignette", "source")


def options_made(kind: QuestionKind, typed: Sequence[str]) -> list[QuestionOption]:
    """Options of what was typed: of a choice with their values, of a scale its four steps."""
    said = [option_typed(each) for each in typed]
    if kind in ON_A_SCALE:
        pairs = [(str(number), each.words) for number, each in zip(STEPS, said, strict=False)]
    else:
        pairs = [split_option(each.words, place) for place, each in enumerate(said, 1)] if kind in WITH_OPTIONS else []
    return [
        QuestionOption(position=place, value=value, words=words, is_right=said[place - 1].is_right)
        for place, (value, words) in enumerate(pairs, 1)
    ]


def split_option(text: str, place: int) -> tuple[str, str]:
    """`often=Yes, often` has a value; without one it is made from the words."""
    value, equals, words = text.partition("=")
    if equals and re.fullmatch(r"[a-z0-9][a-z0-9-]*", value.strip()):
        return value.strip(), words.strip()
    made = re.sub(r"[^a-z0-9]+", "-", text.casefold()).strip("-")[:40].strip("-")
    return made or str(place), text.strip()


def _check_open(version: SurveyVersion) -> None:
    if version.first_asked_at is not None:
        raise Conflict(FROZEN)


def _check(work: Work, version: SurveyVersion, written: QuestionWritten, question: Question | None) -> None:
    check_code(written.code)
    if not written.words.strip():
        raise Invalid("Enter the question.", field="words")
    check_options(written.kind, written.options, written.vignette.strip())
    is_scale = written.kind in ON_A_SCALE
    check_sense(written.sense, is_scale=is_scale, code=written.code, practice_code=written.practice_code)
    if is_scale and any(
        each != len(written.options) for each in scales_elsewhere(work.session, written.code, version.id)
    ):
        raise Invalid(
            "Another survey or version asks this code on another scale. Give it another code: answers on two scales "
            "are not compared.",
            field="code",
        )
    if any(each.code == written.code and each is not question for each in version.questions):
        raise Invalid("This version has a question with this code already. Choose another code.", field="code")
    if written.show_if_code and written.show_if_code not in {each.code for each in version.questions}:
        raise Invalid("There is no question with this code. Choose one that comes before.", field="show_if_code")


def _write(question: Question, written: QuestionWritten) -> None:
    for name in ("code", "kind", "is_required", "kirkpatrick", "learning_point_id", "recommendation_id", "sense"):
        setattr(question, name, getattr(written, name))
    texts = ("words", "heading", "hint", "low_words", "high_words", "show_if_code", "practice_code", "source")
    for name in texts:
        setattr(question, name, getattr(written, name).strip())
    question.vignette = check_identifies_nobody(written.vignette, field="vignette")
    question.show_if_values = list(written.show_if_values)
    question.options.extend(options_made(written.kind, written.options))


def _place(version: SurveyVersion, written: QuestionWritten) -> int:
    """After the last question with the same heading; otherwise at the end."""
    same = [each.position for each in version.questions if each.heading == written.heading.strip()]
    last = max((each.position for each in version.questions), default=0)
    return max(same) if same else last + 1


def _number(version: SurveyVersion) -> None:
    """Positions 1, 2, 3 ... in the order that stands; of two in one place, the newer comes after."""
    order = sorted(version.questions, key=lambda each: (each.position, each.id is None, each.id or 0))
    for place, each in enumerate(order, start=1):
        each.position = place


def _copy(question: Question) -> Question:
    names = (
        "position", "code", "heading", "kind", "words", "hint", "low_words", "high_words", "is_required",
        "kirkpatrick", "learning_point_id", "recommendation_id", "show_if_code", *OF_MEASURES,
    )  # fmt: skip
    made = Question(**{name: getattr(question, name) for name in names}, show_if_values=list(question.show_if_values))
    made.options = [
        QuestionOption(position=each.position, value=each.value, words=each.words, is_right=each.is_right)
        for each in question.options
    ]
    return made
