"""What surveys add to the yearly report: what difference it made, and how well people were asked and answered."""

from collections.abc import Sequence

from lms.frame.plugins import ReportPart, ReportSection
from lms.frame.work import Work
from lms.kit.figures import Cell, Figure, FigureTable, ReportQuestion, SectionContent, count, told_count, told_rate
from lms.kit.words import listed
from lms.kit.working_days import london_date
from surveys.impact.beside.words import tables_beside
from surveys.impact.documents import ROUTE_HEAD, SAID_HEAD, START_HEAD, TREND_HEAD, said_rows, start_rows, trend_rows
from surveys.impact.drawings.figures import SERIES, DistributionRow, distributions_drawn, parts_in_series
from surveys.impact.figures import ImpactReport, impact_report
from surveys.impact.levels.figures import LEVEL_HEAD, LEVELS_NOTE, level_rows
from surveys.impact.points.figures import POINT_HEAD
from surveys.impact.queries import closed_events
from surveys.impact.reach.figures import ReachFunnel
from surveys.impact.rules import DEFINITIONS, MatchedChange, signed
from surveys.impact.selected.figures import told_of
from surveys.impact.words import TOGETHER_DRAWN, TOGETHER_NOTE, note_of, period_words, trend_words, unpaired_words
from surveys.questions.rules import one_decimal
from surveys.selection.rules import Selection, Span


def gather_response(work: Work, question: ReportQuestion) -> SectionContent:
    """How well: who was asked and who answered, of events whose survey has closed. Never for one agency."""
    if question.agency_id is not None:
        return SectionContent()
    told = told_of(closed_events(work.session, work.now), _selection(question), london_date(work.now))
    return SectionContent(figures=_reach_figures(told.funnel, _of_halves(told.halves)))


def gather_difference(work: Work, question: ReportQuestion) -> SectionContent:
    """What difference: change on matched people, what managers saw, what helped and hindered. Never for one agency."""
    if question.agency_id is not None:
        return SectionContent()
    report = impact_report(work, _selection(question))
    changes = report.changes
    figures = (
        count("matched_people", "Matched", changes.matched, DEFINITIONS["matched_people"]),
        count(
            "unpaired_answers",
            "Unpaired answers",
            report.changes.unpaired,
            DEFINITIONS["unpaired_answers"],
        ),
        *_managers_figures(report),
    )
    change = FigureTable(
        "change_by_practice",
        "What changed",
        {
            "practice": "Practice",
            "people": "Matched",
            "before": "Before",
            "on_the_day": "On the day",
            "after": "3 months",
            "change": "Change",
            "spread": "Spread",
            "interval": "95% interval",
            "group": "Group",
        },
        tuple(
            {
                "practice": each.words,
                "people": each.change.matched,
                "before": str(one_decimal(each.change.before)),
                "on_the_day": None if each.change.on_the_day is None else str(one_decimal(each.change.on_the_day)),
                "after": str(one_decimal(each.change.after)),
                "change": each.change.shown,
                "spread": signed(each.change.spread),
                "interval": each.change.interval,
                "group": each.group.value,
                **_ends(each.change),
            }
            for each in report.changes.practices
        ),
        note=" ".join(
            filter(None, (report.who.warning, period_words(changes), note_of(changes), unpaired_words(changes)))
        ),
        dots=("before", "on_the_day", "after") if changes.has_on_the_day else ("before", "after"),
    )
    chosen_options = FigureTable(
        "impact_choices",
        "What helped, what got in the way, what managers saw",
        {"question": "Question", "answer": "Answer", "people": "People", "of": "Of", "share": "Share"},
        tuple(
            {"question": table.words, "answer": row.words, "people": row.shown, "of": table.of, "share": row.share}
            for table in (*report.choices, *report.managers)
            for row in table.rows
        ),
        note=f"{_of_halves(report.halves)} {TOGETHER_NOTE}",
    )
    tables = (
        change,
        *_tables_behind(report),
        *_tables_beside(report),
        *_tables_of_who(report),
        chosen_options,
        _level_table(report),
        _point_table(report),
    )
    return SectionContent(figures=figures, tables=tuple(each for each in tables if each.rows))


def _tables_behind(report: ImpactReport) -> tuple[FigureTable, ...]:
    """How many said what, and the half-years with their intervals, as the page has them: drawn, and as tables."""
    said = dict(zip(("practice", "when", "of", "said"), SAID_HEAD, strict=True))
    halves = dict(zip(("half", "told", "pairs", "before", "after", "change", "interval"), TREND_HEAD, strict=True))
    trend: list[dict[str, Cell]] = []
    for row, each in zip(trend_rows(report), report.changes.trend, strict=True):
        cells: dict[str, Cell] = dict(zip(halves, row, strict=True))
        trend.append(cells | {name: float(str(cells[name])) for name in ("before", "after")} | _ends(each.change))
    drawn = [row for each in distributions_drawn(report.changes) for row in each.rows]
    parts = {f"part_{number}": words for number, words in enumerate(SERIES, 1)}
    return (
        FigureTable(
            "impact_how_many_said_what",
            "How many said what",
            said,
            tuple(
                {**dict(zip(said, row, strict=True)), **_drawn_parts(bar)}
                for row, bar in zip(said_rows(report), drawn, strict=True)
            ),
            note=f"Of half-years that are complete. {TOGETHER_NOTE} {TOGETHER_DRAWN}",
            parts=parts,
        ),
        FigureTable(
            "impact_half_years",
            "Change half-year by half-year",
            halves,
            tuple(trend),
            note=trend_words(),
            dots=("before", "after"),
        ),
    )


