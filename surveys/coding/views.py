"""Saying what texts are about, and the themes to choose from."""

from flask import Blueprint

from lms.frame.paging import number_asked, pages_of
from lms.frame.web import Answer, back_to, page, requires, say, work
from lms.kit.pages import PageOf
from surveys.coding.forms import CodeTextForm, TextThemeForm
from surveys.free_text.queries import text_themes, text_to_code, texts_to_code
from surveys.free_text.services import add_theme, code_text
from surveys.permissions import CODE_TEXTS
from surveys.questions.rules import KIND_WORDS

bp = Blueprint("coding", __name__)


@bp.get("/surveys/texts")
@requires(CODE_TEXTS)
def to_code() -> Answer:
    """What people wrote and nobody has coded, only of groups of five and more."""
    number = number_asked()
    rows, total = texts_to_code(work().session, number)
    found = PageOf(rows, total, number)
    return page(
        "surveys/coding/texts.html",
        found=found,
        pages=pages_of(found),
        kind_words=KIND_WORDS,
    )


@bp.route("/surveys/texts/<text_id>", methods=["GET", "POST"])
@requires(CODE_TEXTS)
def code(text_id: str) -> Answer:
    """Say what a text is about."""
    text = text_to_code(work().session, text_id)
    chosen = {"theme_ids": [each.id for each in text.themes], "is_example": text.is_example}
    form = CodeTextForm(data=chosen).offer(text_themes(work().session))
    if form.validate_on_submit():
        with form.refusals():
            code_text(work(), text, set(form.theme_ids.data or ()), is_example=bool(form.is_example.data))
            say("Coded.")
            return back_to("coding.to_code")
    return page("surveys/coding/code.html", form=form, text=text)


@bp.route("/surveys/themes", methods=["GET", "POST"])
@requires(CODE_TEXTS)
def themes() -> Answer:
    """The themes to choose from, and one more."""
    form = TextThemeForm()
    if form.validate_on_submit():
        with form.refusals():
            say(f"“{add_theme(work(), form.name.data).name}” is a theme now.")
            return back_to("coding.themes")
    return page("surveys/coding/themes.html", form=form, themes=text_themes(work().session))
