"""What stands beside the change: looking back, intentions, what people know, levels, and learning points."""

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from math import sqrt
from typing import Any

from tests.house.recount.change import PERIOD
from tests.house.recount.numbers import (
    Change,
    OfMeans,
    day_of,
    from_to,
    groups,
    half_of,
    rounded,
    share,
    welch,
    with_sign,
)
from tests.house.recount.practices import OUTCOMES, Practices, Told
from tests.house.recount.printed import is_as_counted, said, yes_of
from tests.house.recount.readings import Cells, Workbook, Wrong
from tests.house.recount.tables import FEW, Row, StageCount

LEVELS = {1: "1 Reaction", 2: "2 Learning", 3: "3 Behaviour", 4: "4 Results"}
MATCHED = "Delegates, before and three months on"
SHIFTED = {
    "weaker": "They put their start lower than they had said: a stricter measure now",
    "no clear change": "No clear shift",
    "stronger": "They put their start higher than they had said",
}
ENOUGH = 20
BESIDE_WAITING = {
    "weaker": "Rose less, or fell more, among those who came",
    "no clear change": "No clear difference",
    "stronger": "Rose more, or fell less, among those who came",
}
MEANT = {"weaker": "Less than they meant", "no clear change": "About as they meant",
         "stronger": "More than they meant"}  # fmt: skip


def beside(book: Workbook, practices: Practices, courses: Sequence[int] | None = None) -> Wrong:
    told = practices.of(book.halves("Change", PERIOD), courses)
    yield from _looking_back(book, practices, told)
    yield from _intentions(book, practices, told)
    yield from _who_waited(book, practices, told, is_one=courses is not None)
    yield from known(book, practices, courses)


def _about(practices: Practices, sense: str) -> list[tuple[Row, str]]:
    """Each practice with the code of the question that looks at it so."""
    others = {each["practice_code"]: code for code, each in practices.questions.items() if each["sense"] == sense}
    return [(each, others[code]) for code, each in practices.questions.items() if code in others]


def _looking_back(book: Workbook, practices: Practices, told: Told) -> Wrong:
    found = {}
    for practice, then in _about(practices, "looking_back"):
        rows, asked = told.columns(
            told.pairs, practice["code"], then, lambda now, back: (now["before"], back["after"], now["after"])
        )
        made = (
            Change([(before, after) for before, _, after in rows], asked),
            Change([(back, after) for _, back, after in rows], asked),
            Change([(before, back) for before, back, _ in rows], asked),
        )
        if made[0].is_told:
            found[practice["words"]] = made
    in_words = groups([shift for *_, shift in found.values()])
    expected = {
        words: (as_said.asked, as_said.before, back.before, as_said.after, as_said.signed, back.signed, shift.signed,
                shift.shown_interval, SHIFTED[group])
        for (words, (as_said, back, shift)), group in zip(found.items(), in_words, strict=True)
    }  # fmt: skip
    yield from _table(book, "Looking back", expected)


def _intentions(book: Workbook, practices: Practices, told: Told) -> Wrong:
    found = {}
    for practice, code in _about(practices, "intention"):
        rows, asked = told.columns(
            told.on_the_day(), practice["code"], code, lambda now, meant: (meant["on_the_day"], now["after"])
        )
        change = Change([(meant, after) for meant, after in rows], asked)
        if change.is_told:
            found[practice["words"]] = change
    in_words = groups(list(found.values()))
    expected = {
        words: (gap.asked, gap.before, gap.after, gap.signed, gap.shown_interval, MEANT[group])
        for (words, gap), group in zip(found.items(), in_words, strict=True)
    }
    yield from _table(book, "What they meant on the day", expected)


def _who_waited(book: Workbook, practices: Practices, told: Told, *, is_one: bool) -> Wrong:
    """Course by course, those who came beside those who waited: twenty and more on each side."""
    titles = practices.db.rows("SELECT course_id, title FROM course_version WHERE is_current")
    names = {row["course_id"]: row["title"].partition(":")[0].strip() for row in titles}
    asked = [each for each in practices.questions.values() if (each["stage"], each["sense"]) == ("impact", "now")]
    scales = [each for each in asked if each["kind"] in ("scale", "outcomes")]
    found: dict[str, tuple[Change, Change, OfMeans]] = {}
    for course_id in {each.course_id for each in told.sheets}:
        theirs = [each for each in told.sheets if each.course_id == course_id]
        waited = Told([replace(each, side="both") for each in theirs if each.side == "waited"])
        for each in scales:
            is_scale = each["kind"] == "scale"
            came, there = (those.change(each["code"], 0 if is_scale else None) for those in (Told(theirs), waited))
            if min(came.n, there.n) >= ENOUGH:
                words = each["words"] if is_scale else OUTCOMES
                label = words if is_one else f"{words} ({names[course_id]})"
                found[label] = came, there, welch(came.own, there.own)
    in_words = groups([difference for *_, difference in found.values()])
    expected = {
        words: (came.asked, f"{came.before} to {came.after}", came.signed,
                there.asked, f"{there.before} to {there.after}", there.signed,
                with_sign(difference.mean), from_to(difference.interval()), BESIDE_WAITING[group])
        for (words, (came, there, difference)), group in zip(found.items(), in_words, strict=True)
    }  # fmt: skip
    yield from _table(book, "Compared with people who waited", expected)


