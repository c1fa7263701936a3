"""A round of a workforce survey: who answered of how many, what they said, and beside the round before."""

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence

from tests.house.recount.numbers import OfShares, Part, from_to, groups, share, with_sign
from tests.house.recount.printed import is_as_counted, joined, options_of, said, yes_first, yes_of
from tests.house.recount.readings import Workbook, Wrong
from tests.house.recount.tables import AGREED, Db, Row, Sheet

VERDICTS = {"stronger": "Higher", "no clear change": "No clear change", "weaker": "Lower"}
KNOWN = "Where the workforce is known"
NO_ANSWER = "No answer"


def wrong_cells(db: Db, book: Workbook, found: Row) -> list[tuple[object, ...]]:
    """All that a round tells that is counted."""
    questions, sheets = _questions(db, found["version_id"]), _sheets(db, found["id"])
    return [
        *_who_answered(db, book, found),
        *_asked(book, questions, sheets),
        *_compared(db, book, questions, sheets),
    ]


def _who_answered(db: Db, book: Workbook, found: Row) -> Wrong:
    links = db.rows(
        "SELECT a.name, s.name AS sector, l.answered, l.staff FROM round_link l JOIN agency a ON a.id = l.agency_id "
        "JOIN sector s ON s.id = l.sector_id WHERE l.round_id = :id AND l.answered IS NOT NULL",
        id=found["id"],
    )
    by_name = {(row["name"], row["sector"]): row for row in links}
    *lines, (_, _, of_known, staff, rate) = book["Who answered"]
    others: dict[str, int] = defaultdict(int)
    for name, sector, answered, people, shown in lines:
        link = by_name.get((name, sector))
        if link is None:
            others[sector or ""] += answered
            continue
        known = link["staff"] if link["staff"] and link["staff"] >= link["answered"] else "not known"
        if answered != link["answered"] or people not in (known, "not known"):
            yield "Who answered", name, answered, people, "counted", link
        if isinstance(people, int) and shown != share(answered, people):
            yield "Who answered", name, shown
    named = {(row[0], row[1]) for row in lines}
    told = [row for row in lines if isinstance(row[3], int)]
    numbers = sum(row[2] for row in told), sum(row[3] for row in told)
    if (of_known, staff, rate) != (*numbers, share(*numbers)):
        yield "Who answered", KNOWN, of_known, staff, rate, "counted", numbers
    for sector, answered in others.items():
        there = [row for row in links if (row["name"], row["sector"]) not in named and sector in ("", row["sector"])]
        alone = {row[1] for row in lines if row[1]}
        counted = sum(row["answered"] for row in there if sector or row["sector"] not in alone)
        if answered != counted:
            yield "Who answered", sector or "other sectors", answered, "counted", counted
    if sum(row[2] for row in lines) != sum(row["answered"] for row in links):
        yield "Who answered", "lines do not add up"


def _questions(db: Db, version_id: int) -> dict[str, Row]:
    """By their words."""
    made = {}
    for row in db.rows(
        "SELECT id, code, kind, words FROM survey_question WHERE version_id = :id AND show_if_code = '' "
        "AND kind IN ('choice', 'choices', 'agreement')",
        id=version_id,
    ):
        options = db.rows(
            "SELECT words FROM survey_question_option WHERE question_id = :id ORDER BY position, id", id=row["id"]
        )
        made[row["words"]] = {
            **row,
            "options": AGREED if row["kind"] == "agreement" else [each["words"] for each in options],
        }
    return made


def _sheets(db: Db, round_id: int) -> list[Sheet]:
    sheets: dict[str, dict[str, set[str]]] = {
        row["sheet_id"]: defaultdict(set)
        for row in db.rows("SELECT sheet_id FROM round_sheet WHERE round_id = :id", id=round_id)
    }
    for row in db.rows(
        "SELECT a.sheet_id, q.code, q.kind, a.number, o.words FROM survey_answer a "
        "JOIN round_sheet r ON r.sheet_id = a.sheet_id JOIN survey_question q ON q.id = a.question_id "
        "LEFT JOIN survey_question_option o ON o.id = a.item "
        "WHERE r.round_id = :id AND q.kind IN ('choice', 'choices', 'agreement')",
        id=round_id,
    ):
        words = AGREED[5 - row["number"]] if row["kind"] == "agreement" else row["words"]
        sheets[row["sheet_id"]][row["code"]].add(words)
    return list(sheets.values())


def _asked(book: Workbook, questions: Mapping[str, Row], sheets: Sequence[Sheet]) -> Wrong:
    """Every answer of every question with options, and no "no" that reads hidden."""
    for words, label, shown, of, part in book["Questions"]:
        question = questions.get(words)
        if question is None or of is None:
            continue
        options = set(options_of(label, [*yes_first(question), NO_ANSWER]))
        given = [each[question["code"]] for each in sheets]
        number = sum(bool(each & options) or (NO_ANSWER in options and not each) for each in given)
        if of != len(sheets) or not is_as_counted(said(shown), number, of) or (part and part != share(number, of)):
            yield "Questions", words, label, shown, of, part, "counted", number, len(sheets)


def _compared(db: Db, book: Workbook, questions: Mapping[str, Row], now: Sequence[Sheet]) -> Wrong:
    rows = book["Compared"]
    if not rows:
        return
    title = re.findall(r"compared with “(.+?)”", book.notes["Compared"])[0]
    [earlier] = db.rows("SELECT id FROM survey_round WHERE title = :title", title=title)
    before = _sheets(db, earlier["id"])
    made = []
    for words, answer, *_ in rows:
        question = questions[words]
        welcome = {answer} if question["kind"] == "choices" else set(yes_of(question))
        if question["kind"] != "choices" and answer != joined(yes_of(question)):
            yield "Compared", words, answer
        made.append(OfShares(_part(now, question, welcome), _part(before, question, welcome)))
    for (words, _, *cells), difference, group in zip(rows, made, groups(made), strict=True):
        ends = tuple(100 * each for each in difference.interval())
        expected = [
            f"{share(difference.before.number, difference.before.of)} of {difference.before.of:,}",
            f"{share(difference.now.number, difference.now.of)} of {difference.now.of:,}",
            with_sign(100 * difference.mean),
            from_to((ends[0], ends[1])),
            VERDICTS[group],
        ]
        if cells != expected:
            yield "Compared", words, cells, "counted", expected


def _part(sheets: Sequence[Sheet], question: Row, welcome: set[str]) -> Part:
    return Part(sum(bool(each[question["code"]] & welcome) for each in sheets), len(sheets))
