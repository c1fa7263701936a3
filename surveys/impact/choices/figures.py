"""What people chose, question by question: whole, by half-years and courses, with one number of answers each.

Page, PDF, workbook, yearly report and the thread of a learning point show these tables; nothing else decides.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Protocol

from lms.kit.figures import shown_rate
from lms.kit.telling.lines import lines_of
from lms.kit.telling.numbers import HIDDEN, SMALL, is_small
from lms.kit.telling.scales import SPLIT_FROM, Scale, ScalePart, ToldScale, added, tell_scale
from lms.kit.telling.together import tell_table
from surveys.impact.content.queries import AnswerRead, QuestionRead, SheetRead
from surveys.impact.distributions.figures import BANDS, SCALE
from surveys.impact.units.figures import CourseHalf, Units
from surveys.questions.rules import NO_ANSWER, QuestionKind, SurveyKind, scale_of
from surveys.selection.rules import Span

CHOSEN = (QuestionKind.CHOICE, QuestionKind.CHOICES, QuestionKind.AGREEMENT)
Questions = Mapping[tuple[SurveyKind, str], QuestionRead]
Line = tuple[int, ...]
"""Courses that are told together, by their ids."""
Pick = frozenset[str]
ONLY_TOGETHER = "only together"
"""What stands where something is told for all courses or agencies together, and not for this one."""
ASKED_OF = " of those who were asked it"
BANDS_SCALE = Scale((*SCALE.words, NO_ANSWER), yes=SCALE.yes, blank=1)


class AnswersGiven(Protocol):
    """One person's answers."""

    @property
    def version_id(self) -> int:
        """What they were asked."""

    def to(self, code: str) -> list[AnswerRead]:
        """The answers to one question."""


@dataclass(frozen=True)
class OptionRow:
    """How many chose an answer, or one of several that are told together, of those who were asked."""

    words: str
    people: int | None
    shown: str
    share: str
    per_cent: float | None


@dataclass(frozen=True)
class ChoiceTable:
    """What people chose, of `of` answers. `is_several`: one person may have chosen several. `asked_of`: of whom."""

    code: str
    words: str
    of: int
    rows: tuple[OptionRow, ...]
    is_several: bool
    asked_of: str = ""
    level: int | None = None
    yes: str = ""
    """How many of how many said yes: "217 of 293 (74.1%)", where the question has a yes."""

    @property
    def result(self) -> str:
        """In one line: how many said yes, or what was chosen most."""
        if self.yes or not self.rows:
            return self.yes
        most = max(self.rows, key=lambda row: row.people or 0)
        return f"Most often: {most.words}, {most.shown} of {self.of:,} ({most.share})" if most.people else ""

    @property
    def counted(self) -> str:
        """One choice, of 293 answers"""
        return f"{'several choices' if self.is_several else 'one choice'}, of {self.of:,} answers{self.asked_of}"


@dataclass(frozen=True)
class QuestionTold:
    """A question of everybody, and of each line; several scales where several answers can be chosen.

    `is_of_all`: everybody was asked it; otherwise only who gave the answers before it, or was asked a version with it.
    """

    scales: Sequence[Scale]
    total: Sequence[ToldScale]
    lines: Mapping[Any, Sequence[ToldScale]]
    is_of_all: bool = True


def choice_tables(
    sheets: Iterable[SheetRead],
    units: Units,
    questions: Questions,
    kind: SurveyKind,
    within: Mapping[Span, Sequence[Line]],
    halves: Sequence[Span],
    selected: Collection[CourseHalf] | None,
) -> list[ChoiceTable]:
    """What was chosen in each question with options or agreement, of one kind of survey, over whole half-years.

    Takes every sheet of the kind. `selected` None is all courses together; otherwise those of these units that have a
    line of their own. Everything is a sum of what each half-year tells, so that no two reports tell more than one.
    """
    told_of = halves_read(sheets, units, questions, kind, within, halves)
    tables = [
        _table(question, [(half, told) for half, each in told_of.items() if (told := each.told(question))], selected)
        for (asked, _), question in questions.items()
        if asked is kind and question.kind in CHOSEN
    ]
    return [table for table in tables if table is not None]


def halves_read(
    sheets: Iterable[SheetRead],
    units: Units,
    questions: Questions,
    kind: SurveyKind,
    within: Mapping[Span, Sequence[Line]],
    halves: Sequence[Span],
) -> "dict[Span, LinesRead]":
    """Half-year by half-year the answers of five people and more, by lines of courses.

    `within`: the lines in which it is told who answered. What they said is told in the same lines, or in several of
    them together, so that no line of the one less a line of the other is a small number.
    """
    by_half: dict[Span, dict[int, list[SheetRead]]] = defaultdict(lambda: defaultdict(list))
    for sheet in sheets:
        unit = units.of(sheet) if sheet.kind is kind else None
        if unit is not None:
            by_half[unit.half][unit.course_id].append(sheet)
    asked = {code: question for (of, code), question in questions.items() if of is kind}
    return {
        half: _of_half(by_half[half], asked, within.get(half, ())) for half in halves if _people(by_half[half]) >= SMALL
    }