def _ends(change: MatchedChange) -> dict[str, Cell]:
    """Between which two means the change's interval lies, as it is drawn: no finer than it is printed."""
    return {
        "low": float(one_decimal(change.before + change.low)),
        "high": float(one_decimal(change.before + change.high)),
    }


def _drawn_parts(bar: DistributionRow) -> dict[str, Cell]:
    """Each part of a bar: how long it is, and as it reads."""
    made: dict[str, Cell] = {}
    for number, (width, shown) in enumerate(parts_in_series(bar), 1):
        made |= {f"part_{number}": width, f"part_{number}_shown": shown}
    return made


def _tables_of_who(report: ImpactReport) -> tuple[FigureTable, ...]:
    """Where those stood before who did not answer, and by which way answers came."""
    starts = dict(zip(("name", "later", "others", "difference", "interval", "verdict"), START_HEAD, strict=True))
    ways = dict(zip(("way", "answers", "share"), ROUTE_HEAD, strict=True))
    rows = start_rows((*report.who.rows, *report.who.sectors))
    return (
        FigureTable(
            "impact_who_did_not_answer",
            "Did only keen people answer?",
            starts,
            tuple(dict(zip(starts, row, strict=True)) for row in rows),
            note=report.who.warning,
        ),
        FigureTable(
            "impact_ways",
            "By which way answers came",
            ways,
            tuple(dict(zip(ways, row, strict=True)) for row in report.who.route_rows),
            note=f"Of events in {report.who.routes_of}.",
        ),
    )


def _tables_beside(report: ImpactReport) -> list[FigureTable]:
    """What people know, what they meant on the day, and where they put their start looking back."""
    made = []
    for each in tables_beside(report.beside):
        keys = {f"c{place}": head for place, head in enumerate(each.heads, 1)}
        cells = tuple(dict(zip(keys, row, strict=True)) for row in each.rows)
        note = f"{period_words(report.changes)} {each.note}"
        made.append(FigureTable(f"impact_{each.name}", each.title, keys, cells, note=note))
    return made


def _level_table(report: ImpactReport) -> FigureTable:
    """Results by Kirkpatrick level, of what the report tells anyway."""
    heads = dict(zip(("level", "question", "who", "result"), LEVEL_HEAD, strict=True))
    rows = [dict(zip(heads, row, strict=True)) for row in level_rows(report.levels)]
    return FigureTable("impact_by_level", "By Kirkpatrick level", heads, tuple(rows), note=LEVELS_NOTE)


def _point_table(report: ImpactReport) -> FigureTable:
    """What reviews asked for: the question about each learning point."""
    names = ("point", "question", "people", "before_to_after", "change", "interval", "group")
    heads = dict(zip(names, POINT_HEAD, strict=True))
    rows = tuple(dict(zip(heads, row, strict=True)) for row in report.points.rows)
    note = " ".join((report.points.compared, *report.points.notes))
    return FigureTable("impact_by_point", "What reviews asked for", heads, rows, note=note)


def _selection(question: ReportQuestion) -> Selection:
    period = question.period
    return Selection(Span("period", period.from_on, period.to_on, period.words))


def _of_halves(halves: Sequence[Span]) -> str:
    """Which events figures are about: whole half-years only."""
    if not halves:
        return "No half-year of the period is complete yet."
    return f"Of events in {listed(each.words for each in halves)}."


def _reach_figures(funnel: ReachFunnel, of: str) -> tuple[Figure, ...]:
    def said(name: str) -> str:
        return f"{DEFINITIONS[name]} {of}"

    came_back = f"Sent, and the email came back. {of}"
    return (
        told_count("survey_attended", "Attended or part attended", funnel.attended, said("attended")),
        told_count("survey_invited", "Invited to the 3-month survey", funnel.invited, said("invited")),
        told_rate(
            "reach_of_invitation",
            "Reach of the invitation",
            funnel.invited,
            funnel.attended,
            said("reach_of_invitation"),
        ),
        told_count("survey_delivered", "Invitations delivered", funnel.delivered, said("delivered")),
        told_count("survey_bounced", "Invitations that came back", funnel.bounced, came_back),
        told_count("survey_answered", "Answered", funnel.answered, said("answered")),
        told_rate("response_rate", "Response rate", funnel.answered, funnel.delivered, said("response_rate")),
    )


def _managers_figures(report: ImpactReport) -> tuple[Figure, ...]:
    """Line managers asked, delivered, answered."""
    funnel, of = report.managers_funnel, _of_halves(report.halves)
    rate_words = f"{DEFINITIONS['response_rate']} {of}"
    return (
        told_count(
            "managers_invited", "Line managers asked", funnel.invited, f"{DEFINITIONS['managers_invited']} {of}"
        ),
        told_count("managers_delivered", "Delivered to managers", funnel.delivered, f"{DEFINITIONS['delivered']} {of}"),
        told_count("managers_views", "Managers’ views", funnel.answered, f"{DEFINITIONS['managers_views']} {of}"),
        told_rate("managers_response_rate", "Managers’ response rate", funnel.answered, funnel.delivered, rate_words),
    )


SECTIONS = (
    ReportSection("surveys.response", "Who was asked, and who answered", ReportPart.HOW_WELL, 60, gather_response),
    ReportSection("surveys.impact", "Did training change practice?", ReportPart.DIFFERENCE, 20, gather_difference),
)
