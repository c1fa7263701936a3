"""The desk of briefings: what waits for whom, and the pages on which they are written."""

from flask import Blueprint, render_template, request

from briefings.writing import forms, queries, services
from briefings.writing.details.rules import details_of
from briefings.writing.recalling.queries import recalls_of
from briefings.writing.rules import CHECKLIST, SHAPES, STATE_WORDS, BriefingKind, VersionState, reading_minutes
from briefings.writing.shapes.documents import fit_of, one_page
from briefings.writing.shapes.html.documents import section_html
from briefings.writing.shapes.letters import letter_from
from briefings.writing.shapes.queries import source_of
from briefings.writing.shapes.rules import Source
from briefings.writing.shapes.views import sheet_of
from briefings.writing.words import STATE_COLOURS, approved_by
from lms.frame.files import file_to_show
from lms.frame.web import Answer, back_to, page, requires, say, site, work
from lms.kit.wrapping import wrap_letter
from reviews.cases.readings.services import note_reading

bp = Blueprint("writing", __name__)


@bp.get("/briefings/desk")
@requires("briefings.check")
def desk() -> Answer:
    rows = queries.desk_rows(work().session, work().actor)
    note_reading(work(), queries.embargoed_review_ids(work().session, work().actor), "desk of briefings")
    return page(
        "briefings/writing/desk.html",
        to_check=[row for row in rows if row.waits_for_check and not row.is_mine],
        to_approve=[row for row in rows if row.state is VersionState.CHECKED and not row.is_mine],
        to_publish=[row for row in rows if row.state is VersionState.APPROVED],
        rows=rows,
        shapes=SHAPES,
        state_words=STATE_WORDS,
        state_colours=STATE_COLOURS,
    )


@bp.route("/briefings/new", methods=["GET", "POST"])
@requires("briefings.write")
def begin() -> Answer:
    form = forms.BeginBriefingForm()
    if form.validate_on_submit():
        with form.refusals():
            version = services.write_briefing(work(), form.kind.data, form.written)
            say("The briefing is a draft now.")
            return back_to("writing.edit", briefing_id=version.briefing_id, number=version.number)
    return page("briefings/writing/begin.html", form=form)


@bp.get("/briefings/<int:briefing_id>/work")
@requires("briefings.check")
def manage(briefing_id: int) -> Answer:
    """Everything about one briefing: its newest version and what can be done with it, its history, its recalls."""
    briefing = queries.find_briefing(work().session, work().actor, briefing_id)
    newest = queries.find_numbered(work().session, work().actor, briefing_id, briefing.versions[-1].number)
    note_reading(work(), [each for version in briefing.versions for each in queries.review_ids_of(version)], "briefing")
    source = source_of(newest)
    return page(
        "briefings/writing/manage.html",
        briefing=briefing,
        newest=newest,
        out=next((each for each in briefing.versions if each.state is VersionState.PUBLISHED), None),
        kind=SHAPES[briefing.kind].name,
        measure=_measure(source),
        is_writer=work().actor.person_id in {each.person_id for each in newest.writers},
        is_under_embargo=queries.is_under_embargo(work().session, briefing_id),
        recalls=recalls_of(work().session, briefing_id),
        state_words=STATE_WORDS,
        state_colours=STATE_COLOURS,
        approved_by=approved_by(work(), newest),
        checklist=CHECKLIST,
    )


@bp.route("/briefings/<int:briefing_id>/versions/<int:number>/edit", methods=["GET", "POST"])
@requires("briefings.write")
def edit(briefing_id: int, number: int) -> Answer:
    version = queries.find_numbered(work().session, work().actor, briefing_id, number)
    note_reading(work(), queries.review_ids_of(version), "form of a briefing")
    form = forms.VersionForm(data=forms.as_typed(version)).offer(_points())
    asks = request.form.get("then") == "ask"
    if form.validate_on_submit():
        with form.refusals():
            services.change_version(work(), version.id, form.written)
            if asks:
                services.ask_for_check(work(), version.id)
            say("Saved. Someone else will check the facts next." if asks else "The briefing is saved.")
            return back_to("writing.manage", briefing_id=briefing_id)
    return page(
        "briefings/writing/edit.html",
        form=form,
        briefing_id=briefing_id,
        number=number,
        is_seven=version.kind is BriefingKind.SEVEN_MINUTE,
        kind=SHAPES[version.kind],
        has_been_out=version.number > 1,
        measure=_measure(form.source(version.kind, briefing_id)),
        state=version.state,
    )


