"""Theme counts as a chart and a table, and the list of themes for those who keep it."""

from flask import Blueprint

from lms.frame.web import Answer, back_to, page, requires, say, work
from lms.kit.words import moment
from reviews.cases.readings.services import note_reading
from reviews.scopes.forms import scope_from_address
from reviews.themes import services
from reviews.themes.queries import find_theme, themes
from reviews.themes.rules import ThemeEvent
from reviews.theming import forms
from reviews.theming.queries import count_themes
from reviews.theming.services import merge_theme

bp = Blueprint("theming", __name__)


@bp.get("/reviews/themes")
@requires("reviews.read")
def counts() -> Answer:
    scope, filters = scope_from_address()
    counted = count_themes(work().session, work().actor, scope)
    note_reading(work(), counted.embargoed_ids, "theme counts")
    return page("reviews/theming/counts.html", counted=counted, filters=filters, as_at=moment(work().now))


@bp.route("/reviews/themes/list", methods=["GET", "POST"])
@requires("reviews.manage")
def listed() -> Answer:
    form = forms.ReviewThemeForm()
    if form.validate_on_submit():
        with form.refusals():
            made = services.add_theme(work(), form.name.data, form.meaning.data)
            say(f"{made.name} is on the list.")
            return back_to("theming.listed")
    return page("reviews/theming/list.html", form=form, themes=themes(work().session))


@bp.route("/reviews/themes/<int:theme_id>", methods=["GET", "POST"])
@requires("reviews.manage")
def theme(theme_id: int) -> Answer:
    """Rename it; below, what became of it."""
    found = find_theme(work().session, theme_id)
    form = forms.ReviewThemeForm(obj=found)
    if form.validate_on_submit():
        with form.refusals():
            services.rename_theme(work(), theme_id, form.name.data, form.meaning.data)
            say("The theme is changed.")
            return back_to("theming.theme", theme_id=theme_id)
    history = [(each.at, _said(each.event, each.name_before, each.name_after)) for each in found.history]
    return page("reviews/theming/theme.html", form=form, theme=found, history=history)


@bp.route("/reviews/themes/<int:theme_id>/merge", methods=["GET", "POST"])
@requires("reviews.manage")
def merge(theme_id: int) -> Answer:
    found = find_theme(work().session, theme_id)
    others = [(each.id, each.name) for each in themes(work().session) if each.id != theme_id]
    form = forms.MergeThemeForm().offer(others)
    if form.validate_on_submit():
        with form.refusals():
            kept = merge_theme(work(), theme_id, form.into_id.data)
            say(f"Everything that had it now has {kept.name}.")
            return back_to("theming.theme", theme_id=kept.id)
    return page("reviews/theming/merge.html", form=form, theme=found)


def _said(event: ThemeEvent, before: str, after: str) -> str:
    if event is ThemeEvent.ADDED:
        return f"Added as “{after}”"
    return f"“{before}” {'became' if event is ThemeEvent.RENAMED else 'merged into'} “{after}”"
