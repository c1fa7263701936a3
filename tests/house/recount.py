"""Counts what the report on impact tells once more: by plain SQL on the tables and its own arithmetic, nothing else.

It does not decide again what may be told. It looks at what is printed: a number must be the number of those of whom the
line speaks, "fewer than 5" must be 1 to 4, "most of 20" all but 1 to 4, and lines that are told together must be those
that are not named, with their sum.
"""

import json
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from functools import cached_property
from math import exp, lgamma, pi, sqrt
from typing import Any
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlalchemy.engine import Connection

LONDON = ZoneInfo("Europe/London")
CLOSES_AFTER = timedelta(days=150)
COMES_OUT_WITHIN = timedelta(days=7)
FEW = 5
AGREED = ["Strongly agree", "Agree", "Neither", "Disagree", "Strongly disagree"]
WAYS = {"letter": "First letter", "reminder": "After a reminder", "qr": "Code on a screen or sheet", "paper": "Paper"}
Row = Mapping[str, Any]


def half_of(day: date) -> date:
    """The first day of its half-year."""
    if 4 <= day.month <= 9:
        return date(day.year, 4, 1)
    return date(day.year if day.month >= 10 else day.year - 1, 10, 1)


def next_half(first: date) -> date:
    return date(first.year, 10, 1) if first.month == 4 else date(first.year + 1, 4, 1)


def last_day_to_close(first: date) -> date:
    return next_half(first) - timedelta(days=1) + CLOSES_AFTER


def half_words(first: date) -> str:
    return f"April to September {first.year}" if first.month == 4 else f"October {first.year} to March {first.year + 1}"


def rounded(number: float, digits: int = 1) -> str:
    """Half away from nothing, with a real minus."""
    made = Decimal(repr(round(number, 9))).quantize(Decimal(1).scaleb(-digits), ROUND_HALF_UP)
    return f"−{-made}" if made < 0 else f"{abs(made)}"


def share(number: int, of: int) -> str:
    """One decimal, half up."""
    return f"{(Decimal(100 * number) / of).quantize(Decimal('0.1'), ROUND_HALF_UP)}%" if of else "not applicable"


