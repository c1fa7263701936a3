"""The report on impact: all that page, PDF, workbook and yearly report show, gathered and told once."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from courses.coverage.reach.queries import events_covering
from courses.coverage.rules import short_titles
from lms.frame.work import Work
from lms.kit.telling.numbers import is_small
from lms.kit.words import listed
from lms.kit.working_days import london_date
from reviews.evidence.queries import shared_evidence
from reviews.learning.queries import find_point
from surveys.impact.beside.figures import NOTHING_BESIDE, Beside, beside_of
from surveys.impact.change.figures import AnswersBehind, Changes, changes_of
from surveys.impact.choices.figures import ChoiceTable, choice_tables
from surveys.impact.compared.figures import waiting_told
from surveys.impact.content.figures import Example, ThemeRow, examples_of, themes_of
from surveys.impact.content.queries import TextRead, questions_asked, sheets_of, texts_of
from surveys.impact.levels.figures import LevelResults, levels_of
from surveys.impact.nonresponse.figures import NonResponse, who_did_not
from surveys.impact.points.figures import NO_POINTS, PointsTold, points_told
from surveys.impact.points.queries import AskedPoint, points_taught
from surveys.impact.queries import HeldEvent, agencies_named, closed_events, outcomes_of
from surveys.impact.reach.figures import (
    NOT_FOR_PARTS,
    BySector,
    Line,
    ReachFunnel,
    ReachLine,
    by_course,
    by_sector,
    course_lines,
    courses_alone,
    events_of,
    funnel_of,
)
from surveys.impact.units.figures import (
    CourseHalf,
    Units,
    halves_to_come,
    halves_told,
    is_selected,
    units_of,
    units_selected,
)
from surveys.pairs.queries import PracticeAsked, PracticeRead, asked_beside, practice_sheets, practices_asked
from surveys.questions.about.queries import About, codes_about, what_questions_are_about
from surveys.questions.rules import QuestionKind, SurveyKind
from surveys.selection.rules import CLOSING, CLOSING_ON_THE_DAY, Selection, Span, half_of, is_complete, spans_to_choose

KINDS = (SurveyKind.IMPACT, SurveyKind.MANAGERS_VIEW, SurveyKind.ON_THE_DAY)
EXAMPLES = (SurveyKind.IMPACT, SurveyKind.MANAGERS_VIEW)


@dataclass(frozen=True)
class ImpactChoices:
    """What the reader can choose among."""

    spans: tuple[Span, ...]
    courses: tuple[tuple[int, str], ...]


@dataclass(frozen=True)
class StageTold:
    """What a report may tell of one stage: the half-years, and within them the units that were asked for."""

    held: Sequence[HeldEvent]
    units: Units
    halves: tuple[Span, ...]
    selected: frozenset[CourseHalf]
    lines: Mapping[Span, Sequence[Line]]
    is_whole: bool = True
    """Of all courses; `lines`: of each half-year the courses with a line of their own, and those told together."""

    @property
    def funnel(self) -> ReachFunnel:
        return funnel_of(events_of(self.held, self.units, self.selected), self.units, is_whole=self.is_whole)

    def tells(self, answer: TextRead) -> bool:
        """Whether somebody's words belong to what is told."""
        return self.units.of(answer) in self.selected

    def within(self, halves: Collection[Span]) -> "StageTold":
        """The same of these half-years alone: a stage that is told sooner, beside one that is told later."""
        return replace(
            self,
            halves=tuple(half for half in self.halves if half in halves),
            selected=frozenset(unit for unit in self.selected if unit.half in halves),
        )


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


def span_by_key(spans: Sequence[Span], key: str, today: date, closing: timedelta = CLOSING) -> Span:
    """The span that an address names; the latest complete half-year when it names none."""
    halves = [each for each in spans if each.key.endswith(("-h1", "-h2"))]
    latest = next((each for each in halves if is_complete(each, today, closing)), spans[0])
    return next((each for each in spans if each.key == key), latest)


def choices_of(events: Sequence[HeldEvent], today: date) -> ImpactChoices:
    """Everything that can be chosen."""
    days = [each.held_on for each in events] or [today]
    courses = {each.course_id: each.course for each in events}
    return ImpactChoices(
        spans=tuple(spans_to_choose(min(days), max(days))),
        courses=tuple(sorted(courses.items(), key=lambda each: each[1])),
    )


def events_of_point(work: Work, point_id: int) -> frozenset[int]:
    """The events that taught a learning point, since their course covers it."""
    return events_covering(work.session, [point_id]).get(point_id, frozenset())


def told_of(held: Sequence[HeldEvent], selection: Selection, today: date, closing: timedelta = CLOSING) -> StageTold:
    """What may be told of a selection: complete half-years, in which nobody or five and more answered.

    Of single courses those with a line of their own; the others are told together with all courses only.
    """
    units = units_of(held, closing)
    answered = Counter[Span]()
    for each in held:
        if unit := units.of_event.get(each.id):
            answered[unit.half] += each.answered
    halves = tuple(half for half in halves_told(selection.span, today, closing) if not is_small(answered[half]))
    lines = course_lines(held, units, halves)
    selected = units_selected(units, selection, halves)
    if not selection.is_whole:
        selected &= courses_alone(lines)
    return StageTold(held, units, halves, frozenset(selected), lines, selection.is_whole)


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


def point_selected(work: Work, point_id: int, span: Span) -> Selection:
    """The selection of a learning point. Raises NotFound for one that the reader must not see."""
    point = find_point(work.session, work.actor, point_id)
    return Selection(span, point_ref=point.ref, event_ids=events_of_point(work, point_id), point_id=point_id)
