"""The report on impact: who was asked and answered, by course, sector and agency, and what they chose, cell by cell."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from datetime import date
from itertools import combinations
from typing import Any

from tests.house.recount.numbers import share
from tests.house.recount.printed import (
    funnel,
    is_as_counted,
    is_share_as_counted,
    is_together,
    lines_apart,
    options_of,
    said,
    steps_as_counted,
    yes_first,
    yes_of,
)
from tests.house.recount.readings import Cells, Workbook, Wrong, squeezed
from tests.house.recount.tables import FEW, WAYS, Row, StageCount

NO_ANSWER = "No answer"
SPLIT_FROM = 2 * FEW
"""From so many answers a small side is told as small; of fewer nothing is told but how many there were."""


def who_answered(book: Workbook, later: StageCount, managers: StageCount) -> Wrong:
    attended, invited, delivered, answered = funnel(later.told)
    _, asked, reached, seen = funnel(managers.told)
    numbers = {
        "Attended or part attended": (attended, attended),
        "Invited": (invited, attended),
        "Delivered": (delivered, invited),
        "Answered": (answered, delivered),
        "Line managers asked": (asked, asked),
        "Delivered to managers": (reached, asked),
        "Managers’ views": (seen, reached),
    }
    shares = {
        "Response rate": (answered, delivered),
        "Reach of the invitation": (invited, attended),
        "Managers’ response rate": (seen, reached),
    }
    for name, shown, *_ in book["Who answered"]:
        if name in numbers and not is_as_counted(said(shown), *numbers[name]):
            yield name, shown, "counted", numbers[name]
        if name in shares and not is_share_as_counted(shown, *shares[name]):
            yield name, shown, "counted", shares[name]
    for name in ("Delivered", "Answered", "Response rate", "Managers’ views"):
        if book.value("Who answered", name) is None:
            yield name, "is not told"


def ways(book: Workbook, later: StageCount) -> Wrong:
    """By which way answers came: as many in all as answered."""
    made = later.ways
    for way, shown, of in book["Ways"]:
        number = sum(made[each] for each in WAYS.values() if each in way)
        if not is_as_counted(shown, number, made.total()) or (shown[0].isdigit() and of != share(number, made.total())):
            yield "Ways", way, shown, "counted", number
    answered = said(book.value("Who answered", "Answered"))
    if book["Ways"] and not is_as_counted(answered, made.total(), funnel(later.told)[2]):
        yield "Ways add up to", made.total(), "and answered", answered


def tables_of_lines(book: Workbook, later: StageCount) -> Wrong:
    for title, by in (("By course", "course"), ("By sector", "sector")):
        if not book[title]:
            continue
        people: dict[str, list[Any]] = defaultdict(list)
        for row in later.told:
            people[row[by] or "No agency"].append(row)
        lines = [row[0] for row in book[title]]
        if len(lines) != len(set(lines)):
            yield title, "two lines of one name", lines
        expected = dict(lines_apart(lines, people, is_together))
        expected["All sectors"] = later.told
        for name, *cells in book[title]:
            rows = expected.get(name, [])
            if not rows or not steps_as_counted(book.heads[title][1:], cells, rows):
                yield title, name, cells, "counted", funnel(rows)
        told = [rows for name, rows in expected.items() if name != "All sectors"]
        if sum(map(len, told)) != len(later.told):
            yield title, "lines do not add up"


def agencies(book: Workbook, later: StageCount) -> Wrong:
    """Of each sector that stands alone its agencies; the others of it in one line, which says how many they are."""
    alone = {row[0] for row in book["By sector"]}
    people: dict[str, dict[str, list[Row]]] = defaultdict(lambda: defaultdict(list))
    for row in later.told:
        if row["sector"] in alone:
            people[row["sector"]][row["agency"]].append(row)
    left = list(book["By agency"])
    for sector in sorted(people):
        named = {row[0] for row in left if row[1] == sector and row[0] in people[sector]}
        others = [rows for name, rows in people[sector].items() if name not in named]
        expected = {name: people[sector][name] for name in named}
        if others:
            words = f"{len(others)} other {'agency' if len(others) == 1 else 'agencies'} of this sector"
            label = words if named else f"{len(others)} agencies, together"
            expected[label] = [row for rows in others for row in rows]
        heads = book.heads["By agency"][2:]
        for name, rows in expected.items():
            lines = [each for each in left if each[:2] == (name, sector)]
            line = next((each for each in lines if steps_as_counted(heads, each[2:], rows)), None)
            if line is None:
                yield "By agency", sector, name, funnel(rows)
            else:
                left.remove(line)
    yield from (("By agency", "no one counts to", row) for row in left)


# What people chose


def choices(rows: Sequence[Cells], title: str, stage: StageCount, *, is_whole: bool = True) -> Wrong:
    """Every answer of every question, of the half-years in which it is told.

    Of all courses together these are all that are told; a question of one course may be told in some of them only.
    """
    printed: dict[str, list[Cells]] = defaultdict(list)
    for words, *cells in rows:
        printed[words].append(tuple(cells))
    codes = {each["words"]: code for code, each in stage.questions.items()}
    for words, those in printed.items():
        if words not in codes:
            yield title, words, "is no question"
            continue
        question = stage.questions[codes[words]]
        tried = [list(_of_question(question, those, stage, halves)) for halves in _spans(stage, is_whole=is_whole)]
        if all(tried):
            yield from ((title, words, *each) for each in min(tried, key=len))


def _spans(stage: StageCount, *, is_whole: bool) -> Iterable[Sequence[date]]:
    halves = sorted(stage.halves)
    if is_whole:
        return [halves]
    return [some for number in range(len(halves), 0, -1) for some in combinations(halves, number)]


def _of_question(question: Row, rows: Sequence[Cells], stage: StageCount, halves: Sequence[date]) -> Wrong:
    asked = [sheet[question["code"]] for sheet in stage.asked(question, halves)]
    several = question["kind"] == "choices"
    scale = [*(question["options"] if several else yes_first(question)), NO_ANSWER]
    told: Counter[str] = Counter()
    for label, shown, of, part in rows:
        options = set(options_of(label, scale))
        told.update(options - {NO_ANSWER})
        number = sum(bool(each & options) or (NO_ANSWER in options and not each) for each in asked)
        if shown == "only together" and several and stage.courses is not None and of == len(asked):
            continue
        if of != len(asked) or not is_as_counted(said(shown), number, of):
            yield label, shown, of, "counted", number, len(asked)
        if part and part != share(number, of):
            yield label, part, "counted", share(number, of)
        if shown == "hidden" and of >= SPLIT_FROM:
            yield label, "is hidden"
    given = {option for each in asked for option in each}
    yield from ((option, "is not told") for option in given - set(told))
    yield from ((option, "is told twice") for option, times in told.items() if times > 1)


def same_people(book: Workbook, title: str, measure: str, stage: StageCount) -> Wrong:
    """On one page no two counts of the same thing differ: a question that everybody was asked, and who answered."""
    answered = said(book.value("Who answered", measure))
    versions = {version for half, course_id, version in stage.sheets.values() if half in stage.halves}
    codes = {each["words"]: each for each in stage.questions.values()}
    for words, of in {row[0]: row[3] for row in book[title]}.items():
        if not codes[words]["show_if_code"] and versions <= codes[words]["versions"] and said(of) != answered:
            yield title, words, "of", of, measure, answered


def negatives(rows: Sequence[Cells], stage: StageCount) -> Wrong:
    """Of every question that is told: who did not say yes is seen, with their number or as "fewer than 5"."""
    codes = {each["words"]: each for each in stage.questions.values()}
    for words in dict.fromkeys(row[0] for row in rows):
        question = codes[words]
        yes = set(yes_of(question))
        if not yes or question["kind"] == "choices":
            continue
        noes = [row for row in rows if row[0] == words and not set(_options(row[1], question)) & yes]
        asked = [sheet[question["code"]] for sheet in stage.asked(question)]
        said_no = sum(not each & yes for each in asked)
        if said_no and not noes:
            yield words, said_no, "said no and none is seen"
        yield from ((words, row[1], "reads hidden") for row in noes if row[2] == "hidden")


def noes(rows: Sequence[Cells], stage: StageCount) -> list[Cells]:
    """The rows of those who did not say yes, of every question that has a yes and is told."""
    codes = {each["words"]: each for each in stage.questions.values()}
    asked = [(row, codes[row[0]]) for row in rows if codes[row[0]]["kind"] != "choices" and row[3] >= SPLIT_FROM]
    return [row for row, each in asked if (yes := set(yes_of(each))) and not set(_options(row[1], each)) & yes]


def not_seen(text: str, said_no: Sequence[Cells]) -> list[Cells]:
    """Of these rows those of which a text does not say the answer and beside it how many gave it, and their share."""
    there = _plain(text)
    return [
        row for row in said_no if row[2] == "hidden" or _plain(f"{row[1]}{said(row[2])}{row[4] or ''}") not in there
    ]


def _plain(words: str) -> str:
    """Shares stand in brackets or in a column of their own."""
    return re.sub(r"[()]", "", squeezed(words))


def _options(label: str, question: Row) -> list[str]:
    scale = [*yes_first(question), NO_ANSWER]
    return options_of(label, scale)


def at_least(shown: str) -> int:
    """How many a cell says at least: of what is only said to be small, nothing."""
    if shown == f"fewer than {FEW}":
        return 0
    first = shown.removeprefix("most of ").split(" to ")[0]
    return int(first.replace(",", "")) - (FEW - 1 if shown.startswith("most of ") else 0)


def themes(book: Workbook, stages: Sequence[StageCount]) -> Wrong:
    """What coded texts are about."""
    made = Counter(name for stage in stages for text in stage.texts if text["is_coded"] for name in text["themes"])
    printed = {name: said(shown) for name, shown in book["Themes"]}
    if set(printed) != {name for name, number in made.items() if number}:
        yield "Themes", set(printed) ^ set(made)
    for name, shown in printed.items():
        if not is_as_counted(shown, made[name], made.total() + FEW):
            yield "Themes", name, shown, "counted", made[name]
    order = [(-at_least(shown), name) for name, shown in printed.items()]
    if order != sorted(order):
        yield "Themes", "not the most frequent first, as far as that is told"


def examples(book: Workbook, stages: Sequence[StageCount]) -> Wrong:
    """Only what was chosen to be shown, each once."""
    chosen = {text["words"] for stage in stages for text in stage.texts if text["is_example"]}
    shown = [row[0] for row in book["Examples"]]
    if len(shown) != min(6, len(chosen)) or len(set(shown)) != len(shown) or not set(shown) <= chosen:
        yield "Examples", shown, chosen
