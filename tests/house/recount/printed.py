"""What a printed cell may say of a number, and of whom a line speaks."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

from tests.house.recount.numbers import share
from tests.house.recount.tables import FEW, Row

HALF_STEP = 0.0005
STEPS = ("Attended", "Invited", "Delivered", "Answered")


def is_as_counted(shown: str, number: int, of: int) -> bool:
    """Whether a cell says of so many what it may: the number, that it is small, or that it is most of all."""
    if shown == f"fewer than {FEW}":
        return 0 < number < FEW
    if shown.startswith("most of "):
        return shown == f"most of {of:,}" and 0 < of - number < FEW
    if " to " in shown:  # what follows from the rest of the page; or the sum of half-years, one of which is not exact
        low, high = (int(each.replace(",", "")) for each in shown.split(" to "))
        return low <= number <= high < low + FEW * FEW
    return shown == f"{number:,}"


def is_share_as_counted(shown: str, number: int, of: int) -> bool:
    """The same of a share: exact, at least, under, or between two."""
    exact = number / of if of else 0.0
    ends = [float(each) / 100 for each in re.findall(r"([\d.]+)%", shown)]
    if shown.startswith("at least "):
        return ends[0] - HALF_STEP <= exact
    if shown.startswith("under "):
        return exact < ends[0] + HALF_STEP
    if " to " in shown:
        return ends[0] - HALF_STEP <= exact <= ends[1] + HALF_STEP
    return shown == share(number, of)


def said(cell: object) -> str:
    """As people read it."""
    return f"{cell:,}" if isinstance(cell, int) else "" if cell is None else str(cell)


def joined(words: Sequence[str]) -> str:
    """Not yet, but I will, or no"""
    comma = "," if any("," in each for each in words) else ""
    first, *others = words
    small = [each if each[:2] in ("I ", "I’") or each[1:2].isupper() else each[0].lower() + each[1:] for each in others]
    return first + "".join(f"{comma} or {each}" for each in small)


def yes_first(question: Row) -> list[str]:
    """The answers from yes to no, as tables have them: agreement, and what begins with "Yes"."""
    yes = yes_of(question)
    return [*yes, *(each for each in question["options"] if each not in yes)]


def yes_of(question: Row) -> list[str]:
    """The welcome answers; none where no answer is more welcome than another."""
    if question["kind"] == "agreement":
        return list(question["options"][:2])
    return [each for each in question["options"] if each.casefold().startswith("yes")]


def options_of(label: str, options: Sequence[str]) -> list[str]:
    """The answers that a line tells: one, or several that stand beside each other on the scale."""
    runs = [options[first:end] for first in range(len(options)) for end in range(first + 1, len(options) + 1)]
    return list(next(run for run in runs if joined(run) == label))


def lines_apart(
    lines: Iterable[str], groups: Mapping[str, list[Row]], together: Callable[[str], bool]
) -> Iterator[tuple[str, list[Row]]]:
    """The lines of a table with their people: those named, and the others in the one line that tells them together."""
    lines = list(lines)
    named = [line for line in lines if line in groups]
    others = [row for name, rows in groups.items() if name not in named for row in rows]
    for line in lines:
        if line in named:
            yield line, groups[line]
        elif together(line):
            yield line, others


def is_together(line: str) -> bool:
    return "together" in line or " other " in line


def funnel(rows: Sequence[Row]) -> tuple[int, int, int, int]:
    """Attended, invited, delivered, answered."""
    sent = [row for row in rows if row["sent_at"] is not None]
    arrived = [row for row in sent if row["bounced_at"] is None or row["answered"] is not None]
    return len(rows), len(sent), len(arrived), sum(row["answered"] is not None for row in rows)


def steps_as_counted(heads: Sequence[object], cells: Sequence[object], rows: Sequence[Row]) -> bool:
    """Whether a line of steps says of its people what it may, whichever of the steps its table has."""
    numbers = dict(zip(STEPS, funnel(rows), strict=True))
    before = dict(zip(STEPS, (len(rows), *funnel(rows)), strict=False))
    return all(
        is_share_as_counted(said(cell), numbers["Answered"], numbers["Delivered"])
        if head == "Response rate"
        else is_as_counted(said(cell), numbers[str(head)], before[str(head)])
        for head, cell in zip(heads, cells, strict=True)
    )