class LinesRead:
    """Answer sheets in lines that add up to all of them, ten people and more each: courses, agencies."""

    def __init__(self, lines: Mapping[Any, Sequence[AnswersGiven]], asked: Mapping[str, QuestionRead]) -> None:
        self.lines, self.asked = lines, asked

    def told(self, question: QuestionRead) -> QuestionTold | None:
        """One question; None where it cannot be told of whom it was asked."""
        scales = [scale for scale, _ in _counted([], question)]
        parent = self.asked.get(question.show_if_code)
        everybody = [sheet for sheets in self.lines.values() for sheet in sheets]
        if parent is not None and parent.kind in (QuestionKind.CHOICE, QuestionKind.AGREEMENT):
            if not self._is_told_of_whom(_by_version(everybody, parent), parent, question):
                return None
            led = [sheet for sheet in everybody if _is_asked(sheet, parent, question)]
            return _in_all(_by_version(led, question), question, scales)
        asked = _by_version(everybody, question)
        is_of_all = len(asked) == len(everybody)
        lines = self.lines if is_of_all else {line: _of_version(those, question) for line, those in self.lines.items()}
        if any(0 < len(those) < len(self.lines[line]) for line, those in lines.items()):
            return _in_all(asked, question, scales)
        counted = {line: _counted(sheets, question) for line, sheets in lines.items() if sheets}
        tables = [
            tell_table({line: each[place][1] for line, each in counted.items()}, scale)
            for place, scale in enumerate(scales)
        ]
        told = {line: [each.rows[line] for each in tables] for line in counted}
        return QuestionTold(scales, [each.total for each in tables], told, is_of_all)

    def _is_told_of_whom(self, everybody: Sequence[AnswersGiven], parent: QuestionRead, question: QuestionRead) -> bool:
        """Whether the question before tells how many were asked this one."""
        [(scale, counts)] = _counted(everybody, parent)
        told, values = tell_scale(counts, scale), parent.words_of(question.show_if_values)
        places = {place for place, words in enumerate(scale.words) if words in values}
        parts = [part for part in told.parts if places & set(part.places)]
        return all(part.number is not None and set(part.places) <= places for part in parts)


def _of_version(sheets: Sequence[AnswersGiven], question: QuestionRead) -> list[AnswersGiven]:
    """Those whose version asks a question."""
    return [sheet for sheet in sheets if not question.versions or sheet.version_id in question.versions]


def _by_version(sheets: Sequence[AnswersGiven], question: QuestionRead) -> list[AnswersGiven]:
    """Those who were asked a question. Where 1 to 4 were asked another version, they count as having given no answer:
    how many they are would follow from how many answered in all."""
    asked = _of_version(sheets, question)
    return list(sheets) if asked and is_small(len(sheets) - len(asked)) else asked


def _in_all(sheets: Sequence[AnswersGiven], question: QuestionRead, scales: Sequence[Scale]) -> QuestionTold | None:
    """A question of those who were asked it, not by lines."""
    if len(sheets) < SMALL:
        return None
    return QuestionTold(scales, [tell_scale(each, scale) for scale, each in _counted(sheets, question)], {}, False)


def _of_half(
    by_course: Mapping[int, Sequence[SheetRead]], asked: Mapping[str, QuestionRead], within: Sequence[Line]
) -> LinesRead:
    """One half-year's sheets of a kind, by course; courses with few are one line."""
    others = tuple(course_id for course_id in by_course if not any(course_id in line for line in within))
    known = [kept for line in (*within, others) if (kept := tuple(each for each in line if each in by_course))]
    sizes = {line: [sum(len(by_course[course_id]) for course_id in line)] for line in known}
    made = [tuple(sorted(course_id for line in lines for course_id in line)) for lines in lines_of(sizes)]
    return LinesRead({line: [sheet for course_id in line for sheet in by_course[course_id]] for line in made}, asked)


def _counted(sheets: Sequence[AnswersGiven], question: QuestionRead) -> list[tuple[Scale, list[int]]]:
    """The question as scales with their counts: one, or for several choices one for each of them, yes and no."""
    picks = [_picked(sheet, question) for sheet in sheets]
    if question.kind is QuestionKind.CHOICES:
        chosen = {words: sum(words in each for each in picks) for words in question.answers}
        return [(Scale((words, ""), yes=1), [number, len(picks) - number]) for words, number in chosen.items()]
    scale = BANDS_SCALE if question.kind is QuestionKind.SCALE else scale_of(question.kind, question.answers)
    told = [sum(words in each for each in picks) for words in scale.words[: -scale.blank]]
    return [(scale, [*told, len(picks) - sum(told)])]


