"""The report on impact: all that page, PDF, workbook and yearly report show, gathered and suppressed once."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from courses.coverage.reach.queries import delivered_events, versions_covering
from courses.coverage.rules import short_titles
from lms.frame.work import Work
from lms.kit.telling.numbers import SMALL
from lms.kit.working_days import london_date
from reviews.learning.queries import find_point
from surveys.impact.change.figures import AnswersBehind, Changes, changes_of
from surveys.impact.content.figures import (
    ChoiceTable,
    Example,
    ThemeRow,
    choice_tables,
    examples_of,
    themes_of,
)
from surveys.impact.content.queries import SheetRead, TextRead, questions_asked, sheets_of, texts_of
from surveys.impact.nonresponse.figures import NonResponse, routes_told, sector_rows, starts_of
from surveys.impact.queries import HeldEvent, agencies_named, closed_events, outcomes_of, trainers_named
from surveys.impact.reach.figures import (
    BySector,
    ReachFunnel,
    ReachLine,
    by_course,
    by_sector,
    chosen,
    funnel_of,
    told_of,
)
from surveys.invitations.rules import Route
from surveys.pairs.queries import (
    PracticeAsked,
    PracticeRead,
    practice_sheets,
    practices_asked,
    routes_by_event,
    start_figures,
)
from surveys.questions.rules import QuestionKind, SurveyKind
from surveys.selection.rules import Selection, Span, half_of, halves_within, is_complete, spans_to_choose

KINDS = (SurveyKind.IMPACT, SurveyKind.MANAGERS_VIEW)
EXAMPLES = (SurveyKind.IMPACT, SurveyKind.MANAGERS_VIEW)


@dataclass(frozen=True)
class ImpactChoices:
    """What the reader can choose among: spans, courses, trainers with five and more answers."""

    spans: tuple[Span, ...]
    courses: tuple[tuple[int, str], ...]
    trainers: tuple[tuple[int, str], ...]


@dataclass(frozen=True)
class ImpactReport:
    """Did training change practice? Nothing in it needs hiding any more."""

    selection: Selection
    as_at: datetime
    about: str
    funnel: ReachFunnel
    last_closed_on: date | None
    courses: tuple[ReachLine, ...]
    sectors: BySector
    changes: Changes
    who: NonResponse
    choices: tuple[ChoiceTable, ...]
    managers: tuple[ChoiceTable, ...]
    managers_answered: int
    examples: tuple[Example, ...]
    texts: int
    themes: tuple[ThemeRow, ...]

    @property
    def answer(self) -> str:
        """The answer first."""
        return self.changes.answer


def span_by_key(spans: Sequence[Span], key: str) -> Span:
    """The span that an address names; the latest financial year with a closed survey when it names none."""
    return next((each for each in spans if each.key == key), spans[min(1, len(spans) - 1)])


def choices_of(work: Work, events: Sequence[HeldEvent], today: date) -> ImpactChoices:
    """Everything that can be chosen. A trainer with fewer than five answers is not in the list."""
    told = told_of(events)
    days = [each.held_on for each in events] or [today]
    trainer_ids = {
        trainer
        for trainer in {one for each in events for one in each.trainer_ids}
        if funnel_of([each for each in events if trainer in each.trainer_ids], told).answered >= SMALL
    }
    courses = {each.course_id: each.course for each in events}
    return ImpactChoices(
        spans=tuple(spans_to_choose(min(days), max(days))),
        courses=tuple(sorted(courses.items(), key=lambda each: each[1])),
        trainers=tuple(trainers_named(work.session, trainer_ids)),
    )


def events_of_point(work: Work, point_id: int) -> frozenset[int]:
    """The events that taught a learning point, since their course covers it."""
    versions = versions_covering(work.session, work.actor, point_id)
    return frozenset(each.id for each in delivered_events(work.session, versions))


def impact_report(work: Work, selection: Selection, events: Sequence[HeldEvent] | None = None) -> ImpactReport:
    """The report for a selection, in a fixed number of queries."""
    held = closed_events(work.session, work.now) if events is None else events
    told = told_of(held)
    selected = chosen(held, selection)
    ids = {each.id for each in selected}
    read = sheets_of(work.session, KINDS)
    groups = _in_order(read, held)
    sheets = [each for each in read if _is_selected(each, selection, ids)]
    questions = questions_asked(work.session, KINDS)
    practices, asked = practice_sheets(work.session), practices_asked(work.session)
    told_practices = [each for each in practices if is_told(each.course_id, each.half_on, selection, held)]
    texts = [each for each in texts_of(work.session, EXAMPLES) if _is_selected(each, selection, ids)]
    own_groups = {each.group for each in sheets}
    managers = [each for each in sheets if each.kind is SurveyKind.MANAGERS_VIEW]
    return ImpactReport(
        selection=selection,
        as_at=work.now,
        about=_about(selection, selected),
        funnel=funnel_of(selected, told),
        last_closed_on=max((london_date(each.closed_at) for each in selected), default=None),
        courses=tuple(by_course(selected, told)),
        sectors=by_sector(held, told, selection, agencies_named(work.session, held), london_date(work.now)),
        changes=_changes(work, selection, selected, told_practices, practices, asked),
        who=_who_did_not(work, selection, held, told_practices, asked),
        choices=tuple(choice_tables(groups, questions, SurveyKind.IMPACT, own_groups)),
        managers=tuple(choice_tables(groups, questions, SurveyKind.MANAGERS_VIEW, own_groups)),
        managers_answered=len(managers),
        examples=tuple(examples_of(texts)),
        texts=len(texts),
        themes=tuple(themes_of(texts)),
    )


def _in_order(sheets: Sequence[SheetRead], events: Sequence[HeldEvent]) -> list[SheetRead]:
    """Sheets in the order in which their groups came out, which never changes: by the closing of their event."""
    closed = {each.id: london_date(each.closed_at) for each in events}
    return sorted(
        sheets,
        key=lambda each: (
            closed.get(each.event_id or 0, each.period_on),
            each.event_id or 0,
            each.course_id or 0,
            each.period_on,
        ),
    )


def _is_selected(each: SheetRead | TextRead, selection: Selection, event_ids: Collection[int]) -> bool:
    """Sheets of the selected events; those that came out without their event, by course and month."""
    if each.event_id is not None:
        return each.event_id in event_ids
    is_of_course = selection.course_id in (None, each.course_id)
    is_of_all = selection.trainer_id is None and selection.event_ids is None
    return is_of_course and is_of_all and selection.span.has(each.period_on)


def _changes(
    work: Work,
    selection: Selection,
    selected: Sequence[HeldEvent],
    told: Sequence[PracticeRead],
    everything: Sequence[PracticeRead],
    asked: Sequence[PracticeAsked],
) -> Changes:
    """What changed at the courses and half-years that lie wholly in the selection: pairs say no more of their event."""
    is_whole = selection.trainer_id is None and selection.event_ids is None
    outcomes = _outcomes(work, selection, asked, selected)
    behind = AnswersBehind(everything, selection.course_id, is_whole=is_whole)
    return changes_of(told, asked, outcomes, london_date(work.now), behind)


def _who_did_not(
    work: Work,
    selection: Selection,
    held: Sequence[HeldEvent],
    told: Sequence[PracticeRead],
    asked: Sequence[PracticeAsked],
) -> NonResponse:
    """Where those stood before who did not answer; by sector and way of whole half-years of all courses only."""
    rows, same = starts_of(told, asked)
    figures, routes = start_figures(work.session), routes_by_event(work.session)
    halves = [each for each in halves_within(selection.span) if is_complete(each, london_date(work.now))]
    if not selection.is_whole or not halves:
        return NonResponse(tuple(rows), same)
    ways = {half: _added(routes.get(each.id, {}) for each in held if half.has(each.held_on)) for half in halves}
    told_ways = {half: each for half, each in ways.items() if each}
    return NonResponse(
        tuple(rows),
        same,
        tuple(sector_rows(figures, [each.key for each in halves])),
        routes_told(list(told_ways.values())),
        " and ".join(each.words for each in told_ways),
    )


def _added(routes: Iterable[Mapping[Route, int]]) -> Counter[Route]:
    ways: Counter[Route] = Counter()
    for each in routes:
        ways.update(each)
    return ways


def is_told(course_id: int, half_on: date, selection: Selection, held: Sequence[HeldEvent]) -> bool:
    """Whether a course and half-year lies wholly in a selection: the half itself, and every event of the course in it.

    Where there is no event, what joined it from the half before is told with the course.
    """
    half = half_of(half_on)
    if not (selection.span.has(half.from_on) and selection.span.has(half.to_on)):
        return False
    events = [each for each in held if each.course_id == course_id and half.has(each.held_on)]
    if not events:
        return selection.course_id in (None, course_id) and selection.trainer_id is None and selection.event_ids is None
    return len(chosen(events, selection)) == len(events)


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


def _about(selection: Selection, selected: Sequence[HeldEvent]) -> str:
    """The 3-month impact survey for events in April to September 2025, Safer babies."""
    parts = [f"The 3-month impact survey for events in {selection.span.words}"]
    if selection.span.key == "all":
        parts = ["The 3-month impact survey for all events so far"]
    if selection.course_id is not None and selected:
        parts.append(short_titles([selected[0].course])[0])
    if selection.point_ref:
        parts.append(f"of courses that cover learning point {selection.point_ref}")
    return ", ".join(parts)


def point_selected(work: Work, point_id: int, span: Span) -> Selection:
    """The selection of a learning point. Raises NotFound for one that the reader must not see."""
    point = find_point(work.session, work.actor, point_id)
    return Selection(span, point_ref=point.ref, event_ids=events_of_point(work, point_id))
