"""The report on impact, cell by cell, against a count of its own: page, PDF, workbook, and the yearly report."""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from html import unescape
from io import BytesIO
from typing import Any

import pytest
from openpyxl import load_workbook
from pypdf import PdfReader

from lms.frame.access import Role
from tests.house.recount import (
    WAYS,
    Change,
    Recount,
    funnel,
    groups,
    half_of,
    half_words,
    is_as_counted,
    lines_apart,
    options_of,
    rounded,
    share,
)
from tests.house.world import World
from tests.moments import NOW

HALF = re.compile(r"April to September \d{4}|October \d{4} to March \d{4}")
TAGS = re.compile(r"<[^>]*>")
SPANS = ("all", "2025-h1")
Sheets = Mapping[str, list[tuple[Any, ...]]]
Wrong = Iterator[tuple[object, ...]]


def half_named(words: str) -> date:
    year = int(re.findall(r"\d{4}", words)[0])
    return half_of(date(year, 5 if words.startswith("April") else 11, 1))


def workbook(data: bytes) -> tuple[dict[str, list[tuple[Any, ...]]], str]:
    """The rows of each sheet below its head, and all that stands under them."""
    sheets, notes = {}, []
    for sheet in load_workbook(BytesIO(data)):
        rows = [tuple(row) for row in sheet.iter_rows(min_row=2, values_only=True)]
        end = next((place for place, row in enumerate(rows) if not any(row)), len(rows))
        sheets[sheet.title] = rows[:end]
        notes += [str(cell) for row in rows[end:] for cell in row if cell]
    return sheets, "\n".join(notes)


def says(told: object, expected: int | str) -> bool:
    """Whether a cell of the funnel says the number, or between which it lies; of a share the same."""
    if isinstance(expected, int):
        return told == expected or is_as_counted(str(told), expected, 0)
    return told == expected or bool(re.match(r"hidden|at least |[\d.]+% to ", str(told)))


def who_answered(count: Recount, sheets: Sheets) -> Wrong:
    attended, invited, delivered, answered = funnel(count.impact.told)
    managers = funnel(count.managers.told)
    told = {name: value for name, value, _ in sheets["Who answered"]}
    expected = {
        "Attended or part attended": attended,
        "Invited": invited,
        "Delivered": delivered,
        "Answered": answered,
        "Response rate": share(answered, delivered),
        "Reach of the invitation": share(invited, attended),
        "Line managers asked": managers[1],
        "Delivered to managers": managers[2],
        "Managers’ views": managers[3],
        "Managers’ response rate": share(managers[3], managers[2]),
    }
    yield from ((name, told.get(name), value) for name, value in expected.items() if not says(told.get(name), value))
    ways = count.impact.ways
    for way, shown, of in sheets["Ways"]:
        number = sum(ways[each] for each in WAYS.values() if each in way.split(", "))
        if not is_as_counted(shown, number, ways.total()) or (shown[0].isdigit() and of != share(number, ways.total())):
            yield "Ways", way, shown, number
    if sheets["Ways"] and ways.total() != answered:
        yield "Ways add up to", ways.total(), "and answered", answered


def tables_of_lines(count: Recount, sheets: Sheets) -> Wrong:
    for title, by in (("By course", "course"), ("By sector", "sector")):
        people: dict[str, list[Any]] = {}
        for row in count.impact.told:
            people.setdefault(row[by] or "No agency", []).append(row)
        lines = [row[0] for row in sheets[title]]
        expected = dict(lines_apart(lines, people, lambda line: "together" in line or " other " in line))
        expected["All sectors"] = count.impact.told
        for name, *cells in sheets[title]:
            numbers = funnel(expected.get(name, []))[2:]
            if not all(map(says, cells, [*numbers, share(numbers[1], numbers[0])])):
                yield title, name, cells, numbers
        others = [row for name, row in expected.items() if name not in people and name != "All sectors"]
        if sum(len(rows) for name, rows in expected.items() if name in people) + sum(map(len, others)) != len(
            count.impact.told
        ):
            yield title, "lines do not add up"


def agencies(count: Recount, sheets: Sheets) -> Wrong:
    """Of each sector that stands alone its agencies; the others of it in one line, which says how many they are."""
    alone = {row[0] for row in sheets["By sector"]}
    people: dict[str, dict[str, list[Any]]] = {}
    for row in count.impact.told:
        if row["sector"] in alone:
            people.setdefault(row["sector"], {}).setdefault(row["agency"], []).append(row)
    left = list(sheets["By agency"])
    for sector in sorted(people):
        named = [row for row in left if row[1] == sector and row[0] in people[sector]]
        others = {name: rows for name, rows in people[sector].items() if name not in {row[0] for row in named}}
        expected = {name: people[sector][name] for name, *_ in named}
        if others:
            words = f"{len(others)} other {'agency' if len(others) == 1 else 'agencies'} of this sector"
            label = words if named else f"{len(others)} agencies, together"
            expected[label] = [row for rows in others.values() for row in rows]
        for name, rows in expected.items():
            numbers = funnel(rows)[2:]
            cells = (name, sector, *numbers, share(numbers[1], numbers[0]))
            if cells in left:
                left.remove(cells)
            else:
                yield "By agency", sector, cells
    yield from (("By agency", "nobody counts to", row) for row in left)