def _picked(sheet: AnswersGiven, question: QuestionRead) -> Pick:
    """What somebody chose, in words."""
    if question.kind is QuestionKind.SCALE:
        return frozenset(
            words
            for words, band in zip(SCALE.words, BANDS, strict=True)
            if any(each.number in band for each in sheet.to(question.code))
        )
    if question.kind is QuestionKind.AGREEMENT:
        return frozenset(question.answers[each.number - 1] for each in sheet.to(question.code))
    options = dict(question.options)
    return frozenset(options[each.item] for each in sheet.to(question.code) if each.item in options)


def _is_asked(sheet: AnswersGiven, parent: QuestionRead, question: QuestionRead) -> bool:
    return bool(_picked(sheet, parent) & parent.words_of(question.show_if_values))


def _people(by_course: Mapping[int, Sequence[SheetRead]]) -> int:
    return sum(len(sheets) for sheets in by_course.values())


# As it is shown


def _table(
    question: QuestionRead, halves: Sequence[tuple[Span, QuestionTold]], selected: Collection[CourseHalf] | None
) -> ChoiceTable | None:
    made = table_of(question, sums_of(halves, selected))
    if made is None or all(told.is_of_all for _, told in halves):
        return made
    return replace(made, asked_of=ASKED_OF)


def sums_of(halves: Sequence[tuple[Span, QuestionTold]], selected: Collection[CourseHalf] | None) -> list[ToldScale]:
    """One question over half-years, of all courses or of those selected that are told by themselves."""
    if selected is None:
        found = [told.total for _, told in halves]
    else:
        found = [
            told.lines[(unit.course_id,)]
            for half, told in halves
            for unit in sorted(selected, key=lambda unit: unit.course_id)
            if unit.half == half and (unit.course_id,) in told.lines
        ]
    found = [each for each in found if any(told.is_told for told in each)]
    return [added(column) for column in zip(*found, strict=True)]


def table_of(question: QuestionRead, sums: Sequence[ToldScale]) -> ChoiceTable | None:
    """A question as a table, of what is told of each of its scales; None where nobody gave any answer."""
    if not any(part.high for told in sums for part in told.parts[:-1]):
        return None
    is_several = question.kind is QuestionKind.CHOICES
    scales = [scale for scale, _ in _counted([], question)]
    rows = [row for told, scale in zip(sums, scales, strict=True) for row in _rows(told, scale, is_several=is_several)]
    if is_several:
        rows.sort(key=lambda row: -(row.per_cent or 0))
    asked_of = ASKED_OF if question.show_if_code else ""
    yes = "" if is_several else _yes(sums[0], scales[0], "agree" if question.kind is QuestionKind.AGREEMENT else "yes")
    return ChoiceTable(
        question.code, question.words, sums[0].of, tuple(rows), is_several, asked_of, question.level, yes
    )


def _yes(told: ToldScale, scale: Scale, word: str) -> str:
    """217 of 293 said yes (74.1%); most of 20 said yes."""
    if not scale.yes or not told.is_told:
        return ""
    said = f"said {word}" if word == "yes" else word
    part = told.first(scale.yes)
    return f"{told.shown_of(part)} {said}" + ("" if part.number is None else f" ({shown_rate(part.number, told.of)})")


def _rows(told: ToldScale, scale: Scale, *, is_several: bool) -> list[OptionRow]:
    """The rows of a scale; of a choice among several only its yes. Who skipped stands there where somebody did."""
    if is_several and not told.is_told:
        return [OptionRow(scale.words[0], None, HIDDEN if told.of < SPLIT_FROM else ONLY_TOGETHER, "", None)]
    parts = [part for part in told.parts if not is_several or part.places[0] == 0]
    named = [(part, _named(part, scale)) for part in parts]
    return [_row(told, part, words) for part, words in named if part.high or words != scale.words[-1]]


def _named(part: ScalePart, scale: Scale) -> str:
    return joined_words([scale.words[place] for place in part.places if scale.words[place]])


def _row(told: ToldScale, part: ScalePart, words: str) -> OptionRow:
    number = part.number
    if number is None:
        return OptionRow(words, None, told.shown(part), "", 100 * (part.low + part.high) / 2 / told.of)
    return OptionRow(words, number, told.shown(part), shown_rate(number, told.of), 100 * number / told.of)


def yes_words(scale: Scale) -> str:
    """What counts as a yes: Strongly agree or agree; 7 or more."""
    words = scale.words[: scale.yes]
    return "7 or more" if words == SCALE.words[: SCALE.yes] else joined_words(words)


def joined_words(words: Sequence[str]) -> str:
    """Not yet, but I will, or no; Disagree or strongly disagree"""
    first, *others = words
    comma = "," if any("," in each for each in words) else ""
    return first + "".join(f"{comma} or {_within(each)}" for each in others)


def _within(words: str) -> str:
    """As it reads in the middle of a sentence: only the first word of a sentence has a large letter for it."""
    return words if words[:2] in ("I ", "I’") or words[1:2].isupper() else words[:1].lower() + words[1:]
