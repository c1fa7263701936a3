"""The people and answers of an installation, as its tables have them: one stage at a time, of half-years told."""

import json
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cached_property
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from tests.house.recount.numbers import day_of, half_of, last_day_to_close, moment_of, next_half

CLOSES_AFTER = {"impact": timedelta(days=150), "managers_view": timedelta(days=150), "on_the_day": timedelta(days=45)}
COMES_OUT_WITHIN = timedelta(days=7)
WAITS = timedelta(days=400)
"""Answers of fewer than five wait so long for others of their course; then they are gone."""
FEW = 5
AGREED = ["Strongly agree", "Agree", "Neither", "Disagree", "Strongly disagree"]
WAYS = {
    "letter": "First email, or My learning",
    "reminder": "After a reminder",
    "qr": "Code on a screen or sheet",
    "paper": "Paper",
}
Row = Mapping[str, Any]
Sheet = Mapping[str, set[str]]
"""What somebody chose, in words, by the code of the question."""


@dataclass(frozen=True)
class Db:
    """The tables of one installation, as of a moment."""

    connection: Connection
    now: datetime

    def rows(self, statement: str, **values: Any) -> list[dict[str, Any]]:
        return [dict(row._mapping) for row in self.connection.execute(sa.text(statement), values)]

    def stage(self, name: str, halves: Sequence[date], courses: Sequence[int] | None = None) -> "StageCount":
        return StageCount(self, name, frozenset(halves), None if courses is None else frozenset(courses))


