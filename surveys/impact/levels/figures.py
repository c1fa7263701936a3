"""Results by Kirkpatrick level, of what the report tells anyway: nothing is counted here."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from lms.kit.words import count, long_date
from reviews.evidence.queries import SharedEvidence
from reviews.learning.rules import EvidenceKind
from surveys.impact.beside.figures import Known
from surveys.impact.change.figures import Changes
from surveys.impact.change.rules import Group
from surveys.impact.choices.figures import ChoiceTable
from surveys.questions.rules import KIRKPATRICK_WORDS

DELEGATES_MATCHED = "Delegates, before and three months on"
LEVEL_OF_EVIDENCE = {EvidenceKind.OBSERVATION: 3, EvidenceKind.AUDIT: 4, EvidenceKind.DATA: 4}
"""Watching practice shows behaviour; files and figures show what came of it. Other evidence says what people say."""
LEVELS_NOTE = "Everything but audits, data and observation is what people say of themselves or of each other."


@dataclass(frozen=True)
class LevelRow:
    """One result: the question, who says so, and what they say."""

    question: str
    who: str
    result: str


@dataclass(frozen=True)
class LevelResults:
    """A level with its results."""

    number: int
    rows: tuple[LevelRow, ...]

    @property
    def words(self) -> str:
        """3 Behaviour"""
        return f"{self.number} {KIRKPATRICK_WORDS[self.number].capitalize()}"


def levels_of(
    changes: Changes,
    tables: Mapping[str, Sequence[ChoiceTable]],
    evidence: Iterable[SharedEvidence],
    known: Iterable[Known] = (),
) -> tuple[LevelResults, ...]:
    """The levels of which anything is told. `tables` by who answered: "Line managers"."""
    rows: list[tuple[int, LevelRow]] = list(_of_practices(changes))
    rows += [(each.level, LevelRow(each.words, DELEGATES_MATCHED, _known(each))) for each in known if each.level]
    rows += [
        (table.level, LevelRow(table.words, who, result))
        for who, those in tables.items()
        for table in those
        if table.level and (result := table.result)
    ]
    rows += [
        (level, LevelRow(each.about, f"{each.title}, {long_date(each.dated_on)}", each.result))
        for each in evidence
        if (level := LEVEL_OF_EVIDENCE.get(each.kind))
    ]
    found = [LevelResults(level, tuple(row for at, row in rows if at == level)) for level in KIRKPATRICK_WORDS]
    return tuple(each for each in found if each.rows)


LEVEL_HEAD = ("Level", "Question", "Who says so", "Result")


def level_rows(levels: Iterable[LevelResults]) -> list[tuple[str, ...]]:
    """A row for each result."""
    return [(level.words, row.question, row.who, row.result) for level in levels for row in level.rows]


def _of_practices(changes: Changes) -> Iterable[tuple[int, LevelRow]]:
    """The practices of a level in a line: how many are stronger, show no clear change, are weaker."""
    for level in KIRKPATRICK_WORDS:
        those = [each for each in changes.practices if each.level == level]
        if len(those) == 1:
            [one] = those
            result = f"{one.group.value.capitalize()} ({one.change.signed}, {one.change.interval})"
            yield level, LevelRow(one.words, DELEGATES_MATCHED, result)
        elif those:
            numbers = {group: sum(each.group is group for each in those) for group in Group}
            result = ", ".join(f"{number} {group.value}" for group, number in numbers.items() if number)
            yield level, LevelRow(count(len(those), "practice"), DELEGATES_MATCHED, result)


def _known(each: Known) -> str:
    """Right before 14 (35.0%), three months on 31 (77.5%), of 40"""
    before, after = each.shown
    return f"Right before {before}, three months on {after}, of {each.of:,}"
