"""What people said on the day: who answered, each question, courses and half-years, and how shares moved."""

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date
from itertools import pairwise

from tests.house.recount import impact
from tests.house.recount.numbers import OfShares, Part, groups, halves_named, rounded, share
from tests.house.recount.printed import (
    funnel,
    is_as_counted,
    is_share_as_counted,
    is_together,
    lines_apart,
    said,
    steps_as_counted,
    yes_of,
)
from tests.house.recount.readings import Cells, Workbook, Wrong
from tests.house.recount.tables import Db, Row, Sheet, StageCount

MOVED = {"stronger": "higher", "no clear change": "no clear change", "weaker": "lower"}


def wrong_cells(db: Db, book: Workbook) -> list[tuple[object, ...]]:
    """Of all courses together."""
    day = db.stage("on_the_day", book.halves("Who answered", "evaluation on the day of events in"))
    return [
        *_who_answered(book, day),
        *impact.choices(book["What they said"], "What they said", day),
        *impact.negatives(book["What they said"], day),
        *_by_course(book, day),
        *_response(book, day),
        *_half_years(book, db),
        *impact.themes(book, [day]),
    ]


def _who_answered(book: Workbook, day: StageCount) -> Wrong:
    attended, invited, delivered, answered = funnel(day.told)
    numbers = {
        "Attended or part attended": (attended, attended),
        "Invited": (invited, attended),
        "Delivered": (delivered, invited),
        "Answered": (answered, delivered),
    }
    for name, shown, *_ in book["Who answered"]:
        fits = (
            is_as_counted(said(shown), *numbers[name])
            if name in numbers
            else is_share_as_counted(said(shown), answered, delivered)
        )
        if not fits:
            yield "On the day", name, shown, "counted", numbers.get(name, (answered, delivered))


def _by_course(book: Workbook, day: StageCount) -> Wrong:
    """Of each half-year: the courses that stand alone, and the others together."""
    titles = {row["course_id"]: row["title"] for row in day.events.values()}
    statements = book.heads["By course"][3:]
    for half in sorted(day.halves):
        people: dict[str, list[Row]] = defaultdict(list)
        for sheet_id, (of, course_id, version_id) in day.sheets.items():
            if of == half:
                people[titles[course_id]].append({"said": day.chosen[sheet_id], "version": version_id})
        rows = [row for row in book["By course"] if halves_named(row[0]) == [half]]
        lines = dict(lines_apart([row[1] for row in rows], people, is_together))
        if sum(map(len, lines.values())) != sum(map(len, people.values())):
            yield "By course", half, "lines do not add up"
        for _, course, answers, *cells in rows:
            if answers != len(lines[course]):
                yield "By course", half, course, answers, "counted", len(lines[course])
            for words, cell in zip(statements, cells, strict=True):
                yield from _share_of_course(day, str(words), cell, [each["said"] for each in lines[course]])


def _share_of_course(day: StageCount, words: str, cell: str, sheets: Sequence[Sheet]) -> Wrong:
    question = _question(day, words)
    if not cell or "told with others" in cell:
        return
    part = _part(question, sheets)
    if not _is_share(cell, part):
        yield "By course", words, cell, "counted", part


def _is_share(cell: str, part: Part) -> bool:
    """93.1% of 640; most of 20; fewer than 5 of 20."""
    if exact := re.fullmatch(r"([\d.]+%) of ([\d,]+)", cell):
        return (exact[1], exact[2]) == (share(part.number, part.of), said(part.of))
    return is_as_counted(
        cell if cell.startswith("most") else cell.removesuffix(f" of {part.of:,}"), part.number, part.of
    )


def _question(day: StageCount, words: str) -> Row:
    return next(each for each in day.questions.values() if each["words"] == words)


def _part(question: Row, sheets: Sequence[Sheet]) -> Part:
    yes = set(yes_of(question))
    return Part(sum(bool(each[question["code"]] & yes) for each in sheets), len(sheets))


def _response(book: Workbook, day: StageCount) -> Wrong:
    people: dict[str, list[Row]] = defaultdict(list)
    for row in day.told:
        people[row["course"]].append(row)
    heads = book.heads["Response by course"][1:]
    lines = dict(lines_apart([row[0] for row in book["Response by course"]], people, is_together))
    for name, *cells in book["Response by course"]:
        if not steps_as_counted(heads, cells, lines.get(name, [])):
            yield "Response by course", name, cells, "counted", funnel(lines.get(name, []))


def _half_years(book: Workbook, db: Db) -> Wrong:
    """Each statement in each half-year that is complete, against the one before: all of them one family."""
    halves = sorted({half for row in book["Half-years"] for half in halves_named(row[1])})
    day = db.stage("on_the_day", halves)
    parts: dict[tuple[str, date], Part] = {}
    for words, half_words, *_ in book["Half-years"]:
        [half] = halves_named(half_words)
        question = _question(day, words)
        parts[words, half] = _part(question, day.asked(question, [half]))
    exact = {(row[0], halves_named(row[1])[0]): row for row in book["Half-years"] if "%" in row[2]}
    for (words, half), part in parts.items():
        row = next(each for each in book["Half-years"] if (each[0], halves_named(each[1])) == (words, [half]))
        if not _is_share(row[2], part):
            yield "Half-years", words, half, row[2], "counted", part
        if (words, half) in exact and row[3] != "% to ".join(rounded(100 * each) for each in part.interval()) + "%":
            yield "Half-years", words, half, row[3], "counted", part.interval()
    yield from _moves(parts, exact)


def _moves(parts: Mapping[tuple[str, date], Part], exact: Mapping[tuple[str, date], Cells]) -> Wrong:
    steps = []
    for words in dict.fromkeys(words for words, _ in parts):
        told = sorted(half for of, half in parts if of == words)
        steps += [
            ((words, later), OfShares(parts[words, later], parts[words, earlier]))
            for earlier, later in pairwise(told)
            if (words, later) in exact and (words, earlier) in exact
        ]
    made = groups([difference for _, difference in steps])
    expected = {key: MOVED[group] for (key, _), group in zip(steps, made, strict=True)}
    for key, row in exact.items():
        if (row[4] or "") != expected.get(key, ""):
            yield "Half-years", key, row[4], "counted", expected.get(key)
