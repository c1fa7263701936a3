"""The sheets of who answered before and three months on, by course and half-year, and what they come to."""

import json
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from typing import Any

from tests.house.recount.numbers import Change, Group, group_of
from tests.house.recount.tables import FEW, Db, Row

OUTCOMES = "What the course set out to teach"
Numbers = tuple[float, ...]


@dataclass(frozen=True)
class PracticeSheet:
    """One person's steps, by code and item: item 0, the place of an outcome, or -1 for right (2) and wrong (1)."""

    course_id: int
    half: date
    side: str
    steps: Mapping[tuple[str, int], Row]

    def both(self, code: str, item: int | None = None) -> list[Row]:
        """What was answered before and three months on, of all items or of one."""
        return [
            row
            for (of, place), row in self.steps.items()
            if of == code and (item is None or place == item) and row["before"] and row["after"]
        ]


@dataclass(frozen=True)
class Practices:
    """All sheets that came out. Of one course its outcomes have names."""

    db: Db
    course_id: int | None = None

    @cached_property
    def sheets(self) -> list[PracticeSheet]:
        steps: dict[str, dict[tuple[str, int], Row]] = defaultdict(dict)
        for row in self.db.rows("SELECT * FROM survey_practice_answer"):
            steps[row["sheet_id"]][row["code"], row["item"]] = row
        return [
            PracticeSheet(row["course_id"], date.fromisoformat(str(row["half_on"])), row["side"], steps[row["id"]])
            for row in self.db.rows("SELECT id, course_id, half_on, side FROM survey_practice_sheet")
        ]

    def of(self, halves: Iterable[date], courses: Iterable[int] | None = None) -> "Told":
        """Those of half-years, and perhaps of some courses."""
        told, chosen = set(halves), None if courses is None else set(courses)
        return Told(
            [each for each in self.sheets if each.half in told and (chosen is None or each.course_id in chosen)]
        )

    @cached_property
    def questions(self) -> dict[str, dict[str, Any]]:
        """By code: what is asked of a practice, or beside it, as its newest published version of that stage says it."""
        rows = self.db.rows(
            "SELECT q.code, q.kind, q.words, q.sense, q.practice_code, q.vignette, q.kirkpatrick, q.version_id, "
            "q.learning_point_id, s.kind AS stage, v.survey_id FROM survey_question q "
            "JOIN survey_version v ON v.id = q.version_id JOIN survey s ON s.id = v.survey_id "
            "WHERE v.published_at IS NOT NULL ORDER BY q.version_id"
        )
        later = {row["code"] for row in rows if row["stage"] == "impact"}
        return {row["code"]: row for row in rows if row["stage"] == "impact" or row["code"] not in later}

    def code_of(self, words: str) -> tuple[str, int | None]:
        """The practice that a line names: its code, and the item; None for the mean of all outcomes."""
        of_outcomes = next((code for code, each in self.questions.items() if each["kind"] == "outcomes"), "")
        if words == OUTCOMES:
            return of_outcomes, None
        if words in self.outcomes:
            return of_outcomes, self.outcomes[words]
        return next(code for code, each in self.questions.items() if each["words"] == words), 0

    @cached_property
    def outcomes(self) -> dict[str, int]:
        """By its words, the place of an outcome in the course."""
        query = "SELECT outcomes FROM course_version WHERE is_current AND course_id = :id"
        rows = self.db.rows(query, id=self.course_id)
        lists = (row["outcomes"] if isinstance(row["outcomes"], list) else json.loads(row["outcomes"]) for row in rows)
        return {words: place for each in lists for place, words in enumerate(each, start=1)}


@dataclass(frozen=True)
class Told:
    """Some sheets, and the changes that they show."""

    sheets: Sequence[PracticeSheet]

    @property
    def pairs(self) -> list[PracticeSheet]:
        return [each for each in self.sheets if each.side == "both"]

    @property
    def unpaired(self) -> int:
        return sum(each.side == "after" for each in self.sheets)

    def change(self, code: str, item: int | None = 0, value: str = "after") -> Change:
        """Of outcomes the mean of each one's own; on the day only of those who said it of each of them."""
        asked = self.asked(self.pairs, lambda sheet: bool(sheet.both(code, item)))
        made = []
        for both in [sheet.both(code, item) for sheet in asked]:
            if both and all(row[value] is not None for row in both):
                made.append((_mean(row["before"] for row in both), _mean(row[value] for row in both)))
        return Change(made, len(asked))

    @staticmethod
    def asked(sheets: Sequence[PracticeSheet], has_said: Callable[[PracticeSheet], bool]) -> list[PracticeSheet]:
        """Those of the courses and half-years in which anybody said it."""
        units = {(each.course_id, each.half) for each in sheets if has_said(each)}
        return [each for each in sheets if (each.course_id, each.half) in units]

    def own_means(self) -> Change:
        """Each pair's own mean of all that was answered both times."""
        made = []
        for sheet in self.pairs:
            both = [row for (_, item), row in sheet.steps.items() if item >= 0 and row["before"] and row["after"]]
            if both:
                made.append((_mean(row["before"] for row in both), _mean(row["after"] for row in both)))
        return Change(made, len(self.pairs))

    def on_the_day(self) -> list[PracticeSheet]:
        """Who answered three months on and said anything on the day; everybody, where 1 to 4 said nothing then."""
        later = [each for each in self.sheets if each.side in ("both", "after")]
        there = [each for each in later if any(row["on_the_day"] for row in each.steps.values())]
        return later if 0 < len(later) - len(there) < FEW else there

    def columns(
        self, sheets: Sequence[PracticeSheet], code: str, other: str, pick: Callable[[Row, Row], Numbers]
    ) -> tuple[list[Numbers], int]:
        """Numbers of a practice and of the question beside it, of outcomes means; and of how many who were asked."""

        def said(sheet: PracticeSheet) -> list[Numbers]:
            found = [
                pick(row, sheet.steps[other, item])
                for (of, item), row in sheet.steps.items()
                if of == code and (other, item) in sheet.steps
            ]
            return [each for each in found if None not in each]

        asked = self.asked(sheets, lambda sheet: bool(said(sheet)))
        whole = [numbers for sheet in asked if (numbers := said(sheet))]
        return [tuple(_mean(column) for column in zip(*each, strict=True)) for each in whole], len(asked)

    def starts(self, code: str | None) -> tuple[Group, Group] | None:
        """Where those stood before who answered later, and who did not; None where either are fewer than five."""

        def numbers(sheet: PracticeSheet) -> list[float]:
            rows = sheet.steps.items()
            return [row["before"] for (of, item), row in rows if code in (None, of) and item >= 0 and row["before"]]

        there = self.asked(
            [each for each in self.sheets if each.side in ("both", "before")], lambda s: bool(numbers(s))
        )
        made = []
        for side in ("both", "before"):
            asked = [numbers(each) for each in there if each.side == side]
            means = [_mean(each) for each in asked if each]
            if len(means) < FEW or (len(asked) < 2 * FEW and 0 < len(asked) - len(means) < FEW):
                return None
            made.append(replace(group_of(means), asked=len(asked)))
        later, others = made
        return later, others


def _mean(numbers: Iterable[float]) -> float:
    those = list(numbers)
    return sum(those) / len(those)
