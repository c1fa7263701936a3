"""What a round came to: who answered, what they said, beside the round before; and needs against the programme.

Answers are told by `lms.kit.telling`, question by question, each whole: of everybody, and of each agency that has a
line of its own. Page, PDF and workbook show these rows; nothing else decides.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

from lms.frame.work import Work
from lms.kit.figures import shown_rate
from lms.kit.telling.numbers import SMALL, is_small, too_few
from lms.kit.telling.scales import Scale, ToldScale, tell_scale
from lms.kit.telling.together import tell_table
from surveys.impact.choices.counted.figures import LinesRead, QuestionTold
from surveys.impact.choices.figures import ONLY_TOGETHER, ChoiceTable, table_of, yes_words
from surveys.impact.content.queries import QuestionRead
from surveys.questions.queries import asks_of, version_of
from surveys.questions.rules import Ask, QuestionKind, one_decimal
from surveys.workforce.comparing.figures import Comparison, YesSaid, comparison_of
from surveys.workforce.models import SurveyRound
from surveys.workforce.results.queries import (
    AuditNamed,
    RoundSheetRead,
    audits_of,
    coming_programme,
    names_of,
    round_before,
    sheets_of_round,
    texts_of_round,
)
from surveys.workforce.results.response.figures import LineName, Names, RoundResponse, named_lines, response_of
from surveys.workforce.rules import TOPS, Need

PLACES = "places."
"""A number question with the code `places.<course code>` asks how many places are needed."""
CHOSEN_COURSES = "courses."
"""A question with several answers whose values are course codes."""
YEAR = timedelta(days=365)


@dataclass(frozen=True)
class LineResult:
    """What one line said to a question, of how many answers; `before` the same of the round before, if told there."""

    name: LineName
    of: int
    shown: str
    before: str = ""


@dataclass(frozen=True)
class QuestionResult:
    """One question: how people answered it, and what its agencies said. `measure` is what stands in their lines."""

    code: str
    words: str
    table: ChoiceTable | None
    summary: str
    audits: tuple[AuditNamed, ...]
    measure: str
    lines: tuple[LineResult, ...]
    comments: tuple[str, ...]

    @property
    def headline(self) -> str:
        """In one line: a mean or sum, or how many gave the first answer."""
        if self.summary or self.table is None:
            return self.summary
        first = self.table.rows[0]
        return f"{first.words}: {first.shown}{f' ({first.share})' if first.share else ''}"


@dataclass(frozen=True)
class RoundResults:
    """All of it. `answers` is None when fewer than five came in: then there is nothing else."""

    answers: int | None
    response: RoundResponse | None = None
    compared: Comparison | None = None
    questions: tuple[QuestionResult, ...] = ()
    needs: tuple[Need, ...] = ()

    @property
    def by_audit(self) -> list[tuple[AuditNamed, list[QuestionResult]]]:
        """The questions of each audit."""
        made: dict[tuple[str, str], tuple[AuditNamed, list[QuestionResult]]] = {}
        for question in self.questions:
            for audit in question.audits:
                those = made.setdefault((audit.ref, audit.title), (audit, []))[1]
                if question not in those:
                    those.append(question)
        return [made[key] for key in sorted(made)]


@dataclass(frozen=True)
class _Read:
    """A round as it was answered: its sheets, in lines, and each question as it is told."""

    sheets: Sequence[RoundSheetRead]
    lines: Mapping[LineName, Sequence[RoundSheetRead]]
    asks: Sequence[Ask]
    told: Mapping[str, QuestionTold]


def results_of(work: Work, found: SurveyRound) -> RoundResults:
    """What the round came to, in a fixed number of queries."""
    names = Names(*names_of(work.session))
    now = _read(work, found, names)
    if len(now.sheets) < SMALL:
        return RoundResults(None)
    earlier = round_before(work.session, found)
    before = _read(work, earlier, names) if earlier is not None else None
    audits = audits_of(work.session, work.actor, found.version_id)
    comments: dict[int, list[str]] = defaultdict(list)
    for question_id, words in texts_of_round(work.session, found.id):
        comments[question_id].append(words)
    return RoundResults(
        len(now.sheets),
        response_of(found.links, len(now.sheets), names),
        comparison_of(earlier.title, list(_said(now)), list(_said(before))) if earlier and before else None,
        tuple(_question(now, before, ask, audits.get(ask.id, ()), comments[ask.id]) for ask in now.asks),
        tuple(_needs(work, now)),
    )


def _read(work: Work, found: SurveyRound, names: Names) -> _Read:
    sheets = sheets_of_round(work.session, found.id)
    asks = asks_of(version_of(work.session, found.version_id))
    if len(sheets) < SMALL:
        return _Read(sheets, {}, asks, {})
    lines = named_lines(sheets, found.links, names)
    asked = {ask.code: question_read(ask) for ask in asks}
    read = LinesRead(lines, asked)
    told = {code: made for code, each in asked.items() if _is_scale(each) and (made := read.told(each)) is not None}
    return _Read(sheets, lines, asks, told)


def question_read(ask: Ask) -> QuestionRead:
    """A question as reports name it."""
    return QuestionRead(
        ask.code,
        ask.kind,
        ask.words,
        ask.low_words,
        ask.high_words,
        tuple((each.id, each.words) for each in ask.choices),
        tuple((each.value, each.words) for each in ask.choices),
        ask.show_if_code,
        tuple(ask.show_if_values),
    )


def _is_scale(question: QuestionRead) -> bool:
    kinds = (QuestionKind.SCALE, QuestionKind.AGREEMENT, QuestionKind.CHOICE, QuestionKind.CHOICES)
    return question.kind in kinds


def _said(read: _Read | None) -> list[YesSaid]:
    """How many gave each welcome answer, of how many: what is compared with another round."""
    if read is None:
        return []
    return [
        YesSaid((ask.code, yes_words(scale)), ask.words, told, scale.yes)
        for ask in read.asks
        if ask.code in read.told and not ask.show_if_code
        for scale, told in zip(read.told[ask.code].scales, read.told[ask.code].total, strict=True)
        if scale.yes
    ]


def _question(
    now: _Read, before: _Read | None, ask: Ask, audits: Sequence[AuditNamed], comments: Sequence[str]
) -> QuestionResult:
    told = now.told.get(ask.code)
    summary, measure, lines = "", "", list[LineResult]()
    if ask.kind is QuestionKind.NUMBER:
        summary, measure, lines = sum_words(now.sheets, ask), "Sum", _sums(now, ask)
    elif ask.kind is not QuestionKind.TEXT and told is None:
        summary = too_few("people were asked this question, or it is not told how many.")
    elif told is not None:
        summary = mean_words(now.sheets, ask)
        if len(told.scales) == 1 and told.scales[0].yes:
            measure, lines = yes_words(told.scales[0]), _lines(told, before.told.get(ask.code) if before else None)
    table = None if told is None else table_of(question_read(ask), told.total)
    return QuestionResult(ask.code, ask.words, table, summary, tuple(audits), measure, tuple(lines), tuple(comments))


def _lines(now: QuestionTold, before: QuestionTold | None) -> list[LineResult]:
    """What each line said, and what the same agency said in the round before."""
    earlier = before.lines if before is not None and before.scales == now.scales else {}
    return [
        LineResult(
            name,
            told[0].of,
            _yes(told[0], now.scales[0]),
            _yes(earlier[name][0], now.scales[0]) if name in earlier and name.is_one else "",
        )
        for name, told in sorted(now.lines.items(), key=lambda each: each[0])
    ]


def _yes(told: ToldScale, scale: Scale) -> str:
    """38 of 60 (63.3%), most of 20, fewer than 5 of 20, or nothing but together."""
    if not told.is_told:
        return ONLY_TOGETHER
    part = told.first(scale.yes)
    return told.shown_of(part) + ("" if part.number is None else f" ({shown_rate(part.number, told.of)})")


ANSWERED = Scale(("answered", "no answer"), yes=1, blank=1)
"""Whether somebody answered a question that asks for a number: told as every question is."""


def _answered(numbers: Sequence[int], of: int) -> ToldScale:
    return tell_scale([len(numbers), of - len(numbers)], ANSWERED)


def mean_words(sheets: Sequence[RoundSheetRead], ask: Ask) -> str:
    """Of a scale, or of agreement, of those who answered."""
    numbers = _numbers(sheets, ask)
    told = _answered(numbers, len(sheets))
    if ask.kind not in TOPS or len(numbers) < SMALL or not told.is_told:
        return ""
    mean = one_decimal(sum(numbers) / len(numbers))
    return f"Mean {mean} of {TOPS[ask.kind]}, of {told.shown(told.parts[0])} answers"


def sum_words(sheets: Sequence[RoundSheetRead], ask: Ask) -> str:
    numbers = _numbers(sheets, ask)
    told = _answered(numbers, len(sheets))
    if len(numbers) < SMALL or not told.is_told:
        return too_few("people answered this question, or it is not told how many.")
    return f"{sum(numbers):,} in all, from {told.shown(told.parts[0])} answers"


def _sums(read: _Read, ask: Ask) -> list[LineResult]:
    """What each line adds up to, as far as everybody and the lines tell how many answered."""
    numbers = {name: _numbers(sheets, ask) for name, sheets in read.lines.items()}
    counts = {name: [len(numbers[name]), len(sheets) - len(numbers[name])] for name, sheets in read.lines.items()}
    told = tell_table(counts, ANSWERED).rows
    is_told = all(each.is_told for each in told.values()) and not any(is_small(len(each)) for each in numbers.values())
    return [
        LineResult(name, len(read.lines[name]), f"{sum(numbers[name]):,}" if is_told else ONLY_TOGETHER)
        for name in sorted(read.lines)
    ]


def _numbers(sheets: Sequence[RoundSheetRead], ask: Ask) -> list[int]:
    return [each.number for sheet in sheets for each in sheet.to(ask.code)]


def _needs(work: Work, read: _Read) -> list[Need]:
    """Places that were asked for, by course: from number questions about a course, or from those who chose it."""
    demand: dict[str, tuple[int | None, str]] = {}
    for ask in read.asks:
        if ask.kind is QuestionKind.NUMBER and ask.code.startswith(PLACES):
            numbers = _numbers(read.sheets, ask)
            is_told = len(numbers) >= SMALL and _answered(numbers, len(read.sheets)).is_told
            demand[ask.code.removeprefix(PLACES)] = (sum(numbers), "") if is_told else (None, "not told")
        elif ask.kind is QuestionKind.CHOICES and ask.code.startswith(CHOSEN_COURSES) and ask.code in read.told:
            made = read.told[ask.code]
            chosen = {scale.words[0]: told for scale, told in zip(made.scales, made.total, strict=True)}
            demand |= {choice.value: _chosen(chosen[choice.words]) for choice in ask.choices}
    programme = coming_programme(work.session, list(demand), work.now, work.now + YEAR) if demand else []
    needs = [
        Need(each.course, each.code, *demand[each.code.lower()], each.events, each.places, each.taken, each.waiting)
        for each in programme
        if each.code.lower() in demand
    ]
    return sorted(needs, key=lambda each: (-(each.gap or 0), each.course))


def _chosen(told: ToldScale) -> tuple[int | None, str]:
    if not told.is_told:
        return None, "not told"
    part = told.parts[0]
    return part.number, told.shown(part)
