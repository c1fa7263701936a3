"""What people answered: managers' views, what helped and hindered, examples and themes."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from lms.kit.figures import shown_rate
from lms.kit.telling.numbers import FEWER, HIDDEN, SMALL
from lms.kit.telling.releases import releases_of_both, told_within
from surveys.impact.content.queries import QuestionRead, SheetRead, TextRead
from surveys.questions.rules import AGREEMENT_WORDS, QuestionKind, SurveyKind

CHOSEN = (QuestionKind.CHOICE, QuestionKind.CHOICES, QuestionKind.AGREEMENT)
SHOWN_EXAMPLES = 6
Questions = Mapping[tuple[SurveyKind, str], QuestionRead]
Group = tuple[object, ...]


def groups_of_five(sheets: Iterable[SheetRead]) -> list[SheetRead]:
    """Only the sheets of groups of five or more: what is let out is, so this only makes sure."""
    kept = list(sheets)
    sizes = Counter(each.group for each in kept)
    return [each for each in kept if sizes[each.group] >= SMALL]


# Choices


@dataclass(frozen=True)
class OptionRow:
    """How many chose an option, of those whose answers are told. None: nobody, or too few in each course."""

    words: str
    people: int | None
    of: int

    @property
    def shown(self) -> str:
        return HIDDEN if self.people is None else f"{self.people:,}"

    @property
    def share(self) -> str:
        return HIDDEN if self.people is None else shown_rate(self.people, self.of)

    @property
    def per_cent(self) -> float:
        return 100 * (self.people or 0) / self.of if self.of else 0


@dataclass(frozen=True)
class ChoiceTable:
    """What people chose, of `of` who answered the question. `is_several`: one person may have chosen several."""

    code: str
    words: str
    of: int
    rows: tuple[OptionRow, ...]
    is_several: bool


def choice_tables(
    sheets: Sequence[SheetRead], questions: Questions, kind: SurveyKind, selected: Collection[Group]
) -> list[ChoiceTable]:
    """What was chosen in each question with options or agreement, of one kind of survey.

    Takes every sheet of the kind, in groups in the order in which they came out, and the groups of a selection. An
    option is told of a group when nobody or five and more chose it (and, where only one can be chosen, nobody or five
    and more did not); otherwise with the next groups of the course. So the difference of two reports is never smaller.
    """
    groups = _by_group(sheet for sheet in groups_of_five(sheets) if sheet.kind is kind)
    wanted = [each for (asked, _), each in questions.items() if asked is kind and each.kind in CHOSEN]
    tables = [_choice_table(groups, question, selected) for question in wanted]
    return [each for each in tables if each is not None]


def _choice_table(
    groups: Mapping[Group, Sequence[SheetRead]], question: QuestionRead, selected: Collection[Group]
) -> ChoiceTable | None:
    is_several = question.kind is QuestionKind.CHOICES
    picked = {group: picks for group, sheets in groups.items() if len(picks := _picks(sheets, question)) >= SMALL}
    of = sum(len(picked[group]) for group in selected if group in picked)
    if not of:
        return None
    names = AGREEMENT_WORDS if question.kind is QuestionKind.AGREEMENT else [words for _, words in question.options]
    rows = []
    for words in dict.fromkeys(names):
        counts = {group: sum(words in each for each in picks) for group, picks in picked.items()}
        told = told_within(selected, _told(groups, picked, counts, is_several=is_several))
        people, answered = sum(counts[group] for group in told), sum(len(picked[group]) for group in told)
        rows.append(OptionRow(words, people if people >= SMALL else None, answered))
    if is_several:
        rows.sort(key=lambda row: -(row.people or 0))
    return ChoiceTable(
        question.code, question.words, of, tuple(rows if is_several else _hide_one_more(rows)), is_several
    )


def _told(
    groups: Mapping[Group, Sequence[SheetRead]],
    picked: Mapping[Group, Sequence[object]],
    counts: Mapping[Group, int],
    *,
    is_several: bool,
) -> list[frozenset[Group]]:
    """Which groups are told together for one option."""
    others = {group: 0 if is_several else len(picked[group]) - counts[group] for group in picked}
    return releases_of_both((group, groups[group][0].course_id, counts[group], others[group]) for group in picked)


def _picks(sheets: Iterable[SheetRead], question: QuestionRead) -> list[set[str]]:
    """What each of those who answered chose, in words."""
    options = dict(question.options)
    if question.kind is QuestionKind.AGREEMENT:
        picks = [{AGREEMENT_WORDS[each.number - 1] for each in sheet.to(question.code)} for sheet in sheets]
    else:
        picks = [{options[each.item] for each in sheet.to(question.code) if each.item in options} for sheet in sheets]
    return [each for each in picks if each]


def _hide_one_more(rows: list[OptionRow]) -> list[OptionRow]:
    """Where each person chose one, a single hidden option would follow from the others: the least goes with it."""
    told = [row for row in rows if row.people is not None]
    if len(rows) - len(told) != 1 or not told:
        return rows
    least = min(told, key=lambda row: row.people or 0)
    return [OptionRow(row.words, None, row.of) if row is least else row for row in rows]


def _by_group(sheets: Iterable[SheetRead]) -> dict[Group, list[SheetRead]]:
    groups: dict[Group, list[SheetRead]] = defaultdict(list)
    for sheet in sheets:
        groups[sheet.group].append(sheet)
    return groups


# Words


@dataclass(frozen=True)
class Example:
    """What somebody does differently, in their own words."""

    words: str
    sector: str
    course: str

    @property
    def source(self) -> str:
        """Health. Safer babies"""
        return ". ".join(part for part in (self.sector, self.course.partition(":")[0]) if part)


@dataclass(frozen=True)
class ThemeRow:
    """How many answers a person gave this theme."""

    name: str
    shown: str


def examples_of(texts: Sequence[TextRead]) -> list[Example]:
    """Those that somebody chose to be shown, at most six."""
    return [Example(each.words, each.sector, each.course) for each in texts if each.is_example][:SHOWN_EXAMPLES]


def themes_of(texts: Sequence[TextRead]) -> list[ThemeRow]:
    """What coded answers are about, the most frequent first. One text can have several themes."""
    counted = Counter(name for each in texts if each.is_coded for name in each.themes)
    return [
        ThemeRow(name, f"{number:,}" if number >= SMALL else FEWER)
        for name, number in sorted(counted.items(), key=lambda each: (-each[1], each[0]))
    ]
