"""What people chose, question by question: whole, by half-years and courses, with one number of answers each.

Page, PDF, workbook, yearly report and the thread of a learning point show these tables; nothing else decides.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from lms.kit.figures import shown_rate
from lms.kit.telling.numbers import HIDDEN
from lms.kit.telling.scales import SPLIT_FROM, Scale, ScalePart, ToldScale, added
from surveys.impact.choices.counted.figures import CHOSEN, Line, Questions, QuestionTold, counts_of, halves_read
from surveys.impact.content.queries import QuestionRead, SheetRead
from surveys.impact.distributions.figures import SCALE as BANDS_SCALE
from surveys.impact.units.figures import CourseHalf, Units
from surveys.questions.rules import QuestionKind, SurveyKind
from surveys.selection.rules import Span

ONLY_TOGETHER = "only together"
"""What stands where something is told for all courses or agencies together, and not for this one."""
ASKED_OF = " of those who were asked it"


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
    scales = [scale for scale, _ in counts_of([], question)]
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
    return "7 or more" if words == BANDS_SCALE.words[: BANDS_SCALE.yes] else joined_words(words)


def joined_words(words: Sequence[str]) -> str:
    """Not yet, but I will, or no; Disagree or strongly disagree"""
    first, *others = words
    comma = "," if any("," in each for each in words) else ""
    return first + "".join(f"{comma} or {_within(each)}" for each in others)


def _within(words: str) -> str:
    """As it reads in the middle of a sentence: only the first word of a sentence has a large letter for it."""
    return words if words[:2] in ("I ", "I’") or words[1:2].isupper() else words[:1].lower() + words[1:]
