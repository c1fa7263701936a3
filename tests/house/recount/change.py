"""What changed, how many said what, the half-years, who did not answer, and the headline: against the sheets."""

import re
from collections import Counter
from collections.abc import Sequence
from datetime import date

from tests.house.recount.numbers import Group as Sample
from tests.house.recount.numbers import (
    day_of,
    from_to,
    groups,
    half_of,
    half_words,
    halves_named,
    rounded,
    welch,
    with_sign,
)
from tests.house.recount.practices import Practices, Told
from tests.house.recount.printed import is_as_counted
from tests.house.recount.readings import Workbook, Wrong
from tests.house.recount.sentences import headline_read, in_words
from tests.house.recount.tables import FEW, Db, Row

PERIOD = "Told by half-years"
ALL_TOGETHER = "All practices together"
BEGAN = {"stronger": "Those who answered began higher", "weaker": "Those who answered began lower",
         "no clear change": "No clear difference"}  # fmt: skip
OPEN = "so far"


def changes(book: Workbook, practices: Practices, courses: list[int] | None = None) -> Wrong:
    """The table of change, and what stands beside it: who counts, and of which half-years."""
    told = practices.of(book.halves("Change", PERIOD), courses)
    made = [told.change(*practices.code_of(row[0])) for row in book["Change"]]
    for row, change, group in zip(book["Change"], made, groups(made), strict=True):
        day = told.change(*practices.code_of(row[0]), "on_the_day")
        on_the_day = day.after if day.n >= FEW else "not asked"
        spread, interval = rounded(change.own.spread), change.shown_interval
        expected = (change.asked, change.before, on_the_day, change.after, change.shown, spread, interval, group)
        if row[1:] != expected:
            yield "Change", row, "counted", expected
    matched = len(told.pairs) if book["Change"] else 0
    for name, number in (("Matched", matched), ("Unpaired answers", told.unpaired)):
        if book.value("Who answered", name) != number:
            yield name, book.value("Who answered", name), "counted", number
    printed = {practices.code_of(row[0])[0] for row in book["Change"]}
    untold = [words for code, words in _asked(practices, told) if code not in printed]
    yield from (("Change", words, "is not told") for words in untold)


def groups_of(book: Workbook, practices: Practices, courses: list[int] | None = None) -> list[str]:
    """The group of each practice in the table, as counted."""
    told = practices.of(book.halves("Change", PERIOD), courses)
    return groups([told.change(*practices.code_of(row[0])) for row in book["Change"]])


def _asked(practices: Practices, told: Told) -> list[tuple[str, str]]:
    """The practices that five and more answered both times."""
    return [
        (code, each["words"])
        for code, each in practices.questions.items()
        if _is_practice(each) and told.change(code, None if each["kind"] == "outcomes" else 0).is_told
    ]


def headline(sentence: str, note: str, made: list[str]) -> Wrong:
    """Sentence by sentence: how many practices were compared, and how many of them are stronger, the same, weaker."""
    number, found = headline_read(sentence)
    if (number, found) != (len(made), Counter(made)):
        yield "Headline", sentence, "counted", Counter(made)
    compared = re.search(r"(\w+) practices were compared", note)
    if len(made) > 1 and (compared is None or compared[1].casefold() != in_words(len(made))):
        yield "Compared", note, "counted", len(made)


def distributions(book: Workbook, practices: Practices, courses: list[int] | None = None) -> Wrong:
    """How many of the same people said what, of half-years that are complete.

    Of one course some half-years may not be told: then it is of some of them.
    """
    complete = book.complete_halves("Change", PERIOD)
    spans = [complete] if courses is None else [complete, *([each] for each in complete)]
    for words, when, of, told in book["How many said what"]:
        tried = []
        for halves in spans:
            given = _given(practices.of(halves, courses), practices, words, is_before=when == "Before")
            tried.append(list(_bands(told, given, of)))
        if all(tried):
            yield "How many said what", words, when, min(tried, key=len)


def _given(told: Told, practices: Practices, words: str, *, is_before: bool) -> list[int | None]:
    """What all who were asked it said; None: they left it out."""
    code, item = practices.code_of(words)
    asked = told.asked(told.pairs, lambda sheet: bool(sheet.both(code, item)))
    rows = [next(iter(sheet.both(code, item)), None) for sheet in asked]
    return [row and row["before" if is_before else "after"] for row in rows]


def _bands(told: str, given: list[int | None], of: int) -> Wrong:
    if of != len(given):
        yield of, "counted", len(given)
    seen = 0
    for part in told.split("; "):
        band, _, shown = part.partition(": ")
        ends = [int(each) for each in re.findall(r"\d+", band)]
        number = sum(bool(ends) and ends[0] <= each <= ends[-1] for each in given if each is not None)
        number += sum(each is None for each in given) * band.casefold().endswith("no answer")
        seen += number
        if not is_as_counted(shown, number, of):
            yield part, "counted", number
    if seen != of:
        yield told, "does not add up to", of


def half_years(book: Workbook, practices: Practices, courses: list[int] | None = None) -> Wrong:
    """All practices together in each half-year with five pairs and more: of the course that the report is about."""
    printed = {}
    for words, state, *cells in book["Half-years"]:
        [half] = halves_named(words)
        printed[half] = cells
        change = practices.of([half], courses).own_means()
        expected = [change.asked, change.before, change.after, change.shown, change.shown_interval]
        if cells != expected or state != (OPEN if _is_open(half, practices.db) else "complete"):
            yield "Half-years", words, state, cells, "counted", expected
    everything = {each.half for each in practices.sheets}
    there = {half for half in everything if practices.of([half], courses).own_means().is_told}
    if there != set(printed):
        yield "Half-years", "told", sorted(printed), "there are", sorted(there)


