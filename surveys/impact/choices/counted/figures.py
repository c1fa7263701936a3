"""Answers counted for their tables: question by question, of a half-year and its lines of courses, as they are told."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from lms.kit.telling.lines import lines_of
from lms.kit.telling.numbers import SMALL, is_small
from lms.kit.telling.scales import Scale, ToldScale, tell_scale
from lms.kit.telling.together import tell_table
from surveys.impact.content.queries import AnswerRead, QuestionRead, SheetRead
from surveys.impact.distributions.figures import BANDS, SAID
from surveys.impact.distributions.figures import SCALE as BANDS_SCALE
from surveys.impact.units.figures import Units
from surveys.questions.rules import QuestionKind, SurveyKind, scale_of
from surveys.selection.rules import Span

CHOSEN = (QuestionKind.CHOICE, QuestionKind.CHOICES, QuestionKind.AGREEMENT)
Questions = Mapping[tuple[SurveyKind, str], QuestionRead]
Line = tuple[int, ...]
"""Courses that are told together, by their ids."""
Pick = frozenset[str]


class AnswersGiven(Protocol):
    """One person's answers."""

    @property
    def version_id(self) -> int:
        """What they were asked."""

    def to(self, code: str) -> list[AnswerRead]:
        """The answers to one question."""


@dataclass(frozen=True)
class QuestionTold:
    """A question of everybody, and of each line; several scales where several answers can be chosen.

    `is_of_all`: everybody was asked it; otherwise only who gave the answers before it, or was asked a version with it.
    """

    scales: Sequence[Scale]
    total: Sequence[ToldScale]
    lines: Mapping[Any, Sequence[ToldScale]]
    is_of_all: bool = True


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
        scales = [scale for scale, _ in counts_of([], question)]
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
        counted = {line: counts_of(sheets, question) for line, sheets in lines.items() if sheets}
        tables = [
            tell_table({line: each[place][1] for line, each in counted.items()}, scale)
            for place, scale in enumerate(scales)
        ]
        told = {line: [each.rows[line] for each in tables] for line in counted}
        return QuestionTold(scales, [each.total for each in tables], told, is_of_all)

    def _is_told_of_whom(self, everybody: Sequence[AnswersGiven], parent: QuestionRead, question: QuestionRead) -> bool:
        """Whether the question before tells how many were asked this one."""
        [(scale, counts)] = counts_of(everybody, parent)
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
    return QuestionTold(scales, [tell_scale(each, scale) for scale, each in counts_of(sheets, question)], {}, False)


def _of_half(
    by_course: Mapping[int, Sequence[SheetRead]], asked: Mapping[str, QuestionRead], within: Sequence[Line]
) -> LinesRead:
    """One half-year's sheets of a kind, by course; courses with few are one line."""
    others = tuple(course_id for course_id in by_course if not any(course_id in line for line in within))
    known = [kept for line in (*within, others) if (kept := tuple(each for each in line if each in by_course))]
    sizes = {line: [sum(len(by_course[course_id]) for course_id in line)] for line in known}
    made = [tuple(sorted(course_id for line in lines for course_id in line)) for lines in lines_of(sizes)]
    return LinesRead({line: [sheet for course_id in line for sheet in by_course[course_id]] for line in made}, asked)


def counts_of(sheets: Sequence[AnswersGiven], question: QuestionRead) -> list[tuple[Scale, list[int]]]:
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
            for words, band in zip(SAID, BANDS, strict=True)
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
