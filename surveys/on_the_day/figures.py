"""What people said on the day: all that page, PDF, workbook and yearly report show, gathered and told once.

Told as impact is: by whole half-years once their surveys have closed, each question whole, by courses that have a line
of their own. A day's evaluation closes sooner than the 3-month survey, so its half-years are told sooner.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from courses.coverage.rules import short_titles
from lms.frame.work import Work
from lms.kit.telling.lines import others_named
from lms.kit.words import listed
from lms.kit.working_days import london_date
from surveys.impact.choices.counted.figures import CHOSEN, LinesRead, QuestionTold, halves_read
from surveys.impact.choices.figures import ChoiceTable, sums_of, table_of, yes_words
from surveys.impact.content.figures import ThemeRow, themes_of
from surveys.impact.content.queries import QuestionRead, TextRead, questions_asked, sheets_of, texts_of
from surveys.impact.queries import HeldEvent, closed_events
from surveys.impact.reach.figures import Line, ReachFunnel, ReachLine, by_course, course_lines, courses_alone
from surveys.impact.selected.figures import StageTold, told_of
from surveys.impact.units.figures import CourseHalf, halves_to_come, halves_told
from surveys.on_the_day.rules import Agreed, most_and_fewest
from surveys.on_the_day.trend.figures import DayStatement, Trend, YesTold, trends_of
from surveys.questions.rules import QuestionKind, SurveyKind
from surveys.selection.rules import CLOSING_ON_THE_DAY, Selection, Span, half_of

KIND = SurveyKind.ON_THE_DAY
MOST_QUOTATIONS = 12
Halves = Sequence[tuple[Span, QuestionTold]]


@dataclass(frozen=True)
class CourseHalfRow:
    """One course in one half-year, or several that are told together: a cell for each statement."""

    half: str
    course: str
    answers: int
    cells: tuple[str, ...]


@dataclass(frozen=True)
class Quotation:
    """What somebody wrote, chosen to be shown."""

    words: str
    source: str


@dataclass(frozen=True)
class OnTheDayReport:
    """What people said on the day. Nothing in it needs hiding any more."""

    selection: Selection
    as_at: datetime
    about: str
    halves: tuple[Span, ...]
    to_come: tuple[Span, ...]
    is_held_back: bool
    funnel: ReachFunnel
    reach: tuple[ReachLine, ...]
    tables: tuple[ChoiceTable, ...]
    statements: tuple[DayStatement, ...]
    totals: tuple[YesTold, ...]
    rows: tuple[CourseHalfRow, ...]
    trend: tuple[Trend, ...]
    quotations: tuple[Quotation, ...]
    themes: tuple[ThemeRow, ...]

    @property
    def answer(self) -> str:
        """The answer first: with which statement most agreed, and with which fewest, where that is clear."""
        return most_and_fewest(
            [
                Agreed(each.words, yes.shown, yes.portion)
                for each, yes in zip(self.statements, self.totals, strict=True)
                if yes.portion is not None
            ]
        )


def on_the_day_report(work: Work, selection: Selection, events: Sequence[HeldEvent] | None = None) -> OnTheDayReport:
    """The report for a selection, in a fixed number of queries."""
    today = london_date(work.now)
    held = closed_events(work.session, work.now, KIND) if events is None else events
    told = told_of(held, selection, today, CLOSING_ON_THE_DAY)
    questions = questions_asked(work.session, [KIND])
    everything = _complete_halves(held, today)
    lines = course_lines(held, told.units, everything)
    read = halves_read(sheets_of(work.session, [KIND]), told.units, questions, KIND, lines, everything)
    asked = {each.code: each for each in questions.values() if each.kind in CHOSEN}
    by_code = {code: _told(read, each) for code, each in asked.items()}
    chosen = None if selection.is_whole else told.selected
    now = {
        code: sums_of([each for each in halves if each[0] in told.halves], chosen) for code, halves in by_code.items()
    }
    statements = _statements(by_code, asked, now)
    texts = [each for each in texts_of(work.session, [KIND]) if told.units.of(each) in told.selected]
    return OnTheDayReport(
        selection=selection,
        as_at=work.now,
        about=_about(selection, told),
        halves=told.halves,
        to_come=tuple(halves_to_come(selection.span, today, CLOSING_ON_THE_DAY)),
        is_held_back=bool(told.halves) and not told.selected,
        funnel=told.funnel,
        reach=tuple(by_course(told.held, told.units, told.halves)) if selection.is_whole else (),
        tables=tuple(made for code, each in asked.items() if (made := table_of(each, now[code])) is not None),
        statements=tuple(statements),
        totals=tuple(YesTold(now[each.code][0], each.scale) for each in statements),
        rows=tuple(_rows(read, by_code, statements, told)) if selection.is_whole else (),
        trend=tuple(trends_of(statements, by_code, _units(selection, lines))),
        quotations=_quotations(texts),
        themes=tuple(themes_of(texts)),
    )


def _complete_halves(held: Sequence[HeldEvent], today: date) -> list[Span]:
    if not held:
        return []
    first = half_of(min(each.held_on for each in held)).from_on
    return halves_told(Span("all", first, today, ""), today, CLOSING_ON_THE_DAY)


def _told(read: Mapping[Span, LinesRead], question: QuestionRead) -> list[tuple[Span, QuestionTold]]:
    return [(half, told) for half, each in read.items() if (told := each.told(question)) is not None]


def _units(selection: Selection, lines: Mapping[Span, Sequence[Line]]) -> set[CourseHalf] | None:
    """Of which courses the trend is: of all, or of those selected where they have a line of their own."""
    if selection.is_whole:
        return None
    return {unit for unit in courses_alone(lines) if selection.course_id in (None, unit.course_id)}


def _statements(
    by_code: Mapping[str, Halves], asked: Mapping[str, QuestionRead], now: Mapping[str, Sequence[object]]
) -> list[DayStatement]:
    """The questions of one choice with welcome answers that somebody gave."""
    made = []
    for code, halves in by_code.items():
        scale = next((told.scales[0] for _, told in halves), None)
        if scale and scale.yes and now[code] and asked[code].kind is not QuestionKind.CHOICES:
            made.append(DayStatement(code, asked[code].words, yes_words(scale), scale))
    return made


def _rows(
    read: Mapping[Span, LinesRead], by_code: Mapping[str, Halves], statements: Sequence[DayStatement], told: StageTold
) -> list[CourseHalfRow]:
    """Each course of each half-year, the latest first."""
    told_in = {(code, half): each for code, halves in by_code.items() for half, each in halves}
    made = []
    for half in reversed(told.halves):
        lines = read[half].lines if half in read else {}
        for line, sheets in sorted(lines.items(), key=lambda each: _line_name(each[0], told)):
            cells = []
            for statement in statements:
                found = told_in.get((statement.code, half))
                cells.append(
                    YesTold(found.lines[line][0], statement.scale).shown if found and line in found.lines else ""
                )
            made.append(CourseHalfRow(half.words, _line_name(line, told), len(sheets), tuple(cells)))
    return made


def _line_name(line: object, told: StageTold) -> str:
    ids = line if isinstance(line, tuple) else ()
    return told.units.courses[ids[0]] if len(ids) == 1 else others_named(len(ids), "course", "courses")


def _quotations(texts: Sequence[TextRead]) -> tuple[Quotation, ...]:
    """What was chosen to be shown, each once."""
    chosen = {each.words: each for each in texts if each.is_example}
    sources = {words: (each.sector, each.course.partition(":")[0]) for words, each in chosen.items()}
    made = [Quotation(words, ". ".join(filter(None, source))) for words, source in sources.items()]
    return tuple(made[:MOST_QUOTATIONS])


def _about(selection: Selection, told: StageTold) -> str:
    """The evaluation on the day of events in April to September 2025, Safer babies."""
    halves = sorted({unit.half for unit in told.selected}, key=lambda half: half.from_on)
    span = listed(each.words for each in halves) if halves else selection.span.words
    about = f"The evaluation on the day of events in {span}"
    if selection.course_id is not None and selection.course_id in told.units.courses:
        about = f"{about}, {short_titles([told.units.courses[selection.course_id]])[0]}"
    return about