@dataclass(frozen=True)
class StageCount:
    """One survey: of each event whose survey has closed, its people, its half-year, and what was answered.

    Of all courses, or of some.
    """

    db: Db
    stage: str
    halves: frozenset[date]
    courses: frozenset[int] | None = None

    @cached_property
    def events(self) -> dict[int, Row]:
        """Those that are delivered, whose invitations are all over, with the day on which the last closed."""
        found = self.db.rows(
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
            if row["open"] or row["closed_at"] is None or moment_of(row["closed_at"]) > self.db.now:
                continue
            over[row["id"]] = {**row, "closed_at": moment_of(row["closed_at"]), "held_on": day_of(row["ends_at"])}
        return over

    @cached_property
    def people(self) -> dict[int, list[Row]]:
        """By event: everybody who was there, with what became of their invitation."""
        rows = self.db.rows(
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
        in_order = sorted(
            (row for row in self.events.values() if self.people[row["id"]]),
            key=lambda row: (row["closed_at"], row["id"]),
        )
        answers = {each: sum(row["answered"] is not None for row in rows) for each, rows in self.people.items()}
        of_event, of_pool = {}, {}
        waiting: dict[int, list[Row]] = defaultdict(list)
        for day in sorted({day_of(row["closed_at"]) for row in in_order}):
            for row in [each for each in in_order if day_of(each["closed_at"]) == day]:
                if 0 < answers[row["id"]] < FEW:
                    waiting[row["course_id"]].append(row)
                else:
                    of_event[row["id"]] = self._half_told(row), row["course_id"]
            for course_id in list(waiting):
                some = waiting[course_id]
                some[:] = [row for row in some if day - day_of(row["closed_at"]) < WAITS]
                if sum(answers[row["id"]] for row in some) >= FEW:
                    unit = self._half_told(some[-1]), course_id
                    of_event |= {row["id"]: unit for row in some}
                    of_pool[course_id, (day + timedelta(days=1)).replace(day=1)] = unit
                    del waiting[course_id]
        return of_event, of_pool

    def _half_told(self, row: Row) -> date:
        half = half_of(row["held_on"])
        while day_of(row["closed_at"]) + COMES_OUT_WITHIN > last_day_to_close(half, CLOSES_AFTER[self.stage]):
            half = next_half(half)
        return half

    def _is_meant(self, unit: tuple[date, int]) -> bool:
        return unit[0] in self.halves and (self.courses is None or unit[1] in self.courses)

    @cached_property
    def told(self) -> list[Row]:
        """Everybody who was there, at the events that the half-years tell, with the course."""
        of_event, _ = self.belongs
        return [
            {**row, "course": self.events[event_id]["title"], "half": unit[0]}
            for event_id, unit in of_event.items()
            if self._is_meant(unit)
            for row in self.people[event_id]
        ]

    @property
    def ways(self) -> Counter[str]:
        of_event, _ = self.belongs
        rows = self.db.rows("SELECT event_id, route, people FROM survey_route_count WHERE stage = :s", s=self.stage)
        made: Counter[str] = Counter()
        for row in rows:
            if row["event_id"] in of_event and self._is_meant(of_event[row["event_id"]]):
                made[WAYS[row["route"]]] += row["people"]
        return made

    # What was answered

    @cached_property
    def sheets(self) -> dict[str, tuple[date, int, int]]:
        """Every sheet of all half-years that are told: half-year, course, and the version that was asked."""
        of_event, of_pool = self.belongs
        found = {}
        for row in self.db.rows(
            "SELECT id, event_id, course_id, period_on, version_id FROM survey_answer_sheet WHERE kind = :kind",
            kind=self.stage,
        ):
            pool = row["course_id"], date.fromisoformat(str(row["period_on"]))
            unit = of_pool.get(pool) if row["event_id"] is None else of_event.get(row["event_id"])
            if unit:
                found[row["id"]] = (*unit, row["version_id"])
        return found

    @cached_property
    def chosen(self) -> dict[str, Sheet]:
        """By sheet: what was chosen."""
        found: dict[str, dict[str, set[str]]] = {sheet_id: defaultdict(set) for sheet_id in self.sheets}
        for row in self.db.rows(
            "SELECT a.sheet_id, q.code, q.kind, a.number, o.words FROM survey_answer a "
            "JOIN survey_question q ON q.id = a.question_id LEFT JOIN survey_question_option o ON o.id = a.item "
            "WHERE q.kind IN ('choice', 'choices', 'agreement')"
        ):
            if row["sheet_id"] in found:
                words = AGREED[5 - row["number"]] if row["kind"] == "agreement" else row["words"]
                found[row["sheet_id"]][row["code"]].add(words)
        return found

    @cached_property
    def questions(self) -> dict[str, Row]:
        """By code, as the newest version that was answered says it: with the answers of all versions, by value too."""
        found: dict[str, dict[str, Any]] = {}
        for row in self.db.rows(
            "SELECT q.id, q.code, q.kind, q.words, q.show_if_code, q.show_if_values, q.version_id, q.kirkpatrick "
            "FROM survey_question q WHERE q.kind IN ('choice', 'choices', 'agreement') "
            "AND q.version_id IN (SELECT version_id FROM survey_answer_sheet WHERE kind = :kind) "
            "ORDER BY q.version_id DESC",
            kind=self.stage,
        ):
            options = self.db.rows(
                "SELECT value, words FROM survey_question_option WHERE question_id = :id ORDER BY position, id",
                id=row["id"],
            )
            one = found.setdefault(row["code"], {**row, "options": [], "values": defaultdict(set), "versions": set()})
            one["versions"].add(row["version_id"])
            for option in options:
                one["values"][option["value"]].add(option["words"])
            words = AGREED if row["kind"] == "agreement" else [each["words"] for each in options]
            one["options"] += [each for each in words if each not in one["options"]]
        return found

    def asked(self, question: Row, halves: Sequence[date] | None = None) -> list[Sheet]:
        """The sheets of who was asked a question, in these half-years.

        Their version asks it, and the answers before it lead to it. Where 1 to 4 of a half-year were asked another
        version, they stand with those who gave no answer.
        """
        found: list[Sheet] = []
        for half in self.halves if halves is None else halves:
            asked, others = [], []
            for sheet_id, (of, course_id, version_id) in self.sheets.items():
                if of == half and self._is_meant((of, course_id)) and self._is_led_to(question, self.chosen[sheet_id]):
                    (asked if version_id in question["versions"] else others).append(self.chosen[sheet_id])
            found += asked if asked and len(others) >= FEW else [*asked, *others]
        return found

    def _is_led_to(self, question: Row, sheet: Sheet) -> bool:
        if not question["show_if_code"]:
            return True
        parent, values = self.questions[question["show_if_code"]], question["show_if_values"]
        named = json.loads(values) if isinstance(values, str) else values
        return bool(sheet[parent["code"]] & {words for each in named for words in parent["values"][each]})

    # In their own words

    @cached_property
    def texts(self) -> list[Row]:
        """Those that reports may show, of what is told, with their themes."""
        themes: dict[str, set[str]] = defaultdict(set)
        for row in self.db.rows(
            "SELECT l.text_id, t.name FROM survey_answer_text_theme l JOIN survey_text_theme t ON t.id = l.theme_id"
        ):
            themes[row["text_id"]].add(row["name"])
        rows = self.db.rows(
            "SELECT t.id, t.sheet_id, t.words, t.is_coded, t.is_example, q.code FROM survey_answer_text t "
            "JOIN survey_question q ON q.id = t.question_id WHERE t.state IN ('shown', 'released')"
        )
        return [
            {**row, "themes": themes[row["id"]]}
            for row in rows
            if (unit := self.sheets.get(row["sheet_id"])) and self._is_meant(unit[:2])
        ]
