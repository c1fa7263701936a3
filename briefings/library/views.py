"""The briefings that are out: the library, a briefing in its shapes, the feed, the box on a course's page."""

from collections.abc import Callable

from flask import Blueprint, Response, request

from briefings.library import queries
from briefings.library.feed import documents as atom_feed
from briefings.library.queries import BriefingSearch
from briefings.slides import documents as slides_and_posters
from briefings.writing.queries import find_published
from briefings.writing.rules import SHAPES, BriefingKind, reading_minutes
from briefings.writing.shapes.documents import one_page
from briefings.writing.shapes.drawing.documents import Surround
from briefings.writing.shapes.html.documents import section_html, whole_html
from briefings.writing.shapes.queries import source_of
from briefings.writing.shapes.rules import Source
from briefings.writing.shapes.views import sheet_of
from briefings.writing.words import approved_by
from lms.frame.files import file_to_show
from lms.frame.paging import page_of
from lms.frame.plugins import PanelContent
from lms.frame.web import Answer, back_to, page, public, site, site_url, work
from lms.frame.work import Work
from lms.kit.errors import NotFound
from lms.kit.folding import words_typed
from lms.partnership.queries import the_partnership

bp = Blueprint("library", __name__)

BRIEFINGS_ON_A_PAGE = 20
MAKERS: dict[str, Callable[[Source, Surround], bytes]] = {
    "one-page": one_page,
    "slides": slides_and_posters.slides,
    "poster": slides_and_posters.poster,
}


@bp.get("/briefings")
@public
def library() -> Answer:
    wanted = _wanted()
    rows = queries.briefing_rows(work().session, work().actor, wanted)
    return page(
        "briefings/library/library.html",
        part=page_of(rows, BRIEFINGS_ON_A_PAGE),
        total=len(rows),
        wanted=wanted,
        typed=" ".join(wanted.words),
        themes=queries.themes_of_briefings(work().session, work().actor),
        shapes=SHAPES,
        is_filtered=wanted != BriefingSearch(),
    )


@bp.get("/briefings/<int:briefing_id>")
@public
def briefing(briefing_id: int) -> Answer:
    """The accessible original."""
    version = find_published(work().session, work().actor, briefing_id)
    source = source_of(version)
    return page(
        "briefings/library/briefing.html",
        version=version,
        source=source,
        kind=SHAPES[source.kind].name,
        minutes=reading_minutes(source.words),
        body=section_html,
        approved_by=approved_by(work(), version),
        courses=queries.courses_to_take(work(), version),
        learning=queries.shared_learning(work().session, version),
        is_seven=source.kind is BriefingKind.SEVEN_MINUTE,
    )


@bp.get("/b/<int:briefing_id>")
@public
def short(briefing_id: int) -> Answer:
    """The address under the QR code."""
    find_published(work().session, work().actor, briefing_id)
    return back_to("library.briefing", briefing_id=briefing_id)


@bp.get("/briefings/<int:briefing_id>/<shape>.pdf")
@public
def document(briefing_id: int, shape: str) -> Answer:
    """One page, slides or a poster."""
    source = source_of(find_published(work().session, work().actor, briefing_id))
    if shape not in MAKERS:
        raise NotFound("We cannot find that file. The briefing’s page shows them all.")
    made = MAKERS[shape](source, sheet_of(briefing_id))
    return file_to_show(made, f"briefing-{briefing_id}-{shape}.pdf")


@bp.get("/briefings.atom")
@public
def feed() -> Answer:
    base = site().settings.base_url.rstrip("/")
    partnership = the_partnership(work().session)
    entries = [
        atom_feed.FeedEntry(
            number=version.briefing_id,
            title=version.title,
            summary=version.summary,
            html=whole_html(source_of(version), base),
            url=base + site_url("library.briefing", briefing_id=version.briefing_id),
            changed_at=version.published_at or work().now,
        )
        for version in queries.feed_versions(work().session)
    ]
    made = atom_feed.atom(
        entries,
        title=f"{partnership.name}: briefings",
        author=partnership.name,
        feed_url=base + site_url("library.feed"),
        page_url=base + site_url("library.library"),
        now=work().now,
    )
    return Response(made, mimetype="application/atom+xml")


def course_panel(work: Work, course_id: int) -> PanelContent | None:
    """On the public page of a course: the briefings about what it covers."""
    rows = queries.briefings_for_course(work.session, work.actor, course_id)
    return PanelContent("briefings/library/course_panel.html", {"rows": rows, "shapes": SHAPES}) if rows else None


def _wanted() -> BriefingSearch:
    """What the address asks for; what makes no sense is left out."""
    theme, kind = request.args.get("theme", ""), request.args.get("kind", "")
    return BriefingSearch(
        words=tuple(words_typed(request.args.get("q", "")[:200])[:8]),
        theme_id=int(theme) if theme.isascii() and theme.isdigit() and len(theme) < 10 else None,
        kind=next((each for each in BriefingKind if each.value == kind), None),
    )
