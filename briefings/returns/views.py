"""The cascade as pages: of one briefing, of all by agency; as a step of the thread, and on the writer's desk."""

from flask import Blueprint

from briefings.cascade.rules import RAG_WORDS, CascadeRag
from briefings.distribution.models import Sending
from briefings.distribution.queries import sendings_of
from briefings.distribution.rules import Audience
from briefings.distribution.words import said_audience
from briefings.returns import rules
from briefings.returns.queries import CascadeScope, Titled, briefings_about, figures_of, reviews_behind, titles_of
from briefings.returns.rules import AgencyFigures, add_up
from briefings.returns.telling import rules as telling
from lms.frame.plugins import PanelContent
from lms.frame.web import Answer, page, requires, site_url, work
from lms.frame.work import Work
from lms.kit.errors import NotFound
from lms.kit.words import count, moment, percent
from lms.kit.working_days import london_date
from reviews.cases.readings.services import note_reading
from reviews.cases.visibility.queries import sees_embargoed
from reviews.learning.panels import Gap, ThreadStep, thread_panel

bp = Blueprint("returns", __name__)
SEE_ROWS = "briefings.send"
BRIEFINGS_ACROSS = 8
GAPS = 3


@bp.get("/briefings/cascade")
@requires("briefings.see_cascade")
def overview() -> Answer:
    """Agencies by briefings: red, amber, green."""
    session, actor, today = work().session, work().actor, london_date(work().now)
    titles = [each for each in titles_of(session, actor) if each.is_out][:BRIEFINGS_ACROSS]
    _note(titles)
    rows = figures_of(session, actor, CascadeScope([each.briefing_id for each in titles]), today)
    cells: dict[tuple[str, str], dict[int, AgencyFigures]] = {}
    for briefing_id, those in rows.items():
        for row in those:
            if row.is_asked or row.teams:
                cells.setdefault((row.sector, row.agency), {})[briefing_id] = row
    return page(
        "briefings/returns/overview.html",
        titles=titles,
        cells=sorted(cells.items()),
        sums={each.briefing_id: add_up(each.title, rows.get(each.briefing_id, [])) for each in titles},
        rag_words=RAG_WORDS,
        percent=percent,
        as_at=moment(work().now),
    )


@bp.get("/briefings/<int:briefing_id>/cascade")
@requires("briefings.see_cascade")
def of_briefing(briefing_id: int) -> Answer:
    """One briefing: the figures with their definitions, every agency, and what was sent when."""
    session, actor = work().session, work().actor
    titled = next(iter(titles_of(session, actor, [briefing_id])), None)
    if titled is None:
        raise NotFound("We cannot find that briefing. The list of briefings shows them all.")
    _note([titled])
    is_exact = actor.may(SEE_ROWS)
    rows = figures_of(session, actor, CascadeScope([briefing_id]), london_date(work().now)).get(briefing_id, [])
    numbers = telling.numbers_told({briefing_id: rows}, is_exact=is_exact)
    sums = add_up("All", rows)
    return page(
        "briefings/returns/of_briefing.html",
        titled=titled,
        rows=rows,
        sums=sums,
        numbers=numbers,
        sectors=[add_up(name, [row for row in rows if row.sector == name]) for name in _sectors(rows)],
        is_exact=is_exact,
        sendings=[(each, _said(each)) for each in sendings_of(session, briefing_id)] if is_exact else [],
        rag_words=RAG_WORDS,
        rules=rules,
        telling=telling,
        percent=percent,
        as_at=moment(work().now),
    )


def _sectors(rows: list[AgencyFigures]) -> list[str]:
    return sorted({row.sector for row in rows})


def _said(sending: Sending) -> str:
    return said_audience(work().session, Audience.from_json(sending.audience))


def _note(titles: list[Titled]) -> None:
    """Those who see embargoed briefings leave a line when they look."""
    if sees_embargoed(work().actor):
        ids = reviews_behind(work().session, [each.briefing_id for each in titles])
        note_reading(work(), ids, "cascade of briefings")


def thread_step(work: Work, point_id: int) -> PanelContent | None:
    """Who talked about it: the cascade of the briefings about a learning point, with the newest on top."""
    titles = briefings_about(work.session, work.actor, point_id)
    if not titles:
        return None
    ids = [each.briefing_id for each in titles]
    figures = figures_of(work.session, work.actor, CascadeScope(ids), london_date(work.now))
    newest = next((each for each in titles if figures.get(each.briefing_id)), titles[0])
    rows = figures.get(newest.briefing_id, [])
    sums = add_up(newest.title, rows)
    numbers = telling.numbers_told({newest.briefing_id: rows}, is_exact=work.actor.may(SEE_ROWS))
    step = ThreadStep(
        anchor="discussed",
        position=60,
        step="Who talked about it",
        heading=_heading(sums),
        figure=str(sums.discussed),
        figure_words="agency discussed it" if sums.discussed == 1 else "agencies discussed it",
        is_thin=not sums.discussed,
        gaps=_gaps(rows),
    )
    asked = sorted((row for row in rows if row.is_asked), key=_no_return_first)[:6]
    return thread_panel(
        step,
        "briefings/returns/thread_step.html",
        titled=newest,
        others=[each for each in titles if each is not newest],
        sums=sums,
        numbers=numbers,
        rules=rules,
        telling=telling,
        rows=asked,
        rag_words=RAG_WORDS,
        received_only=sum(1 for row in rows if row.is_asked and row.rag is CascadeRag.AMBER),
        waiting=sum(1 for row in rows if row.is_asked and row.rag is CascadeRag.WAITING),
    )


def _heading(sums: rules.Sums) -> str:
    if not sums.asked:
        return "A briefing is out, and no agency has been asked yet"
    agencies = count(sums.asked, "agency", "agencies")
    return f"{sums.discussed} of {agencies} discussed the briefing in a team"


def _no_return_first(row: AgencyFigures) -> tuple[bool, bool, str]:
    """By what everybody sees of an agency, never by how many people it has: small ones are told together."""
    return (row.rag is not CascadeRag.RED, row.rag is not CascadeRag.WAITING, row.agency)


def _gaps(rows: list[AgencyFigures]) -> tuple[Gap, ...]:
    red = [row for row in sorted(rows, key=_no_return_first) if row.is_asked and row.rag is CascadeRag.RED]
    return tuple(Gap(f"{row.agency}: no return on the briefing") for row in red[:GAPS])


def desk_panel(work: Work, briefing_id: int) -> PanelContent | None:
    """On the desk: send it, and what became of it."""
    titled = next(iter(titles_of(work.session, work.actor, [briefing_id])), None)
    if titled is None or not work.actor.may("briefings.see_cascade"):
        return None
    rows = figures_of(work.session, work.actor, CascadeScope([briefing_id]), london_date(work.now)).get(briefing_id, [])
    return PanelContent(
        "briefings/returns/desk_panel.html",
        {
            "titled": titled,
            "sums": add_up("All", rows),
            "send_url": site_url("distribution.send", briefing_id=briefing_id),
            "cascade_url": site_url("returns.of_briefing", briefing_id=briefing_id),
        },
    )
