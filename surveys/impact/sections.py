"""What surveys add to the yearly report: what difference it made, and how well people were asked and answered."""

from lms.frame.plugins import ReportPart, ReportSection
from lms.frame.work import Work
from lms.kit.figures import Figure, FigureTable, ReportQuestion, SectionContent, count, hidden, rate
from surveys.impact.figures import impact_report
from surveys.impact.queries import closed_events
from surveys.impact.reach.figures import ReachFunnel, chosen, funnel_of, told_of
from surveys.impact.rules import DEFINITIONS, signed
from surveys.impact.words import HIDDEN_NOTE, note_of, period_words, unpaired_words, waiting_words
from surveys.questions.rules import one_decimal
from surveys.selection.rules import Selection, Span


def gather_response(work: Work, question: ReportQuestion) -> SectionContent:
    """How well: who was asked and who answered, of events whose survey has closed. Never for one agency."""
    if question.agency_id is not None:
        return SectionContent()
    events = closed_events(work.session, work.now)
    selection = _selection(question)
    selected = chosen(events, selection)
    funnel = funnel_of(selected, told_of(events))
    return SectionContent(figures=_reach_figures(funnel))


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
        count("managers_views", "Managers’ views", report.managers_answered, DEFINITIONS["managers_views"]),
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
                "people": each.change.n,
                "before": str(one_decimal(each.change.before)),
                "on_the_day": None if each.change.on_the_day is None else str(one_decimal(each.change.on_the_day)),
                "after": str(one_decimal(each.change.after)),
                "change": each.change.shown,
                "spread": signed(each.change.spread),
                "interval": each.change.interval,
                "group": each.group.value,
            }
            for each in report.changes.practices
        ),
        note=" ".join(filter(None, (period_words(changes), note_of(changes), unpaired_words(changes)))),
    )
    chosen_options = FigureTable(
        "impact_choices",
        "What helped, what got in the way, what managers saw",
        {"question": "Question", "answer": "Answer", "people": "People", "of": "Of", "share": "Share"},
        tuple(
            {"question": table.words, "answer": row.words, "people": row.shown, "of": row.of, "share": row.share}
            for table in (*report.choices, *report.managers)
            for row in table.rows
        ),
        note=HIDDEN_NOTE,
    )
    return SectionContent(figures=figures, tables=tuple(each for each in (change, chosen_options) if each.rows))


def _selection(question: ReportQuestion) -> Selection:
    period = question.period
    return Selection(Span("period", period.from_on, period.to_on, period.words))


def _reach_figures(funnel: ReachFunnel) -> tuple[Figure, ...]:
    waiting = waiting_words(funnel)
    answered = f"{DEFINITIONS['answered']} {waiting}".strip()
    is_told = funnel.waiting_events < funnel.events or not funnel.events
    return (
        count("survey_attended", "Attended or part attended", funnel.attended, DEFINITIONS["attended"]),
        count("survey_invited", "Invited to the 3-month survey", funnel.invited, DEFINITIONS["invited"]),
        rate(
            "reach_of_invitation",
            "Reach of the invitation",
            funnel.invited,
            funnel.attended,
            DEFINITIONS["reach_of_invitation"],
        ),
        count("survey_delivered", "Invitations delivered", funnel.delivered, DEFINITIONS["delivered"]),
        count("survey_bounced", "Invitations that came back", funnel.bounced, "Sent, and the letter came back."),
        count("survey_answered", "Answered", funnel.answered, answered)
        if is_told
        else hidden("survey_answered", "Answered", answered, is_small=False),
        rate(
            "response_rate",
            "Response rate",
            funnel.answered if is_told else 0,
            funnel.answerable if is_told else 0,
            DEFINITIONS["response_rate"],
        ),
    )


SECTIONS = (
    ReportSection("surveys.response", "Who was asked, and who answered", ReportPart.HOW_WELL, 60, gather_response),
    ReportSection("surveys.impact", "Did training change practice?", ReportPart.DIFFERENCE, 20, gather_difference),
)
