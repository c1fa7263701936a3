"""Writing surveys: the list, a survey with its versions, questions, the bank, and how it looks on a phone."""

from typing import Any

from flask import Blueprint

from lms.frame.web import Answer, back_to, page, requires, say, work
from lms.kit.errors import Conflict
from surveys.permissions import MANAGE
from surveys.questions.asking.forms import shown
from surveys.questions.forms import CourseSetForm, IntroForm, QuestionForm, SurveyForm, TakeForm, as_typed
from surveys.questions.measures.rules import SENSE_WORDS
from surveys.questions.models import Question, SurveyVersion
from surveys.questions.queries import (
    OUTCOMES_IN_PREVIEW,
    asks_of,
    bank,
    course_of,
    courses_to_choose,
    has_surveys,
    points_to_choose,
    question_of,
    recommendations_to_choose,
    survey_of,
    survey_rows,
    version_of,
)
from surveys.questions.rules import (
    AGREEMENT_WORDS,
    KIND_WORDS,
    KIRKPATRICK_WORDS,
    QUESTION_KIND_WORDS,
    SurveyKind,
    minutes_in_all,
    pages_of,
)
from surveys.questions.services import (
    add_question,
    change_question,
    keep_in_bank,
    move_question,
    next_version,
    publish_version,
    remove_question,
    retire_survey,
    take_from_bank,
    write_intro,
    write_survey,
)
from surveys.questions.starting.services import begin_with_starting_sets, sets_by_type, write_set
from surveys.questions.writing.rules import notes_on

bp = Blueprint("questions", __name__)


@bp.get("/surveys")
@requires(MANAGE)
def surveys() -> Answer:
    rows = survey_rows(work().session)
    return page(
        "surveys/questions/surveys.html", rows=rows, kind_words=KIND_WORDS, is_new=not has_surveys(work().session)
    )


@bp.post("/surveys/start")
@requires(MANAGE)
def start() -> Answer:
    """Write the starting sets, once."""
    done = begin_with_starting_sets(work())
    say("Created the starting sets. You can change them." if done else "There are surveys already.")
    return back_to("questions.surveys")


@bp.route("/surveys/add", methods=["GET", "POST"])
@requires(MANAGE)
def add() -> Answer:
    form = SurveyForm().offer(courses_to_choose(work().session))
    if form.validate_on_submit():
        with form.refusals():
            survey = write_survey(
                work(),
                SurveyKind(form.kind.data),
                form.title.data,
                course_id=form.course_id.data or None,
                intro=form.intro.data,
            )
            return back_to("questions.survey", survey_id=survey.id)
    return page("surveys/questions/add.html", form=form)


@bp.route("/surveys/set", methods=["GET", "POST"])
@requires(MANAGE)
def take_set() -> Answer:
    """The default set of a course's type, as surveys of its own."""
    form = CourseSetForm().offer(courses_to_choose(work().session))
    if form.validate_on_submit():
        with form.refusals():
            made = write_set(work(), course_of(work().session, form.course_id.data))
            say("Created. Check each one, change it to match your course, and publish it.")
            return back_to("questions.survey", survey_id=made[0].id)
    return page("surveys/questions/set.html", form=form, sets=sets_by_type())


@bp.get("/surveys/<int:survey_id>")
@requires(MANAGE)
def survey(survey_id: int) -> Answer:
    """Its last version, and those before."""
    found = survey_of(work().session, survey_id)
    return _show(version_of(work().session, found.versions[-1].id))


@bp.get("/survey-versions/<int:version_id>")
@requires(MANAGE)
def version(version_id: int) -> Answer:
    """One version, as it was asked."""
    return _show(version_of(work().session, version_id))


@bp.get("/survey-versions/<int:version_id>/preview")
@requires(MANAGE)
def preview(version_id: int) -> Answer:
    """Every page as wide as a phone. Nothing is saved."""
    found = version_of(work().session, version_id)
    asks = asks_of(found, OUTCOMES_IN_PREVIEW)
    return page(
        "surveys/questions/preview.html",
        version=found,
        pages=[shown(each, {}) for each in pages_of(asks)],
        minutes=minutes_in_all(asks),
        agreement_words=AGREEMENT_WORDS,
    )


@bp.post("/surveys/<int:survey_id>/next-version")
@requires(MANAGE)
def begin_version(survey_id: int) -> Answer:
    made = next_version(work(), survey_of(work().session, survey_id))
    say(f"Version {made.number} is a copy of the last one. Change it, then publish it.")
    return back_to("questions.survey", survey_id=survey_id)


