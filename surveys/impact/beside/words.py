"""What stands beside the change as tables: for page, PDF, workbook and yearly report."""

from collections.abc import Sequence

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


def tables_beside(beside: Beside) -> list[tuple[str, Sequence[str], list[Cells], str]]:
    """Title, heads, rows and note of each table that has rows: for page, PDF, workbook and yearly report."""
    tables: list[tuple[str, Sequence[str], list[Cells], str]] = [
        ("Compared with people who waited", COMPARED_HEAD, beside.waiting.rows, beside.waiting.note),
        ("What they know", KNOWLEDGE_HEAD, knowledge_rows(beside), KNOWLEDGE_NOTE),
        ("What they meant on the day", INTENTION_HEAD, intention_rows(beside), INTENTION_NOTE),
        ("Looking back", SHIFT_HEAD, shift_rows(beside), f"{beside.shift_words} {SHIFT_NOTE}".strip()),
    ]
    return [each for each in tables if each[2]]