def choices(count: Recount, sheets: Sheets) -> Wrong:
    """Every answer of every question; of a question that is told, no "no" is hidden."""
    for title, stage in (("Choices", count.impact), ("Managers", count.managers)):
        told: dict[str, list[str]] = {}
        for words, label, shown, of, part in sheets[title]:
            question, several = stage.questions[words], stage.questions[words]["kind"] == "choices"
            asked = stage.asked(question)
            blank = label == "No answer"
            options = [] if blank else options_of(label, question["options"])
            told.setdefault(words, []).extend(options)
            given = [each[question["code"]] for each in asked]
            number = sum(not each if blank else bool(each & set(options)) for each in given)
            said = f"{shown:,}" if isinstance(shown, int) else shown
            if of != len(asked) or not is_as_counted(said, number, of) or (part and part != share(number, of)):
                yield title, words, label, said, of, "counted", number, len(asked)
            if said == "hidden" and not several:
                yield title, words, label, "is hidden"
        for words, options in told.items():
            missing = set(stage.questions[words]["options"]) - set(options)
            if missing:
                yield title, words, "not told", missing


def changes(count: Recount, sheets: Sheets, notes: str) -> Wrong:
    line = next((each for each in notes.splitlines() if each.startswith("Told by half-years")), "")
    halves = sorted({half_named(each) for each in HALF.findall(line)})
    codes = {words: code for code, words in count.practices.items()}
    made = [count.change(codes[row[0]], halves) for row in sheets["Change"]]
    for row, change, group in zip(sheets["Change"], made, groups(made), strict=True):
        day = count.change(codes[row[0]], halves, "on_the_day")
        on_the_day = day.after if day.n >= 5 else "not asked"
        spread = rounded(change.spread)
        expected = (change.n, change.before, on_the_day, change.after, change.shown, spread, change.shown_interval)
        if row[1:] != (*expected, group):
            yield "Change", row, (*expected, group)
    matched = {row[0]: row[1] for row in sheets["Who answered"]}["Matched"]
    if matched != (sum(len(count.pairs[each]) for each in halves) if sheets["Change"] else 0):
        yield "Matched", matched
    yield from distributions(
        count, sheets, codes, [half for half in halves if f"{half_words(half)} (so far" not in line]
    )
    for words, _, n, before, after, shown, interval in sheets["Half-years"]:
        change = own_means(count, half_named(words))
        if (n, before, after, shown, interval) != (
            change.n, change.before, change.after, change.shown, change.shown_interval
        ):  # fmt: skip
            yield "Half-years", words, n, before, after, shown, interval


def own_means(count: Recount, half: date) -> Any:
    """Each pair's own mean of all that was answered both times."""
    made = []
    for sheet in count.pairs[half]:
        both = [row for (_, item), row in sheet.items() if item >= 0 and row["before"] and row["after"]]
        if both:
            made.append(tuple(sum(row[each] for row in both) / len(both) for each in ("before", "after")))
    return Change(made)


def distributions(count: Recount, sheets: Sheets, codes: Mapping[str, str], complete: list[date]) -> Wrong:
    for words, when, of, said in sheets["How many said what"]:
        value = "before" if when == "Before" else "after"
        given = [
            row[value]
            for half in complete
            for sheet in count.pairs[half]
            if (row := sheet.get((codes[words], 0))) and row["before"] and row["after"]
        ]
        if of != len(given):
            yield "How many said what", words, when, of, len(given)
        for part in said.split("; "):
            band, _, shown = part.partition(": ")
            numbers = [int(each) for each in re.findall(r"\d+", band)]
            number = sum(numbers[0] <= each <= numbers[-1] for each in given)
            if not is_as_counted(shown, number, of):
                yield "How many said what", words, when, part, number


def differences(count: Recount, sheets: Sheets, notes: str) -> list[tuple[object, ...]]:
    checks = (who_answered, tables_of_lines, agencies, choices, starts)
    return [*(each for check in checks for each in check(count, sheets)), *changes(count, sheets, notes)]