@bp.post("/briefings/<int:briefing_id>/versions/<int:number>/measure")
@requires("briefings.write")
def measure(briefing_id: int, number: int) -> Answer:
    """What the typed words come to, while they are typed. Nothing is saved."""
    version = queries.find_numbered(work().session, work().actor, briefing_id, number)
    form = forms.VersionForm().offer(_points())
    return page("briefings/writing/measure.html", measure=_measure(form.source(version.kind, briefing_id)))


@bp.get("/briefings/<int:briefing_id>/versions/<int:number>")
@requires("briefings.check")
def preview(briefing_id: int, number: int) -> Answer:
    """A version as it will look, on the page and in a letter."""
    version = queries.find_numbered(work().session, work().actor, briefing_id, number)
    note_reading(work(), queries.review_ids_of(version), "preview of a briefing")
    source = source_of(version)
    return page(
        "briefings/writing/preview.html",
        version=version,
        source=source,
        kind=SHAPES[source.kind].name,
        minutes=reading_minutes(source.words),
        body=section_html,
        plain=_letter_text(source),
        state_words=STATE_WORDS,
    )


@bp.get("/briefings/<int:briefing_id>/versions/<int:number>/one-page.pdf")
@requires("briefings.check")
def preview_pdf(briefing_id: int, number: int) -> Answer:
    version = queries.find_numbered(work().session, work().actor, briefing_id, number)
    note_reading(work(), queries.review_ids_of(version), "file of a briefing")
    return file_to_show(
        one_page(source_of(version), sheet_of(briefing_id)), f"briefing-{briefing_id}-version-{number}.pdf"
    )


@bp.post("/briefings/<int:briefing_id>/versions/<int:number>/ask")
@requires("briefings.write")
def ask(briefing_id: int, number: int) -> Answer:
    version = queries.find_numbered(work().session, work().actor, briefing_id, number)
    services.ask_for_check(work(), version.id)
    say("Someone else will check the facts next. We’ve told them.")
    return back_to("writing.manage", briefing_id=briefing_id)


@bp.post("/briefings/<int:briefing_id>/versions/new")
@requires("briefings.write")
def begin_version(briefing_id: int) -> Answer:
    version = services.begin_version(work(), briefing_id)
    say(f"Version {version.number} is a draft now. The published version stays until you publish this one.")
    return back_to("writing.edit", briefing_id=briefing_id, number=version.number)


@bp.post("/briefings/<int:briefing_id>/versions/<int:number>/discard")
@requires("briefings.write")
def discard(briefing_id: int, number: int) -> Answer:
    version = queries.find_numbered(work().session, work().actor, briefing_id, number)
    left = services.discard_version(work(), version.id)
    say("Deleted the draft.")
    return back_to("writing.manage", briefing_id=briefing_id) if left else back_to("writing.desk")


def _letter_text(source: Source) -> str:
    letter = letter_from(source, site().settings.base_url)
    return wrap_letter(render_template("email/briefings/_briefing.txt", briefing=letter))


def _points() -> list[tuple[int, str]]:
    return [(each.id, f"{each.ref}: {each.text}") for each in queries.points_to_link(work().session, work().actor)]


def _measure(source: Source) -> dict[str, object]:
    """Words, minutes, whether it fits, and what to look at: for the writer and for those who check."""
    most = SHAPES[source.kind].most_words
    return {
        "words": source.words,
        "most": most,
        "over": max(source.words - most, 0),
        "minutes": reading_minutes(source.words),
        "fit": fit_of(source),
        "details": details_of(source, queries.harmless_names(work().session)),
        "questions": len(source.questions),
        "least_questions": SHAPES[source.kind].least_questions,
    }
