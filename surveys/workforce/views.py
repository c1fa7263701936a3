"""Workforce surveys and training needs: opening one, answering it by an agency's link, and what it came to."""

from flask import Blueprint, Response, request

from lms.frame.files import file_to_keep
from lms.frame.web import Answer, back_to, page, public, requires, say, work
from lms.kit.errors import NotFound
from lms.kit.working_days import london_date
from lms.limits.limiter import wrong_links
from lms.partnership.queries import the_partnership
from surveys.permissions import OPEN_ROUNDS, READ_IMPACT
from surveys.questions.asking.forms import QuestionsForm, read_page, shown
from surveys.questions.queries import asks_of, version_of
from surveys.questions.rules import AGREEMENT_WORDS
from surveys.workforce import services
from surveys.workforce.comparing.figures import NOTE as COMPARED_NOTE
from surveys.workforce.forms import OpenForm
from surveys.workforce.models import SurveyRound
from surveys.workforce.queries import find_round, round_rows, surveys_to_choose
from surveys.workforce.results.documents import results_pdf, results_workbook
from surveys.workforce.results.figures import RoundResults, results_of
from surveys.workforce.results.words import LINES_NOTE, NEEDS_NOTE, line_words, nothing_words
from surveys.workforce.rules import RoundState, state_of

bp = Blueprint("workforce", __name__)


@bp.get("/workforce")
@requires(READ_IMPACT)
def rounds() -> Answer:
    rows = round_rows(work().session, london_date(work().now))
    return page("surveys/workforce/list.html", rows=rows, may_open=work().actor.may(OPEN_ROUNDS))


@bp.route("/workforce/open", methods=["GET", "POST"])
@requires(OPEN_ROUNDS)
def open_one() -> Answer:
    form = OpenForm().offer(surveys_to_choose(work().session))
    if form.validate_on_submit():
        with form.refusals():
            made = services.open_round(
                work(),
                form.survey_id.data,
                title=form.title.data,
                opens_on=form.opens_on.data,
                closes_on=form.closes_on.data,
            )
            work().session.flush()
            say("It is written down. Agency leads get their link at 09:00 on the first day.")
            return back_to("workforce.one", round_id=made.id)
    return page("surveys/workforce/open.html", form=form)


@bp.get("/workforce/<int:round_id>")
@requires(READ_IMPACT)
def one(round_id: int) -> Answer:
    """Its links while it runs, for the office; its results afterwards."""
    found = find_round(work().session, round_id)
    is_told = found.let_out_at is not None
    state = state_of(found.opens_on, found.closes_on, is_let_out=is_told, today=london_date(work().now))
    return page(
        "surveys/workforce/one.html",
        round=found,
        state=state,
        links=sorted(found.links, key=lambda each: each.agency.name) if work().actor.may(OPEN_ROUNDS) else [],
        results=results_of(work(), found) if state is RoundState.TOLD else None,
        may_open=work().actor.may(OPEN_ROUNDS),
        said=sum(each.staff is not None for each in found.links),
        compared_note=COMPARED_NOTE,
        lines_note=LINES_NOTE,
        needs_note=NEEDS_NOTE,
        line_words=line_words,
        nothing_words=nothing_words,
        as_at=work().now,
    )


@bp.get("/workforce/<int:round_id>.pdf")
@requires(READ_IMPACT)
def pdf(round_id: int) -> Response:
    found, results = _told(round_id)
    return file_to_keep(results_pdf(found, results, the_partnership(work().session).name, work().now), "survey.pdf")


@bp.get("/workforce/<int:round_id>.xlsx")
@requires(READ_IMPACT)
def workbook(round_id: int) -> Response:
    found, results = _told(round_id)
    return file_to_keep(results_workbook(found, results, work().now), "survey.xlsx")


def _told(round_id: int) -> tuple[SurveyRound, RoundResults]:
    """A round whose results are out. Raises NotFound for every other."""
    found = find_round(work().session, round_id)
    if found.let_out_at is None:
        raise NotFound("The results of this survey are not out yet. They come the night after its last day.")
    return found, results_of(work(), found)


@bp.route("/workforce/answer/<secret>", methods=["GET", "POST"])
@public
@wrong_links
def answer(secret: str) -> Answer:
    """All questions on one page; a GET keeps nothing. Wrong, early or closed: one plain page."""
    try:
        link = services.open_link(work(), secret)
    except NotFound:
        html = page("surveys/answers/closed.html")
        return (html, 404) if isinstance(html, str) else html
    version = version_of(work().session, link.round.version_id)
    asks, form = asks_of(version), QuestionsForm()
    drawn = shown(asks, {})
    wrong: list[tuple[str, str]] = []
    if form.is_submitted():
        answers, drawn, wrong = read_page(asks, request.form, kept={}, replaces=True)
        if form.validate() and not wrong:
            with form.refusals():
                services.answer_round(work(), link, {code: each for code, each in answers.items() if each is not None})
                return back_to("workforce.thanks")
    return page(
        "surveys/workforce/answer.html",
        refuses=bool(wrong),
        form=form,
        link=link,
        version=version,
        drawn=drawn,
        wrong=wrong,
        agreement_words=AGREEMENT_WORDS,
    )


@bp.get("/workforce/thanks")
@public
def thanks() -> Answer:
    return page("surveys/workforce/thanks.html")
