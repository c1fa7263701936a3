"""Answering from a link, without an account. A GET shows and changes nothing: mail scanners open every link."""

from dataclasses import dataclass
from typing import Any

from flask import Blueprint, request, session

from courses.programme import words
from lms.frame.web import Answer, back_to, page, public, work
from lms.kit.errors import NotFound
from lms.limits.limiter import wrong_links
from lms.partnership.queries import the_partnership
from surveys.answers.sealing.rules import draft_ids
from surveys.answers.services import (
    Unanswered,
    answers_so_far,
    asked_in,
    finish,
    invitation_by_link,
    save_answers,
    version_in,
)
from surveys.invitations.consent.queries import lacks_consent
from surveys.invitations.models import Invitation
from surveys.invitations.queries import is_answered
from surveys.invitations.rules import cut_on, route_named
from surveys.invitations.services import refuse
from surveys.questions.asking.forms import AskShown, QuestionsForm, read_page, shown
from surveys.questions.rules import AGREEMENT_WORDS, Answers, Ask, asked_pages, first_open_page, minutes_in_all

bp = Blueprint("answers", __name__)
SEEN = "surveys"
MOST_SEEN = 20


@dataclass(frozen=True)
class Reading:
    """An open invitation, its questions, what is saved, and whether this browser saved it."""

    invitation: Invitation
    asks: list[Ask]
    answers: Answers
    is_own: bool

    @property
    def pages(self) -> list[list[Ask]]:
        return asked_pages(self.asks, self.answers)


@bp.get("/answer/<token>")
@public
@wrong_links
def open_link(token: str) -> Answer:
    """The first page that is not answered, or the one asked for; thanks when all is sent."""
    try:
        invitation = invitation_by_link(work(), token)
    except NotFound:
        return _closed()
    if is_answered(work().session, invitation.id):
        return page("surveys/answers/thanks.html", invitation=invitation)
    if lacks_consent(work().session, invitation):
        return back_to("comparison.consent", token=token)
    reading = _reading(invitation)
    number = request.args.get("page", type=int)
    at = number - 1 if number is not None else first_open_page(reading.pages, reading.answers)
    at = min(max(at, 0), len(reading.pages) - 1)
    seen = reading.answers if reading.is_own else {}
    return _draw(token, reading, at, shown(reading.pages[at], seen), QuestionsForm())


@bp.post("/answer/<token>/<int:number>")
@public
@wrong_links
def answer(token: str, number: int) -> Answer:
    """Save a page; the last one sends everything."""
    try:
        reading = _reading(invitation_by_link(work(), token))
    except NotFound:
        return _closed()
    invitation = reading.invitation
    if is_answered(work().session, invitation.id) or lacks_consent(work().session, invitation):
        return back_to("answers.open_link", token=token)
    return _take(token, reading, min(max(number - 1, 0), len(reading.pages) - 1))


def _take(token: str, reading: Reading, at: int) -> Answer:
    form = QuestionsForm()
    answers, drawn, wrong = read_page(reading.pages[at], request.form, kept=reading.answers, replaces=reading.is_own)
    if form.validate_on_submit() and not wrong:
        with form.refusals():
            kept = save_answers(work(), reading.invitation, answers)
            _remember(reading.invitation)
            following = at + 2 if at + 1 < len(asked_pages(reading.asks, kept)) else _send(reading, kept)
            return back_to("answers.open_link", token=token, page=following, by=request.args.get("by"))
    return _draw(token, reading, at, drawn, form, wrong)


def _send(reading: Reading, kept: Answers) -> int | None:
    """Send everything; or the number of the page on which something is missing."""
    try:
        finish(work(), reading.invitation, kept, route_named(request.args.get("by", "")))
    except Unanswered as missing:
        return missing.page + 1
    return None


@bp.route("/answer/<token>/stop", methods=["GET", "POST"])
@public
@wrong_links
def stop(token: str) -> Answer:
    """Ask this person no more. Only the button does it."""
    try:
        invitation = invitation_by_link(work(), token)
    except NotFound:
        return _closed()
    if invitation.stage.of.asks_manager:
        return _closed()
    form = QuestionsForm()
    if form.validate_on_submit():
        refuse(work(), invitation.person_id)
        return page("surveys/answers/stopped.html")
    return page("surveys/answers/stop.html", form=form, token=token)


def _reading(invitation: Invitation) -> Reading:
    return Reading(invitation, asked_in(work(), invitation), answers_so_far(work(), invitation), _is_seen(invitation))


def _closed() -> Answer:
    """One plain page for whatever does not work, so that nothing can be learned from it."""
    html = page("surveys/answers/closed.html")
    return (html, 404) if isinstance(html, str) else html


def _draw(
    token: str,
    reading: Reading,
    at: int,
    drawn: list[AskShown],
    form: QuestionsForm,
    wrong: list[tuple[str, str]] | None = None,
) -> Answer:
    return page(
        "surveys/answers/answer.html",
        refuses=bool(wrong),
        token=token,
        by=request.args.get("by"),
        form=form,
        drawn=drawn,
        wrong=wrong or [],
        number=at + 1,
        of=len(reading.pages),
        has_more_saved=bool(reading.answers) and not reading.is_own,
        **_about(reading.invitation, reading.asks),
    )


def _about(invitation: Invitation, asks: list[Ask]) -> dict[str, Any]:
    version = version_in(work(), invitation)
    return {
        "invitation": invitation,
        "stage": invitation.stage.value,
        "of_waiting": invitation.stage.of.of_waiting,
        "course": invitation.event.version.title,
        "when": words.when(invitation.event),
        "title": version.survey.title,
        "intro": version.intro,
        "minutes": minutes_in_all(asks),
        "agreement_words": AGREEMENT_WORDS,
        "cut_on": cut_on(invitation.event.ends_at),
        "team": the_partnership(work().session).team_name,
    }


def _marks(invitation: Invitation) -> list[str]:
    """How this browser knows an invitation: by a hash that tells nobody else anything, under each key."""
    return [each[:16] for each in draft_ids(work().site.settings.keys, invitation.id)]


def _is_seen(invitation: Invitation) -> bool:
    return any(each in _seen() for each in _marks(invitation))


def _seen() -> list[str]:
    return list(session.get(SEEN, []))


def _remember(invitation: Invitation) -> None:
    marks = _marks(invitation)
    session[SEEN] = [*[each for each in _seen() if each not in marks], marks[0]][-MOST_SEEN:]
