"""What stands beside the change as tables: for page, PDF, workbook and yearly report."""

from collections.abc import Sequence
from dataclasses import dataclass

from surveys.impact.beside.figures import Beside
from surveys.impact.compared.figures import COMPARED_HEAD
from surveys.questions.rules import one_decimal

SHIFT_NOTE = (
    "Of those who answered before, three months on and looking back. Neither change is the truth by itself: the one "
    "from what people said before misses that they measure themselves differently now, the one looking back is "
    "coloured by what they would like to have learned."
)
INTENTION_NOTE = (
    "Of those who said on the day what they meant to do and three months on what they do. Means from 1 to 10."
)
KNOWLEDGE_NOTE = (
    "Of the same people, before and three months on, of half-years that are complete. People who left a "
    "question out count as not right where they are too few to be told by themselves. The interval is that "
    "of two groups of "
    "different people, which is wider: it tells nothing of single ones."
)
SHIFT_HEAD = (
    "Practice", "Matched", "Said before", "Looking back", "3 months", "Change as said", "Change looking back", "Shift",
    "95% interval of the shift", "In words",
)  # fmt: skip
INTENTION_HEAD = ("Practice", "Matched", "Meant on the day", "3 months", "Difference", "95% interval", "In words")
KNOWLEDGE_HEAD = ("Question", "Answers", "Right before", "Right after 3 months", "Difference (95% interval)")
Cells = tuple[str | int, ...]


def shift_rows(beside: Beside) -> list[Cells]:
    """A row for each then-test."""
    return [
        (
            each.words,
            each.said.matched,
            str(one_decimal(each.said.before)),
            str(one_decimal(each.back.before)),
            str(one_decimal(each.said.after)),
            each.said.signed,
            each.back.signed,
            each.shift.signed,
            each.shift.interval,
            each.verdict,
        )
        for each in beside.shifts
    ]


def intention_rows(beside: Beside) -> list[Cells]:
    """A row for each practice of which people said what they meant to do."""
    return [
        (
            each.words,
            each.gap.matched,
            str(one_decimal(each.gap.before)),
            str(one_decimal(each.gap.after)),
            each.gap.signed,
            each.gap.interval,
            each.verdict,
        )
        for each in beside.intentions
    ]


def knowledge_rows(beside: Beside) -> list[Cells]:
    """A row for each question with a right answer."""
    return [(each.title, each.of, *each.shown, each.change) for each in beside.known]


@dataclass(frozen=True)
class TableBeside:
    """A table with its title and a note. `name` is what programs read it by: that stays, whatever the title is."""

    name: str
    title: str
    heads: Sequence[str]
    rows: Sequence[Cells]
    note: str


def tables_beside(beside: Beside) -> list[TableBeside]:
    """Those that have rows: for page, PDF, workbook and yearly report."""
    waited, shift_note = beside.waiting, f"{beside.shift_words} {SHIFT_NOTE}".strip()
    known, meant = knowledge_rows(beside), intention_rows(beside)
    tables = (
        TableBeside(
            "beside_those_who_waited", "Compared with people who waited", COMPARED_HEAD, waited.rows, waited.note
        ),
        TableBeside("what_they_know", "What they know", KNOWLEDGE_HEAD, known, KNOWLEDGE_NOTE),
        TableBeside("what_they_meant_on_the_day", "What they meant on the day", INTENTION_HEAD, meant, INTENTION_NOTE),
        TableBeside("looking_back", "Looking back", SHIFT_HEAD, shift_rows(beside), shift_note),
    )
    return [each for each in tables if each.rows]