@bp.post("/survey-versions/<int:version_id>/publish")
@requires(MANAGE)
def publish(version_id: int) -> Answer:
    found, form = version_of(work().session, version_id), IntroForm()
    with form.refusals():
        publish_version(work(), found)
        say("Published. We’ll ask it from now on.")
        return back_to("questions.survey", survey_id=found.survey_id)
    return _show(version_of(work().session, version_id), form)


@bp.route("/survey-versions/<int:version_id>/intro", methods=["GET", "POST"])
@requires(MANAGE)
def intro(version_id: int) -> Answer:
    found = version_of(work().session, version_id)
    form = IntroForm(data={"intro": found.intro})
    if form.validate_on_submit():
        write_intro(work(), found, form.intro.data)
        return back_to("questions.survey", survey_id=found.survey_id)
    return page("surveys/questions/intro.html", form=form, version=found)


@bp.post("/surveys/<int:survey_id>/retire")
@requires(MANAGE)
def retire(survey_id: int) -> Answer:
    retire_survey(work(), survey_of(work().session, survey_id))
    say("We’ll no longer ask it. The answers are kept.")
    return back_to("questions.surveys")


# Questions


@bp.route("/survey-versions/<int:version_id>/questions/add", methods=["GET", "POST"])
@requires(MANAGE)
def add_one(version_id: int) -> Answer:
    found = version_of(work().session, version_id)
    form = _offer(QuestionForm(), found)
    if form.validate_on_submit():
        with form.refusals():
            add_question(work(), found, form.written)
            return back_to("questions.survey", survey_id=found.survey_id)
    return page("surveys/questions/question.html", form=form, version=found, question=None)


@bp.route("/questions/<int:question_id>", methods=["GET", "POST"])
@requires(MANAGE)
def change(question_id: int) -> Answer:
    question = question_of(work().session, question_id)
    found = version_of(work().session, question.version_id)
    form = _offer(QuestionForm(data=as_typed(question)), found, question)
    if form.validate_on_submit():
        with form.refusals():
            change_question(work(), question, form.written)
            return back_to("questions.survey", survey_id=found.survey_id)
    return page("surveys/questions/question.html", form=form, version=found, question=question)


@bp.post("/questions/<int:question_id>/<any(up, down, remove, keep):what>")
@requires(MANAGE)
def arrange(question_id: int, what: str) -> Answer:
    """Move a question, take it away, or keep it in the bank."""
    question = question_of(work().session, question_id)
    survey_id = question.version.survey_id
    if what == "keep":
        keep_in_bank(work(), question)
        say("The question is in the bank.")
    elif what == "remove":
        remove_question(work(), question)
        say("Removed the question.")
    else:
        move_question(work(), question, up=what == "up")
    return back_to("questions.survey", survey_id=survey_id)


@bp.route("/survey-versions/<int:version_id>/bank", methods=["GET", "POST"])
@requires(MANAGE)
def take(version_id: int) -> Answer:
    """Take a question from the bank."""
    found, kept = version_of(work().session, version_id), bank(work().session)
    form = TakeForm().offer(kept)
    if form.validate_on_submit():
        with form.refusals():
            chosen = next((each for each in kept if each.id == form.bank_id.data), None)
            if chosen is None:
                raise Conflict("This question is not in the bank any more. Choose another one.")
            take_from_bank(work(), found, chosen, form.heading.data)
            return back_to("questions.survey", survey_id=found.survey_id)
    return page("surveys/questions/take.html", form=form, version=found, has_any=bool(kept))


def _offer(form: QuestionForm, version: SurveyVersion, question: Question | None = None) -> QuestionForm:
    kept = question.learning_point_id if question else None
    points, recommendations = points_to_choose(work().session, kept), recommendations_to_choose(work().session)
    return form.offer(version, points, recommendations, question)


def _show(found: SurveyVersion, form: IntroForm | None = None) -> Answer:
    context: dict[str, Any] = {"form": form} if form is not None else {}
    return page(
        "surveys/questions/survey.html",
        version=found,
        survey=survey_of(work().session, found.survey_id),
        kind_words=KIND_WORDS,
        question_kind_words=QUESTION_KIND_WORDS,
        kirkpatrick_words=KIRKPATRICK_WORDS,
        points=dict(points_to_choose(work().session)),
        sense_words=SENSE_WORDS,
        notes=notes_on(
            found.survey.kind, asks_of(found), {each.code for each in found.questions if each.kirkpatrick == 3}
        ),
        **context,
    )