def within(t: float, freedom: int) -> float:
    """How much of Student's distribution lies within -t and t: Simpson's rule over its density."""
    top = lgamma((freedom + 1) / 2) - lgamma(freedom / 2)
    scale = exp(top) / sqrt(freedom * pi)
    steps = 1000
    width = t / steps

    def density(x: float) -> float:
        return scale * (1 + x * x / freedom) ** (-(freedom + 1) / 2)

    weights = [1, *([4, 2] * (steps // 2))]
    weights[-1] = 1
    return 2 * width / 3 * sum(weight * density(place * width) for place, weight in enumerate(weights))


def student(freedom: int, share_within: float) -> float:
    low, high = 0.0, 1.0
    while within(high, freedom) < share_within:
        low, high = high, 2 * high
    for _ in range(50):
        middle = (low + high) / 2
        low, high = (middle, high) if within(middle, freedom) < share_within else (low, middle)
    return high


@dataclass(frozen=True)
class Change:
    """Of the same people, before and after."""

    pairs: Sequence[tuple[float, float]]

    @property
    def n(self) -> int:
        return len(self.pairs)

    @property
    def mean(self) -> float:
        return sum(after - before for before, after in self.pairs) / self.n

    @property
    def spread(self) -> float:
        return sqrt(sum((after - before - self.mean) ** 2 for before, after in self.pairs) / (self.n - 1))

    def interval(self, misses: float = 0.05) -> tuple[float, float]:
        reach = student(self.n - 1, 1 - misses) * self.spread / sqrt(self.n)
        return self.mean - reach, self.mean + reach

    @property
    def sure(self) -> float:
        """Larger where chance alone is less likely."""
        return within(min(abs(self.mean) / (self.spread / sqrt(self.n)), 20), self.n - 1) if self.spread else 1.0

    @property
    def before(self) -> str:
        return rounded(sum(each for each, _ in self.pairs) / self.n)

    @property
    def after(self) -> str:
        return rounded(sum(each for _, each in self.pairs) / self.n)

    @property
    def shown(self) -> str:
        said = rounded(self.mean)
        return f"fell by {said[1:]}" if said[0] == "−" else "no change" if said == "0.0" else f"+{said}"

    @property
    def shown_interval(self) -> str:
        low, high = self.interval()
        return f"{rounded(low)} to {rounded(high)}"


def groups(changes: Sequence[Change]) -> list[str]:
    """Holm: the surest first, against an interval for all that are left, until one holds 0."""
    found = ["no clear change"] * len(changes)
    order = sorted(range(len(changes)), key=lambda place: -changes[place].sure)
    for done, place in enumerate(order):
        low, high = changes[place].interval(0.05 / (len(changes) - done))
        if low <= 0 <= high:
            break
        found[place] = "stronger" if low > 0 else "weaker"
    return found


@dataclass
class Recount:
    """The tables of one installation, as of a moment. `halves` are those that the report says it tells."""

    connection: Connection
    now: datetime
    halves: frozenset[date]

    def rows(self, statement: str, **values: Any) -> list[dict[str, Any]]:
        return [dict(row._mapping) for row in self.connection.execute(sa.text(statement), values)]

    # Who was asked, and to which half-year an event belongs

    @cached_property
    def impact(self) -> "StageCount":
        return StageCount(self, "impact")

    @cached_property
    def managers(self) -> "StageCount":
        return StageCount(self, "managers_view")

    # What changed

    @cached_property
    def pairs(self) -> dict[date, list[dict[tuple[str, int], Row]]]:
        """By half-year: of each who answered before and after, what they said."""
        sheets: dict[str, dict[tuple[str, int], Row]] = defaultdict(dict)
        halves: dict[str, date] = {}
        for row in self.rows(
            "SELECT s.id, s.half_on, a.code, a.item, a.before, a.on_the_day, a.after FROM survey_practice_sheet s "
            "LEFT JOIN survey_practice_answer a ON a.sheet_id = s.id WHERE s.side = 'both'"
        ):
            halves[row["id"]] = date.fromisoformat(str(row["half_on"]))
            if row["code"]:
                sheets[row["id"]][row["code"], row["item"]] = row
        found: dict[date, list[dict[tuple[str, int], Row]]] = defaultdict(list)
        for sheet, half in halves.items():
            found[half].append(sheets[sheet])
        return found

    def change(self, code: str, halves: Iterable[date], value: str = "after") -> Change:
        """Of everybody in these half-years; of outcomes the mean of each one's own."""
        made = []
        for half in halves:
            for sheet in self.pairs[half]:
                both = [row for (of, _), row in sheet.items() if of == code and row["before"] and row["after"]]
                if both and all(row[value] is not None for row in both):
                    made.append(tuple(sum(row[each] for row in both) / len(both) for each in ("before", value)))
        return Change(made)  # type: ignore[arg-type]

    @cached_property
    def practices(self) -> dict[str, str]:
        """The scales that are asked before, in the words of the latest version, by their code."""
        rows = self.rows(
            "SELECT q.code, q.kind, q.words FROM survey_question q JOIN survey_version v ON v.id = q.version_id "
            "JOIN survey s ON s.id = v.survey_id WHERE s.kind = 'impact' AND q.kind IN ('scale', 'outcomes') "
            "ORDER BY v.published_at, v.id, q.position"
        )
        of_outcomes = "What the course set out to teach"
        return {row["code"]: of_outcomes if row["kind"] == "outcomes" else row["words"] for row in rows}


class StageCount:
    """One survey: of each event whose survey has closed, its people, its half-year, and what was answered."""

    def __init__(self, count: Recount, stage: str) -> None:
        self.count, self.stage = count, stage

    @cached_property
    def events(self) -> dict[int, Row]:
        """Those that are delivered, whose invitations are all over, with the day on which the last closed."""
        found = self.count.rows(
            "SELECT e.id, e.course_id, e.ends_at, max(i.closes_at) AS closed_at, v.title, "
            "sum(CASE WHEN i.not_asked IS NULL AND i.closes_at IS NULL THEN 1 ELSE 0 END) AS open "
            "FROM survey_invitation i JOIN event e ON e.id = i.event_id "
            "JOIN course_version v ON v.course_id = e.course_id AND v.is_current "
            "WHERE i.stage = :stage AND i.withdrawn_at IS NULL AND e.state = 'delivered' "
            "GROUP BY e.id, e.course_id, e.ends_at, v.title",
            stage=self.stage,
        )
        over = {}
        for row in found:
            if row["open"] or row["closed_at"] is None or _moment(row["closed_at"]) > self.count.now:
                continue
            over[row["id"]] = {**row, "closed_at": _moment(row["closed_at"]), "held_on": _day(row["ends_at"])}
        return over

    @cached_property
    def people(self) -> dict[int, list[Row]]:
        """By event: everybody who was there, with what became of their invitation."""
        rows = self.count.rows(
            "SELECT b.event_id, a.name AS agency, s.name AS sector, i.id AS invited, i.sent_at, i.bounced_at, "
            "i.not_asked, w.invitation_id AS answered FROM booking b "
            "LEFT JOIN survey_invitation i ON i.booking_id = b.id AND i.stage = :stage AND i.withdrawn_at IS NULL "
            "LEFT JOIN survey_answered w ON w.invitation_id = i.id "
            "LEFT JOIN agency a ON a.id = b.agency_id LEFT JOIN sector s ON s.id = b.sector_id "
            "WHERE b.state = 'confirmed' AND b.outcome IN ('attended', 'part_attended')",
            stage=self.stage,
        )
        found: dict[int, list[Row]] = defaultdict(list)
        for row in rows:
            if row["event_id"] in self.events:
                found[row["event_id"]].append(row)
        return found

    @cached_property
    def belongs(self) -> tuple[dict[int, tuple[date, int]], dict[tuple[int, date], tuple[date, int]]]:
        """Event to (half-year, course); and what came out without its event, by course and month."""
        in_order = sorted((row for row in self.events.values() if self.people[row["id"]]), key=_closing)
        answers = {each: sum(row["answered"] is not None for row in rows) for each, rows in self.people.items()}
        of_event, of_pool = {}, {}
        waiting: dict[int, list[Row]] = defaultdict(list)
        days = sorted({_day(row["closed_at"]) for row in in_order})
        for day in days:
            those = [row for row in in_order if _day(row["closed_at"]) == day]
            for row in those:
                if 0 < answers[row["id"]] < FEW:
                    waiting[row["course_id"]].append(row)
                else:
                    of_event[row["id"]] = _half_told(row), row["course_id"]
            for course_id in list(waiting):
                some = waiting[course_id]
                if sum(answers[row["id"]] for row in some) >= FEW:
                    unit = _half_told(some[-1]), course_id
                    of_event |= {row["id"]: unit for row in some}
                    of_pool[course_id, (day + timedelta(days=1)).replace(day=1)] = unit
                    del waiting[course_id]
        return of_event, of_pool

    @cached_property
    def told(self) -> list[Row]:
        """Everybody who was there, at the events that the report's half-years tell, with the course."""
        of_event, _ = self.belongs
        return [
            {**row, "course": self.events[event_id]["title"]}
            for event_id, (half, _) in of_event.items()
            if half in self.count.halves
            for row in self.people[event_id]
        ]

    @property
    def ways(self) -> Counter[str]:
        of_event, _ = self.belongs
        rows = self.count.rows("SELECT event_id, route, people FROM survey_route_count WHERE stage = :s", s=self.stage)
        made: Counter[str] = Counter()
        for row in rows:
            if row["event_id"] in of_event and of_event[row["event_id"]][0] in self.count.halves:
                made[WAYS[row["route"]]] += row["people"]
        return made

    @cached_property
    def answers(self) -> dict[date, dict[str, dict[str, set[str]]]]:
        """By half-year that is told, sheet and question: what was chosen, in words."""
        of_event, of_pool = self.belongs
        units = {}
        for sheet in self.count.rows(
            "SELECT id, event_id, course_id, period_on FROM survey_answer_sheet WHERE kind = :kind", kind=self.stage
        ):
            unit = of_event.get(sheet["event_id"]) or of_pool.get(
                (sheet["course_id"], date.fromisoformat(str(sheet["period_on"])))
            )
            if unit and unit[0] in self.count.halves and (sheet["event_id"] is None or sheet["event_id"] in of_event):
                units[sheet["id"]] = unit[0]
        found: dict[date, dict[str, dict[str, set[str]]]] = defaultdict(dict)
        for sheet_id, half in units.items():
            found[half][sheet_id] = defaultdict(set)
        for row in self.count.rows(
            "SELECT a.sheet_id, q.code, q.kind, a.number, o.words FROM survey_answer a "
            "JOIN survey_question q ON q.id = a.question_id LEFT JOIN survey_question_option o ON o.id = a.item "
            "WHERE q.kind IN ('choice', 'choices', 'agreement')"
        ):
            if row["sheet_id"] in units:
                words = AGREED[5 - row["number"]] if row["kind"] == "agreement" else row["words"]
                found[units[row["sheet_id"]]][row["sheet_id"]][row["code"]].add(words)
        return found

    @cached_property
    def questions(self) -> dict[str, Row]:
        """By their words: the question of the latest version, and what can be chosen."""
        found = {}
        for row in self.count.rows(
            "SELECT q.id, q.code, q.kind, q.words, q.show_if_code, q.show_if_values FROM survey_question q "
            "JOIN survey_version v ON v.id = q.version_id JOIN survey s ON s.id = v.survey_id "
            "WHERE s.kind = :kind AND q.kind IN ('choice', 'choices', 'agreement') ORDER BY v.published_at, v.id",
            kind=self.stage,
        ):
            options = self.count.rows(
                "SELECT value, words FROM survey_question_option WHERE question_id = :id ORDER BY position, id",
                id=row["id"],
            )
            found[row["words"]] = {
                **row,
                "values": {each["value"]: each["words"] for each in options},
                "options": AGREED if row["kind"] == "agreement" else [each["words"] for each in options],
            }
        return found

    def asked(self, question: Row) -> list[dict[str, set[str]]]:
        """The sheets of who was asked a question: everybody, or who gave the answers before it that lead to it."""
        sheets = [sheet for half in self.answers.values() for sheet in half.values()]
        if not question["show_if_code"]:
            return sheets
        parent = next(each for each in self.questions.values() if each["code"] == question["show_if_code"])
        values = question["show_if_values"]
        leading = {parent["values"].get(each) for each in (json.loads(values) if isinstance(values, str) else values)}
        return [sheet for sheet in sheets if sheet[parent["code"]] & leading]


def _moment(value: Any) -> datetime:
    made = datetime.fromisoformat(value) if isinstance(value, str) else value
    return made if made.tzinfo else made.replace(tzinfo=ZoneInfo("UTC"))


def _day(value: Any) -> date:
    return _moment(value).astimezone(LONDON).date()


def _closing(row: Row) -> tuple[datetime, int]:
    return row["closed_at"], row["id"]


def _half_told(row: Row) -> date:
    half = half_of(row["held_on"])
    while _day(row["closed_at"]) + COMES_OUT_WITHIN > last_day_to_close(half):
        half = next_half(half)
    return half


# What is printed, against it


def is_as_counted(shown: str, number: int, of: int) -> bool:
    """Whether a cell says of so many what it may: the number, that it is small, that it is most of all, or between
    which numbers it lies."""
    if shown == "fewer than 5":
        return 0 < number < FEW
    if shown.startswith("most of "):
        return shown == f"most of {of:,}" and 0 < of - number < FEW
    if " to " in shown:
        low, high = (int(each.replace(",", "")) for each in shown.split(" to "))
        return low <= number <= high and high - low >= FEW - 2
    return shown == f"{number:,}"


def joined(words: Sequence[str]) -> str:
    """Not yet, but I will, or no"""
    comma = "," if any("," in each for each in words) else ""
    first, *others = words
    small = [each if each[:2] in ("I ", "I’") or each[1:2].isupper() else each[0].lower() + each[1:] for each in others]
    return first + "".join(f"{comma} or {each}" for each in small)


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


def funnel(rows: Sequence[Row]) -> tuple[int, int, int, int]:
    """Attended, invited, delivered, answered."""
    sent = [row for row in rows if row["sent_at"] is not None]
    arrived = [row for row in sent if row["bounced_at"] is None or row["answered"] is not None]
    return len(rows), len(sent), len(arrived), sum(row["answered"] is not None for row in rows)
