"""What questions ask of a practice, steps in words, right answers and cases; and a course's default set."""

from collections.abc import Sequence
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from courses.programme.courses.rules import EventType
from lms.frame.work import Work
from lms.kit.errors import Conflict, Invalid
from surveys.pairs.rules import practices_in
from surveys.questions.measures.rules import KNOWLEDGE, RIGHT, WRONG, Sense, check_sense
from surveys.questions.models import BankQuestion, Question, Survey
from surveys.questions.queries import version_of
from surveys.questions.rules import Ask, Choice, QuestionKind, SurveyKind, read_answer
from surveys.questions.services import add_question, keep_in_bank, next_version, write_survey
from surveys.questions.starting.services import begin_with_starting_sets, write_set
from surveys.questions.writing.rules import check_can_publish, check_options, notes_on
from surveys.questions.written import QuestionWritten
from tests.make import Make

STEPS = ("Never", "Sometimes", "Mostly", "Always")
WORDED = Ask(1, "ask", QuestionKind.SCALE, "I ask again", steps=STEPS)
SURE = Ask(2, "sure", QuestionKind.OUTCOMES, "Sure?", outcomes=("name the signs",), steps=STEPS)
CHOICES = (
    Choice(7, "call", "Call", is_right=True),
    Choice(8, "visit", "Visit", is_right=True),
    Choice(9, "wait", "Wait"),
)
CASE = Ask(3, "case", QuestionKind.CHOICES, "What do you do?", choices=CHOICES, vignette="A bruise.")


def test_four_steps_in_words_stand_at_equal_distances_on_the_scale() -> None:
    assert read_answer(WORDED, {"q1": ["7"]}) == 7
    assert read_answer(SURE, {"q2-1": ["10"]}) == {"1": 10}
    for typed in ("5", "Never", "0"):
        with pytest.raises(Invalid):
            read_answer(WORDED, {"q1": [typed]})


@pytest.mark.parametrize(
    ("kind", "options", "vignette", "says"),
    [
        (QuestionKind.SCALE, ("Never", "Always"), "", "four steps"),
        (QuestionKind.SCALE, ("Never", "Sometimes", "Mostly", "* Always"), "", "right or wrong on a scale"),
        (QuestionKind.CHOICE, ("* Call", "* Visit", "Wait"), "", "only one can be right"),
        (QuestionKind.CHOICES, ("* Call", "* Visit"), "", "Not every answer"),
        (QuestionKind.CHOICES, ("Call", "Visit"), "A bruise.", "Mark the right answer"),
        (QuestionKind.TEXT, (), "A bruise.", "answered by a choice"),
        (QuestionKind.CHOICE, ("* Call", "Call"), "", "the same"),
    ],
)
def test_options_that_measure_nothing_are_refused(
    kind: QuestionKind, options: Sequence[str], vignette: str, says: str
) -> None:
    with pytest.raises(Invalid, match=says):
        check_options(kind, options, vignette)


def test_looking_back_and_intention_are_of_a_practice() -> None:
    check_sense(Sense.INTENTION, is_scale=True, code="intend.ask", practice_code="ask")
    for sense, is_scale, practice in (
        (Sense.NOW, True, "ask"),
        (Sense.INTENTION, False, "ask"),
        (Sense.INTENTION, True, ""),
    ):
        with pytest.raises(Invalid):
            check_sense(sense, is_scale=is_scale, code="intend.ask", practice_code=practice)
    back = Ask(4, "then.ask", QuestionKind.SCALE, "Looking back", sense=Sense.LOOKING_BACK)
    assert len(notes_on(SurveyKind.ON_THE_DAY, [WORDED, back], {"ask"})) == 2
    assert notes_on(SurveyKind.ON_THE_DAY, [WORDED], set()) == notes_on(SurveyKind.IMPACT, [back], {"ask"}) == []


def test_a_survey_has_one_case() -> None:
    other = Ask(5, "other", QuestionKind.CHOICE, "And now?", choices=CHOICES, vignette="Another.")
    check_can_publish([CASE])
    with pytest.raises(Invalid, match="one case"):
        check_can_publish([CASE, other])


def test_who_chose_exactly_what_is_right_was_right() -> None:
    def known(answer: Any) -> Any:
        return practices_in([CASE], {"case": answer}).numbers.get(("case", KNOWLEDGE))

    assert known(["visit", "call"]) == RIGHT
    assert known(["call"]) == known(["call", "visit", "wait"]) == known("wait") == WRONG
    assert known(None) is known([]) is None
    assert practices_in([CASE], {}).asked == {("case", KNOWLEDGE)}


def test_a_course_gets_the_set_of_its_type_and_a_code_keeps_its_scale(work: Work, make: Make, session: Session) -> None:
    begin_with_starting_sets(work)
    course = make.course("Neglect", event_type=EventType.WORKSHOP)
    made = {survey.kind: survey.versions[0] for survey in write_set(work, course)}
    assert [survey.kind for survey in write_set(work, make.course("News", event_type=EventType.WEBINAR))] == list(made)
    assert list(made) == [SurveyKind.BASELINE, SurveyKind.ON_THE_DAY, SurveyKind.IMPACT]
    assert {version.published_at for version in made.values()} == {None}
    asked = {kind: {each.code for each in version.questions} for kind, version in made.items()}
    assert {"then.ask-again", "knowledge.consent", "case.bruise", "impact.used"} <= asked[SurveyKind.IMPACT]
    assert {"intend.ask-again", "day.relevant"} <= asked[SurveyKind.ON_THE_DAY]
    assert "practice.ask-again" not in asked[SurveyKind.ON_THE_DAY]
    assert all(each.source and each.kirkpatrick for version in made.values() for each in version.questions)
    with pytest.raises(Conflict, match="already has its own"):
        write_set(work, course)
    own = version_of(session, made[SurveyKind.BASELINE].id)
    worded = QuestionWritten("practice.share", QuestionKind.SCALE, "I share", options=STEPS)
    with pytest.raises(Invalid, match="another scale"):
        add_question(work, own, worded)  # the workforce is asked the same on a scale of numbers
    question = add_question(work, own, QuestionWritten("own.share", QuestionKind.SCALE, "I share", options=STEPS))
    assert [(each.value, each.words) for each in question.options] == list(
        zip(["1", "4", "7", "10"], STEPS, strict=True)
    )
    assert keep_in_bank(work, question).options == list(STEPS)
    bank = session.scalars(sa.select(BankQuestion).where(BankQuestion.code == "case.bruise")).one()
    assert bank.options[0].startswith("*today=")
    own.first_asked_at = work.now
    copy = next_version(work, session.get_one(Survey, own.survey_id))
    case = next(each for each in copy.questions if each.code == "case.bruise")
    assert ([each.is_right for each in case.options].count(True), bool(case.vignette), bool(case.source)) == (
        1,
        True,
        True,
    )
    of_other = write_survey(work, SurveyKind.BASELINE, "Other", course_id=make.course("Other").id)
    with pytest.raises(Invalid, match="another scale"):
        add_question(work, of_other.versions[0], QuestionWritten("own.share", QuestionKind.SCALE, "I share"))
    assert session.scalar(sa.select(sa.func.count()).where(Question.code == "own.share")) == 2