def starts(count: Recount, sheets: Sheets) -> Wrong:
    """What stands where those stood before who did not answer is what was written down when it was told."""
    kept = count.rows(
        "SELECT f.*, s.name FROM survey_start_figure f LEFT JOIN sector s ON s.id = f.sector_id ORDER BY f.id"
    )
    found = {
        f"{row['name'] or 'Other sectors'}, {half_words(date.fromisoformat(str(row['half_on'])))}": (
            f"{row['later_mean'] / 10:.1f} (of {row['later_people']:,})",
            f"{row['other_mean'] / 10:.1f} (of {row['other_people']:,})",
        )
        for row in kept
    }
    for name, later, others, *_ in sheets["Who did not answer"]:
        if HALF.search(name) and found.get(name) != (later, others):
            yield "Who did not answer", name, later, others


def squeezed(words: object) -> str:
    """Without spaces and commas, as text comes out of pages and PDF."""
    return re.sub(r"[\s,]", "", str(words))


def not_on(text: str, sheets: Sheets, columns: Mapping[str, Sequence[int]]) -> list[tuple[object, ...]]:
    """The rows of the workbook whose cells do not stand beside each other in a text."""
    there = squeezed(text)
    return [
        (title, *row)
        for title, places in columns.items()
        for row in sheets[title]
        if squeezed("".join(str(row[place]) for place in places if row[place] is not None)) not in there
    ]


OF_LINES, OF_ALL = range(4), range(9)
IN_PDF = {
    "Who did not answer": range(6),
    "Ways": range(3),
    "Change": OF_ALL,
    "How many said what": range(4),
    "Half-years": range(7),
    "By course": OF_LINES,
    "By sector": OF_LINES,
    "By agency": range(5),
    "Choices": (1,),
    "Managers": (1,),
    "Themes": range(2),
}
ON_PAGE = {
    **{title: places for title, places in IN_PDF.items() if title not in ("Change", "Half-years")},
    **dict.fromkeys(("Choices", "Managers"), (1, 2, 4)),
}


def said(cell: object) -> str:
    return f"{cell:,}" if isinstance(cell, int) else str(cell or "")


MEASURES = {
    "survey_attended": "Attended or part attended",
    "survey_invited": "Invited",
    "survey_delivered": "Delivered",
    "survey_answered": "Answered",
    "matched_people": "Matched",
    "unpaired_answers": "Unpaired answers",
    "managers_invited": "Line managers asked",
    "managers_delivered": "Delivered to managers",
    "managers_views": "Managers’ views",
}
RATES = {
    "reach_of_invitation": "Reach of the invitation",
    "response_rate": "Response rate",
    "managers_response_rate": "Managers’ response rate",
}


@pytest.mark.slow
def test_the_yearly_report_says_the_same_of_the_same_half_year(sqlite_world: World) -> None:
    sheets, _ = workbook(sqlite_world.browser(Role.CHAIR.value).get("/impact.xlsx?period=2025-h1").data)
    command = ["report", "annual", "--from", "2025-04-01", "--to", "2025-09-30"]
    told = json.loads(sqlite_world.app.test_cli_runner().invoke(args=command).output)
    page = {name: value for name, value, _ in sheets["Who answered"]}
    assert {name: told["measures"][name]["shown"] for name in MEASURES} == {
        name: said(page[words]) or "0" for name, words in MEASURES.items()
    }
    assert {name: told["measures"][name]["shown"] for name in RATES} == {
        name: page[words] for name, words in RATES.items()
    }
    rows = [tuple("not asked" if cell is None else cell for cell in row.values()) for row in told["change_by_practice"]]
    assert rows == sheets["Change"]
    chosen = [tuple(map(said, row.values())) for row in told["impact_choices"]]
    assert chosen == [tuple(map(said, row)) for row in (*sheets["Choices"], *sheets["Managers"])]


@pytest.mark.slow
@pytest.mark.parametrize("span", SPANS)
def test_every_cell_of_the_report_on_impact_is_what_the_tables_say(sqlite_world: World, span: str) -> None:
    chair = sqlite_world.browser(Role.CHAIR.value)
    sheets, notes = workbook(chair.get(f"/impact.xlsx?period={span}").data)
    about = next(each for each in notes.splitlines() if "impact survey for events in" in each)
    halves = frozenset(half_named(each) for each in HALF.findall(about))
    assert halves
    assert sheets["Choices"]
    with sqlite_world.engine.connect() as connection:
        count = Recount(connection, NOW, halves)
        assert differences(count, sheets, notes) == []
    page = TAGS.sub("", chair.get(f"/impact?period={span}").get_data(as_text=True))
    assert not_on(unescape(page), sheets, ON_PAGE) == []
    pdf = PdfReader(BytesIO(chair.get(f"/impact.pdf?period={span}").data))
    assert not_on("".join(each.extract_text() for each in pdf.pages), sheets, IN_PDF) == []