def _table(book: Workbook, title: str, expected: Mapping[str, tuple[Any, ...]]) -> Wrong:
    printed = {row[0]: row[1:] for row in book[title]}
    for words in printed.keys() | expected.keys():
        if printed.get(words) != expected.get(words):
            yield title, words, printed.get(words), "counted", expected.get(words)


def known(book: Workbook, practices: Practices, courses: Sequence[int] | None = None) -> Wrong:
    """How many of the same people were right before and three months on, of half-years that are complete."""
    complete = book.complete_halves("Change", PERIOD)
    spans = [complete] if courses is None else [complete, *([each] for each in complete)]
    for words, of, *cells in book["What they know"]:
        code = _knowledge(practices, words)
        tried = []
        for halves in spans:
            told = practices.of(halves, courses)
            asked = told.asked(told.pairs, lambda sheet, code=code: bool(sheet.both(code, -1)))
            steps = [row for sheet in asked for row in sheet.both(code, -1)]
            rights = [sum(row[when] == 2 for row in steps) for when in ("before", "after")]
            number = len(steps) if len(asked) - len(steps) >= FEW and of == len(steps) else len(asked)
            tried.append(list(_known(of, cells, number, *rights)))
        if all(tried):
            yield "What they know", words, min(tried, key=len)


def _knowledge(practices: Practices, words: str) -> str:
    case = words.removeprefix("The case: ")
    return next(
        code
        for code, each in practices.questions.items()
        if each["words"] == case and bool(each["vignette"]) == (case != words)
    )


def _known(of: int, cells: Sequence[str], number: int, before: int, after: int) -> Wrong:
    if of != number:
        yield of, "counted", number
        return
    exact = []
    for shown, right in zip(cells[:2], (before, after), strict=True):
        words, _, part = shown.partition(" (")
        exact.append(bool(part))
        if not is_as_counted(words, right, of) or (part and part != f"{share(right, of)})"):
            yield shown, "counted", right
    change = "not exact"
    if all(exact):
        one, other = before / of, after / of
        error = sqrt((one * (1 - one) + other * (1 - other)) / of)
        difference = OfMeans(other - one, error, 2 * of - 2)
        low, high = (100 * each for each in difference.interval())
        points = rounded(100 * difference.mean)
        change = f"{points if points[0] == '−' else f'+{points}'} points ({from_to((low, high))})"
    if cells[2] != change:
        yield cells[2], "counted", change


# Learning points


def points(book: Workbook, practices: Practices) -> Wrong:
    """A line for each learning point and question about it, of courses and half-years all of whose events taught it."""
    db, halves = practices.db, book.halves("Change", PERIOD)
    events = db.rows("SELECT id, course_id, course_version_id, starts_at, ends_at FROM event WHERE state = 'delivered'")
    expected: dict[tuple[str, str], Change] = {}
    for point, codes in _asked_about(practices).items():
        told = _of_point(practices, halves, events, point)
        for code in codes:
            change = told.change(code, None if practices.questions[code]["kind"] == "outcomes" else 0)
            if change.is_told:
                expected[point[1], practices.questions[code]["words"]] = change
    made = dict(zip(expected, groups(list(expected.values())), strict=True))
    printed = {(row[0].split(" ")[0], row[1]): row[2:] for row in book["Learning points"]}
    for line in printed.keys() | expected.keys():
        change = expected.get(line)
        cells = change and (
            change.asked, f"{change.before} to {change.after}", change.signed, change.shown_interval, made[line]
        )  # fmt: skip
        if printed.get(line) != cells:
            yield "Learning points", line, printed.get(line), "counted", cells


def _asked_about(practices: Practices) -> dict[tuple[int, str], list[str]]:
    """By learning point that anybody may read: the codes of the newest versions' questions about it."""
    rows = practices.db.rows(
        "SELECT DISTINCT p.id, p.ref, q.code FROM survey_question q "
        "JOIN learning_point p ON p.id = q.learning_point_id LEFT JOIN review r ON r.id = p.review_id "
        "WHERE q.version_id IN (SELECT max(id) FROM survey_version WHERE published_at IS NOT NULL GROUP BY survey_id) "
        "AND p.agreed_on IS NOT NULL AND p.superseded_on IS NULL "
        "AND (r.id IS NULL OR r.publication IN ('full', 'part')) ORDER BY p.ref, q.code"
    )
    found: dict[tuple[int, str], list[str]] = {}
    for row in rows:
        if row["code"] in practices.questions:
            found.setdefault((row["id"], row["ref"]), []).append(row["code"])
    return found


