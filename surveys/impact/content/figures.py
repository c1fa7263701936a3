"""What people answered: change on matched people, managers' views, what helped and hindered, examples and themes."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from lms.kit.figures import shown_rate
from lms.kit.telling.numbers import FEWER, HIDDEN, SMALL
from lms.kit.telling.releases import releases_of_both, told_within
from surveys.impact.queries import QuestionRead, SheetRead, TextRead
from surveys.impact.rules import Matched, MatchedChange, change_of
from surveys.questions.rules import AGREEMENT_WORDS, QuestionKind, SurveyKind

STAGES = (SurveyKind.BASELINE, SurveyKind.ON_THE_DAY, SurveyKind.IMPACT)
CHOSEN = (QuestionKind.CHOICE, QuestionKind.CHOICES, QuestionKind.AGREEMENT)
SCALES = (QuestionKind.SCALE, QuestionKind.OUTCOMES)
SHOWN_EXAMPLES = 6
Questions = Mapping[tuple[SurveyKind, str], QuestionRead]
Group = tuple[object, ...]
Key = tuple[str, int]
"""A practice: the question's code, and the outcome's place for a course's outcomes (0 for all of them together)."""


@dataclass(frozen=True)
class Practice:
    """One practice, what its scale means, and its change."""

    code: str
    words: str
    low_words: str
    high_words: str
    change: MatchedChange


@dataclass(frozen=True)
class Changes:
    """What changed. `matched` people answered at all stages; `unpaired` answered three months on only."""

    practices: tuple[Practice, ...]
    matched: int
    unpaired: int
    has_on_the_day: bool


def groups_of_five(sheets: Iterable[SheetRead]) -> list[SheetRead]:
    """Only the sheets of groups of five or more: what is let out is, so this only makes sure."""
    kept = list(sheets)
    sizes = Counter(each.group for each in kept)
    return [each for each in kept if sizes[each.group] >= SMALL]


def changes_of(sheets: Sequence[SheetRead], questions: Questions, outcomes: Mapping[Key, str]) -> Changes:
    """Change by practice, on people who answered it before, three months on and, where it is asked then, on the day.

    `outcomes` names the outcomes of a course; without it they are one practice, the mean of each person's own. A group
    of people let out together is in a practice only when five or more of it are matched: two reports never differ by
    fewer.
    """
    people: dict[str, dict[SurveyKind, SheetRead]] = defaultdict(dict)
    for sheet in sheets:
        if sheet.kind in STAGES:
            people[sheet.pseudonym][sheet.kind] = sheet
    answered = [stages for stages in people.values() if SurveyKind.IMPACT in stages]
    pairs = [stages for stages in answered if SurveyKind.BASELINE in stages]
    practices = []
    counted: set[int] = set()
    for key, words in _practices(questions, outcomes):
        matched = _matched(pairs, key)
        change = change_of([each for _, each in matched])
        if change is not None:
            question = questions[SurveyKind.IMPACT, key[0]]
            practices.append(Practice(key[0], words, question.low_words, question.high_words, change))
            counted |= {place for place, _ in matched}
    return Changes(
        tuple(practices),
        matched=len(counted),
        unpaired=len(answered) - len(counted),
        has_on_the_day=any(each.change.on_the_day is not None for each in practices),
    )


def _practices(questions: Questions, outcomes: Mapping[Key, str]) -> list[tuple[Key, str]]:
    """The scales asked before and three months on, in the order of the survey; outcomes one by one where named."""
    made: list[tuple[Key, str]] = []
    for (kind, code), question in questions.items():
        if kind is not SurveyKind.IMPACT or question.kind not in SCALES or (SurveyKind.BASELINE, code) not in questions:
            continue
        if question.kind is QuestionKind.OUTCOMES and outcomes:
            made += [(key, words) for key, words in outcomes.items() if key[0] == code]
        else:
            is_all = question.kind is QuestionKind.OUTCOMES
            made.append(((code, 0), "What the course set out to teach" if is_all else question.words))
    return made


def _matched(pairs: Sequence[Mapping[SurveyKind, SheetRead]], key: Key) -> list[tuple[int, Matched]]:
    """The people, by their place, who answered a practice at each stage; only groups with five of them."""
    values = [{kind: _value(sheet, key) for kind, sheet in stages.items()} for stages in pairs]
    is_asked_then = any(each.get(SurveyKind.ON_THE_DAY) is not None for each in values)
    found: dict[tuple[object, ...], list[tuple[int, Matched]]] = defaultdict(list)
    for place, (stages, each) in enumerate(zip(pairs, values, strict=True)):
        before, then, after = (each.get(kind) for kind in STAGES)
        if before is None or after is None or (is_asked_then and then is None):
            continue
        found[stages[SurveyKind.IMPACT].group].append((place, Matched(before, after, then)))
    return [one for group in found.values() if len(group) >= SMALL for one in group]


def _value(sheet: SheetRead, key: Key) -> float | None:
    """Somebody's answer to a practice; the mean of all outcomes for item 0."""
    code, item = key
    numbers = [each.number for each in sheet.to(code) if item in (0, each.item)]
    return sum(numbers) / len(numbers) if numbers else None


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
