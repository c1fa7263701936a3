"""The report on impact: all that page, PDF, workbook and yearly report show, gathered and told once."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from courses.coverage.rules import short_titles
from lms.frame.work import Work
from lms.kit.words import listed
from lms.kit.working_days import london_date
from reviews.evidence.queries import shared_evidence
from surveys.impact.beside.figures import NOTHING_BESIDE, Beside, beside_of
from surveys.impact.change.figures import AnswersBehind, Changes, changes_of
from surveys.impact.choices.figures import ChoiceTable, choice_tables
from surveys.impact.compared.figures import waiting_told
from surveys.impact.content.figures import Example, ThemeRow, examples_of, themes_of
from surveys.impact.content.queries import questions_asked, sheets_of, texts_of
from surveys.impact.levels.figures import LevelResults, levels_of
from surveys.impact.nonresponse.figures import NonResponse, who_did_not
from surveys.impact.points.figures import NO_POINTS, PointsTold, points_told
from surveys.impact.points.queries import AskedPoint, points_taught
from surveys.impact.queries import HeldEvent, agencies_named, closed_events, outcomes_of
from surveys.impact.reach.figures import (
    NOT_FOR_PARTS,
    BySector,
    ReachFunnel,
    ReachLine,
    by_course,
    by_sector,
    events_of,
)
from surveys.impact.selected.figures import StageTold, told_of
from surveys.impact.units.figures import (
    CourseHalf,
    Units,
    halves_to_come,
    is_selected,
)
from surveys.pairs.queries import PracticeAsked, PracticeRead, asked_beside, practice_sheets, practices_asked
from surveys.questions.about.queries import About, codes_about, what_questions_are_about
from surveys.questions.rules import QuestionKind, SurveyKind
from surveys.selection.rules import CLOSING_ON_THE_DAY, Selection, Span, half_of

KINDS = (SurveyKind.IMPACT, SurveyKind.MANAGERS_VIEW, SurveyKind.ON_THE_DAY)
EXAMPLES = (SurveyKind.IMPACT, SurveyKind.MANAGERS_VIEW)


@dataclass(frozen=True)
class ImpactReport:
    """Did training change practice? Nothing in it needs hiding any more."""

    selection: Selection
    as_at: datetime
    about: str
    halves: tuple[Span, ...]
    to_come: tuple[Span, ...]
    is_held_back: bool
    funnel: ReachFunnel
    last_closed_on: date | None
    courses: tuple[ReachLine, ...]
    sectors: BySector
    changes: Changes
    who: NonResponse
    choices: tuple[ChoiceTable, ...]
    managers: tuple[ChoiceTable, ...]
    managers_funnel: ReachFunnel
    examples: tuple[Example, ...]
    texts: int
    themes: tuple[ThemeRow, ...]
    levels: tuple[LevelResults, ...] = ()
    points: PointsTold = NO_POINTS
    beside: Beside = NOTHING_BESIDE
    is_asked: bool = True
    """Of a learning point: whether any question is about it."""

    @property
    def answer(self) -> str:
        """The answer first: of a learning point of which only what people know is asked, what they know."""
        if not self.is_asked:
            return f"{NOT_ASKED}."
        if self.selection.point_id is not None and not self.changes.practices and self.beside.known:
            return self.beside.known[0].said
        return self.changes.answer


NOT_ASKED = "No question asks about it yet"


def impact_report(work: Work, selection: Selection, events: Sequence[HeldEvent] | None = None) -> ImpactReport:
    """The report for a selection, in a fixed number of queries."""
    today = london_date(work.now)
    told = told_of(closed_events(work.session, work.now) if events is None else events, selection, today)
    of_managers = told_of(closed_events(work.session, work.now, SurveyKind.MANAGERS_VIEW), selection, today)
    read = sheets_of(work.session, KINDS)
    questions = questions_asked(work.session, KINDS)
    practices, asked = practice_sheets(work.session), practices_asked(work.session)
    told_practices = _selected(practices, told.units, selection)
    about = what_questions_are_about(work.session)
    wanted = None if selection.point_id is None else codes_about(about, selection.point_id)
    of_stage = {SurveyKind.IMPACT: told, SurveyKind.MANAGERS_VIEW: of_managers}
    texts = [
        each
        for each in texts_of(work.session, EXAMPLES)
        if of_stage[each.kind].tells(each) and (wanted is None or each.code in wanted)
    ]
    selected = events_of(told.held, told.units, told.selected)

    def tables(kind: SurveyKind, of: StageTold) -> tuple[ChoiceTable, ...]:
        chosen = None if selection.is_whole else of.selected
        made = choice_tables(read, of.units, questions, kind, of.lines, of.halves, chosen)
        return tuple(each for each in made if wanted is None or each.code in wanted)

    choices, managers = tables(SurveyKind.IMPACT, told), tables(SurveyKind.MANAGERS_VIEW, of_managers)
    held_of_day = closed_events(work.session, work.now, SurveyKind.ON_THE_DAY)
    of_day = told_of(held_of_day, selection, today, CLOSING_ON_THE_DAY)
    day = tables(SurveyKind.ON_THE_DAY, of_day.within(told.halves))
    compared = [each for each in asked if wanted is None or each.code in wanted]
    behind = AnswersBehind(practices, selection.course_id, is_whole=selection.event_ids is None)
    outcomes = _outcomes(work, selection, compared, selected)
    changes = changes_of(told_practices, compared, outcomes, today, behind)
    others = [
        each
        for each in asked_beside(work.session)
        if wanted is None or each.code in wanted or each.practice_code in wanted
    ]
    beside = replace(
        beside_of(told_practices, compared, others, today, behind),
        waiting=waiting_told(work.session, selection, told.units, told_practices, compared),
    )
    return ImpactReport(
        selection=selection,
        as_at=work.now,
        about=_about(selection, told, selected),
        halves=told.halves,
        to_come=tuple(halves_to_come(selection.span, today)),
        is_held_back=bool(told.halves) and not told.selected,
        funnel=told.funnel,
        last_closed_on=max((london_date(each.closed_at) for each in selected), default=None),
        courses=tuple(by_course(told.held, told.units, told.halves)) if selection.is_whole else (),
        sectors=by_sector(told.held, told.units, told.halves, agencies_named(work.session, told.held))
        if selection.is_whole
        else BySector(why_not=NOT_FOR_PARTS),
        changes=changes,
        who=who_did_not(work.session, selection, told.units, told.halves, told_practices, asked),
        choices=choices,
        managers=managers,
        managers_funnel=of_managers.funnel,
        examples=tuple(examples_of(texts)),
        texts=len(texts),
        themes=tuple(themes_of(texts)),
        levels=_levels(
            work, selection, changes, {DELEGATES_LATER: choices, MANAGERS: managers, DELEGATES_DAY: day}, beside
        ),
        points=_points(work, selection, told.units, practices, asked, about) if selection.is_whole else NO_POINTS,
        beside=beside,
        is_asked=wanted is None or bool(wanted),
    )


DELEGATES_DAY, DELEGATES_LATER, MANAGERS = "Delegates, on the day", "Delegates, three months on", "Line managers"


def _levels(
    work: Work, selection: Selection, changes: Changes, tables: Mapping[str, Sequence[ChoiceTable]], beside: Beside
) -> tuple[LevelResults, ...]:
    """Results by level; with what audits counted since, where the report is of all courses."""
    from_on, today = selection.span.from_on, london_date(work.now)
    evidence = shared_evidence(work.session, from_on, today) if selection.is_whole else []
    return levels_of(changes, tables, evidence, beside.known)


def _points(
    work: Work,
    selection: Selection,
    units: Units,
    practices: Sequence[PracticeRead],
    asked: Sequence[PracticeAsked],
    about: Mapping[str, About],
) -> PointsTold:
    """What reviews asked for: the questions about each learning point, of courses and half-years that taught it."""

    def sheets(point: AskedPoint) -> list[PracticeRead]:
        of_point = replace(selection, event_ids=point.events)
        return _selected(practices, units, of_point)

    today = london_date(work.now)
    return points_told(points_taught(work.session), lambda point: codes_about(about, point.id), sheets, asked, today)


def _selected(practices: Sequence[PracticeRead], units: Units, selection: Selection) -> list[PracticeRead]:
    """The sheets of the courses and half-years that lie wholly in a selection, complete or not."""
    return [
        each for each in practices if is_selected(CourseHalf(half_of(each.half_on), each.course_id), units, selection)
    ]


def _outcomes(
    work: Work, selection: Selection, asked: Sequence[PracticeAsked], selected: Sequence[HeldEvent]
) -> dict[tuple[str, int], str]:
    """The outcomes by name, when the report is about one course whose outcomes were the same all the time."""
    if selection.course_id is None:
        return {}
    named = {tuple(each) for each in outcomes_of(work.session, {each.version_id for each in selected}).values()}
    codes = [each.code for each in asked if each.kind is QuestionKind.OUTCOMES]
    if len(named) != 1 or not codes:
        return {}
    outcomes = named.pop()
    return {(code, place): words for code in codes for place, words in enumerate(outcomes, start=1)}


def _about(selection: Selection, told: StageTold, selected: Sequence[HeldEvent]) -> str:
    """The 3-month impact survey for events in April to September 2025, Safer babies."""
    halves = sorted({unit.half for unit in told.selected}, key=lambda half: half.from_on)
    if not halves:
        return f"The 3-month impact survey for events in {selection.span.words}"
    parts = [f"The 3-month impact survey for events in {listed(each.words for each in halves)}"]
    if selection.course_id is not None and selected:
        parts.append(short_titles([selected[0].course])[0])
    if selection.point_ref:
        parts.append(f"of courses that cover learning point {selection.point_ref}")
    return ", ".join(parts)
