"""Texts to search and to code, where two people differ, and the themes to choose from."""

from flask import Blueprint, request

from lms.frame.paging import number_asked, pages_of
from lms.frame.web import Answer, back_to, page, requires, say, work
from lms.kit.pages import PageOf
from surveys.coding.forms import CodeTextForm, SettleForm, SignsForm, TextThemeForm, WithdrawForm
from surveys.coding.queries import (
    WANTED_WORDS,
    TextsWanted,
    WhichTexts,
    coded_twice,
    codings_of,
    texts_found,
    theme_of,
)
from surveys.coding.rules import agreement
from surveys.coding.services import add_theme, change_signs, code_text, settle_text, withdraw_text
from surveys.free_text.models import AnswerText
from surveys.free_text.queries import text_themes, text_to_code
from surveys.permissions import CODE_TEXTS
from surveys.questions.rules import KIND_WORDS, SurveyKind
from surveys.themes.rules import suggested

bp = Blueprint("coding", __name__)


@bp.get("/surveys/texts")
@requires(CODE_TEXTS)
def to_code() -> Answer:
    """What people wrote, to search and to code; only of groups of five and more."""
    number, wanted = number_asked(), _wanted()
    rows, total = texts_found(work().session, wanted, work().actor.person_id, number)
    found = PageOf(rows, total, number)
    return page(
        "surveys/coding/texts.html",
        found=found,
        pages=pages_of(found),
        kind_words=KIND_WORDS,
        wanted=wanted,
        wanted_words=WANTED_WORDS,
        themes=text_themes(work().session),
    )


def _wanted() -> TextsWanted:
    """What the address asks for. What it names and is not there is as if it were not asked for."""
    theme = request.args.get("theme", "")
    return TextsWanted(
        what=next((each for each in WhichTexts if each == request.args.get("what")), WhichTexts.TO_CODE),
        words=request.args.get("q", "").strip(),
        kind=next((each for each in SurveyKind if each == request.args.get("kind")), None),
        theme_id=int(theme) if theme.isascii() and theme.isdigit() and len(theme) < 10 else None,
    )


@bp.get("/surveys/texts/agreement")
@requires(CODE_TEXTS)
def agreed() -> Answer:
    """How far two people who coded the same texts agree, and where they differ."""
    twice = coded_twice(work().session)
    themes = {each.id: each.name for each in text_themes(work().session)}
    found = agreement([(frozenset(each.first), frozenset(each.second)) for each in twice], themes)
    open_ = [each for each in twice if each.differs and not each.is_settled]
    return page("surveys/coding/agreement.html", found=found, open=open_)


@bp.route("/surveys/texts/<text_id>", methods=["GET", "POST"])
@requires(CODE_TEXTS)
def code(text_id: str) -> Answer:
    """Say what a text is about: a second person without seeing what the first one said."""
    text = text_to_code(work().session, text_id)
    themes = text_themes(work().session)
    form = CodeTextForm(data={"theme_ids": _own(text), "is_example": text.is_example}).offer(themes)
    if form.validate_on_submit():
        with form.refusals():
            code_text(work(), text, set(form.theme_ids.data or ()), is_example=bool(form.is_example.data))
            say("Coded.")
            return back_to("coding.to_code")
    signs = suggested(text.words, {each.id: each.signs for each in themes})
    hints = [(each.name, signs[each.id]) for each in themes if each.id in signs]
    return page("surveys/coding/code.html", form=form, text=text, hints=hints)


def _own(text: AnswerText) -> list[int]:
    """What somebody gave a text before; of a text that nobody else coded, what it has."""
    codings = codings_of(work().session, text.id)
    own = next((each for each in codings if each.by_id == work().actor.person_id), None)
    return [each.id for each in (own.themes if own else [] if codings else text.themes)]


@bp.route("/surveys/texts/<text_id>/settle", methods=["GET", "POST"])
@requires(CODE_TEXTS)
def settle(text_id: str) -> Answer:
    """Say what reports count, where two people differ."""
    text = text_to_code(work().session, text_id)
    codings = codings_of(work().session, text.id)
    form = SettleForm(data={"theme_ids": [each.id for each in text.themes]}).offer(text_themes(work().session))
    if form.validate_on_submit():
        with form.refusals():
            settle_text(work(), text, set(form.theme_ids.data or ()))
            say("Settled. Reports count it like this.")
            return back_to("coding.agreed")
    return page("surveys/coding/settle.html", form=form, text=text, codings=codings[:2])


@bp.route("/surveys/texts/<text_id>/withdraw", methods=["GET", "POST"])
@requires(CODE_TEXTS)
def withdraw(text_id: str) -> Answer:
    """Take a text out of all reports for good."""
    text, form = text_to_code(work().session, text_id), WithdrawForm()
    if form.validate_on_submit():
        with form.refusals():
            withdraw_text(work(), text, form.reason.data)
            say("Removed from all reports. Its words are deleted.")
            return back_to("coding.to_code")
    return page("surveys/coding/withdraw.html", form=form, text=text)


@bp.route("/surveys/themes", methods=["GET", "POST"])
@requires(CODE_TEXTS)
def themes() -> Answer:
    """The themes to choose from, and one more."""
    form = TextThemeForm()
    if form.validate_on_submit():
        with form.refusals():
            say(f"“{add_theme(work(), form.name.data, form.signs.data).name}” is a theme now.")
            return back_to("coding.themes")
    return page("surveys/coding/themes.html", form=form, themes=text_themes(work().session))


@bp.route("/surveys/themes/<int:text_theme_id>", methods=["GET", "POST"])
@requires(CODE_TEXTS)
def theme(text_theme_id: int) -> Answer:
    """The words that suggest a theme."""
    found = theme_of(work().session, text_theme_id)
    form = SignsForm(data={"signs": found.signs})
    if form.validate_on_submit():
        with form.refusals():
            change_signs(work(), found, form.signs.data)
            say("Changed.")
            return back_to("coding.themes")
    return page("surveys/coding/theme.html", form=form, theme=found)