def _of_point(practices: Practices, halves: Iterable[date], events: Sequence[Row], point: tuple[int, str]) -> Told:
    """Those of courses and half-years in which every event taught it: its version covered it by then."""
    since = {
        row["course_version_id"]: date.fromisoformat(str(row["since_on"]))
        for row in practices.db.rows(
            "SELECT course_version_id, since_on FROM course_coverage WHERE learning_point_id = :id", id=point[0]
        )
    }
    units: dict[tuple[int, date], list[bool]] = {}
    for event in events:
        begun = since.get(event["course_version_id"])
        has_taught = begun is not None and day_of(event["starts_at"]) >= begun
        units.setdefault((event["course_id"], half_of(day_of(event["ends_at"]))), []).append(has_taught)
    whole = {unit for unit, those in units.items() if all(those)}
    return Told([each for each in practices.of(halves).sheets if (each.course_id, each.half) in whole])


# Kirkpatrick's levels


def levels(book: Workbook, practices: Practices, stages: Mapping[str, StageCount], made: Sequence[str]) -> Wrong:
    """Each line says again what another table tells: it must say the same of the same."""
    lines = {(row[0], row[1], row[2]): row[3] for row in book["By level"]}
    yield from _levels_of_practices(book, practices, lines, made)
    known_lines = {row[0].removeprefix("The case: "): row for row in book["What they know"]}
    for (level, question, who), result in lines.items():
        if who == MATCHED and question in known_lines:
            _, of, before, after, _ = known_lines[question]
            if result != f"Right before {before}, three months on {after}, of {of:,}":
                yield "By level", level, question, result
        elif who in stages:
            yield from _level_of_choice(level, question, result, stages[who])
    tables = {"Delegates, three months on": "Choices", "Line managers": "Managers"}
    for who, title in tables.items():
        there = {question for _, question, of in lines if of == who}
        codes = {each["words"]: each for each in stages[who].questions.values()}
        for words in {row[0] for row in book[title]}:
            if codes[words]["kirkpatrick"] and words not in there and _has_result(book[title], words):
                yield "By level", who, words, "is not there"


def _has_result(rows: Sequence[Cells], words: str) -> bool:
    return any(row[0] == words and isinstance(row[2], int) and row[2] for row in rows)


def _levels_of_practices(
    book: Workbook, practices: Practices, lines: Mapping[tuple[str, str, str], str], made: Sequence[str]
) -> Wrong:
    by_level: dict[int, list[tuple[Cells, str]]] = {}
    for row, group in zip(book["Change"], made, strict=True):
        code, _ = practices.code_of(row[0])
        if level := practices.questions[code]["kirkpatrick"]:
            by_level.setdefault(level, []).append((row, group))
    for level, rows in by_level.items():
        if len(rows) == 1:
            [(row, group)] = rows
            told = Told(practices.of(book.halves("Change", PERIOD)).sheets)
            signed = told.change(*practices.code_of(row[0])).signed
            question, result = row[0], f"{group.capitalize()} ({signed}, {row[7]})"
        else:
            numbers = Counter(group for _, group in rows)
            order = ("stronger", "no clear change", "weaker")
            question = f"{len(rows)} practices"
            result = ", ".join(f"{numbers[group]} {group}" for group in order if numbers[group])
        if lines.get((LEVELS[level], question, MATCHED)) != result:
            yield "By level", level, question, "counted", result


def _level_of_choice(level: str, words: str, result: str, stage: StageCount) -> Wrong:
    """217 of 293 said yes (74.1%); or what was chosen most."""
    question = next((each for each in stage.questions.values() if each["words"] == words), None)
    if question is None or LEVELS.get(question["kirkpatrick"]) != level:
        yield "By level", level, words, "is no such question"
        return
    asked = [sheet[question["code"]] for sheet in stage.asked(question)]
    yes = set(yes_of(question))
    if most := re.fullmatch(r"Most often: (.+), ([\d,]+) of ([\d,]+) \((.+)\)", result):
        number = sum(most[1] in each for each in asked)
        others = [sum(option in each for each in asked) for option in question["options"]]
        if (most[2], most[3], most[4]) != (said(number), said(len(asked)), share(number, len(asked))):
            yield "By level", words, result, "counted", number, len(asked)
        if number < max(others) - FEW:
            yield "By level", words, result, "most often is", max(others)
        return
    number, of = sum(bool(each & yes) for each in asked), len(asked)
    told = "agree" if question["kind"] == "agreement" else "said yes"
    shown = result.removesuffix(f" ({share(number, of)})").removesuffix(f" {told}")
    if not is_as_counted(shown if shown.startswith("most") else shown.removesuffix(f" of {of:,}"), number, of):
        yield "By level", words, result, "counted", number, of