def _is_open(half: date, db: Db) -> bool:
    last = date(half.year, 9, 30) if half.month == 4 else date(half.year + 1, 3, 31)
    return (db.now.date() - last).days <= 150


# Who did not answer


def starts(book: Workbook, practices: Practices, *, is_whole: bool = True) -> Wrong:
    """Where those stood before who answered later, beside those who did not: in all, and where the two differ."""
    told = practices.of(book.halves("Change", PERIOD))
    rows = [row for row in book["Who did not answer"] if not halves_named(row[0])]
    together = told.starts(None)
    expected = {} if together is None else {ALL_TOGETHER: (*together, groups([welch(*together)])[0])}
    if together is not None:
        found = [
            (each["words"], made)
            for each in practices.questions.values()
            if _is_practice(each) and (made := told.starts(each["code"])) is not None
        ]
        clear = groups([welch(*made) for _, made in found])
        both = zip(found, clear, strict=True)
        expected |= {words: (*made, group) for (words, made), group in both if group != "no clear change"}
    yield from _start_rows({row[0]: row[1:] for row in rows}, expected, digits=2)
    yield from _by_sector(book, practices.db, is_whole=is_whole)


def _is_practice(question: Row) -> bool:
    """A scale that is asked again three months on."""
    kinds = question["kind"], question["sense"], question["stage"]
    return kinds in (("scale", "now", "impact"), ("outcomes", "now", "impact"))


def _by_sector(book: Workbook, db: Db, *, is_whole: bool) -> Wrong:
    """As it was written down when each half-year was complete, in tenths."""
    halves = book.halves("Who answered", "impact survey for events in") if is_whole else []
    kept = [
        row
        for row in db.rows("SELECT f.*, s.name FROM survey_start_figure f LEFT JOIN sector s ON s.id = f.sector_id")
        if date.fromisoformat(str(row["half_on"])) in halves
    ]
    sides = [[Sample(row[f"{side}_people"], row[f"{side}_mean"] / 10, row[f"{side}_spread"] / 10)
              for side in ("later", "other")] for row in kept]  # fmt: skip
    made = groups([welch(*each) for each in sides])
    expected = {
        f"{row['name'] or 'Other sectors'}, {half_words(date.fromisoformat(str(row['half_on'])))}": (*side, group)
        for row, side, group in zip(kept, sides, made, strict=True)
    }
    printed = {row[0]: row[1:] for row in book["Who did not answer"] if halves_named(row[0])}
    yield from _start_rows(printed, expected, digits=1)
    yield from _sectors_once_more(db, kept)


def _sectors_once_more(db: Db, kept: Sequence[Row]) -> Wrong:
    """How many of a sector answered before, and three months on or not, by what the tables say of who answered.

    What is told is in whole fives; a few may have answered and left every practice out.
    """
    made: Counter[tuple[date, str | None, str]] = Counter()
    for row in _who_answered_before(db):
        made[half_of(day_of(row["ends_at"])), row["sector"], "later" if row["later"] else "other"] += 1
    for half in {date.fromisoformat(str(row["half_on"])) for row in kept}:
        named = {row["name"] for row in kept if row["name"] and str(row["half_on"]) == str(half)}
        for row in [each for each in kept if str(each["half_on"]) == str(half)]:
            for side in ("later", "other"):
                of = [made[each] for each in made if each[0] == half and each[2] == side
                      and (each[1] == row["name"] or (row["name"] is None and each[1] not in named))]  # fmt: skip
                told = row[f"{side}_people"] // FEW * FEW
                if not told <= sum(of) < told + 2 * FEW:
                    yield "Who did not answer", row["name"], half, side, told, "counted", sum(of)


def _who_answered_before(db: Db) -> list[Row]:
    """Everybody who was asked three months on and had answered before: of which sector, and whether they did again."""
    rows = db.rows(
        "SELECT b.id, e.ends_at, s.name AS sector, "
        "max(CASE WHEN i.stage = 'baseline' AND w.invitation_id IS NOT NULL THEN 1 ELSE 0 END) AS earlier, "
        "max(CASE WHEN i.stage = 'impact' AND w.invitation_id IS NOT NULL THEN 1 ELSE 0 END) AS later "
        "FROM booking b JOIN event e ON e.id = b.event_id JOIN survey_invitation i ON i.booking_id = b.id "
        "LEFT JOIN survey_answered w ON w.invitation_id = i.id LEFT JOIN sector s ON s.id = b.sector_id "
        "GROUP BY b.id, e.ends_at, s.name HAVING max(CASE WHEN i.stage = 'impact' THEN 1 ELSE 0 END) = 1"
    )
    return [row for row in rows if row["earlier"]]


def _start_rows(
    printed: dict[str, tuple[object, ...]], expected: dict[str, tuple[Sample, Sample, str]], *, digits: int
) -> Wrong:
    for name in printed.keys() | expected.keys():
        cells = ()
        if name in expected:
            later, others, group = expected[name]
            difference = welch(later, others)
            ends = from_to(difference.interval(), digits)
            cells = (later.shown(digits), others.shown(digits), with_sign(difference.mean, digits), ends, BEGAN[group])
        if printed.get(name, ()) != cells:
            yield "Who did not answer", name, printed.get(name), "counted", cells


def pairs_of_truth(book: Workbook, true_pairs: int, least: float = 0.8) -> Wrong:
    """Of all that answered before and three months on so many are told."""
    told = book.value("Who answered", "Matched")
    if told < least * true_pairs:
        yield "Matched", told, "of", true_pairs
