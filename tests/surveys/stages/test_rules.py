"""One table of stages: what happens at each follows from its row, also at one that nobody has thought of yet."""

import ast
from collections.abc import Mapping
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from surveys.invitations.rules import closes_at, due_on, next_reminder, reminder_moments
from surveys.questions.rules import KIND_WORDS, SurveyKind, kind_of
from surveys.stages import rules
from surveys.stages.rules import (
    AFTER,
    BEFORE,
    OF_DELEGATES,
    OF_MANAGERS,
    OF_WAITING,
    STAGES,
    UNTIL_IT_BEGINS,
    Stage,
    StageOf,
)

ROOT = Path(__file__).parents[3]
NAMED_IN = {
    "surveys/stages/rules.py",
    "surveys/answers/demonstration.py",
    "surveys/demonstration.py",
    "surveys/impact/queries.py",
    "surveys/response/queries.py",
}
"""Where one certain stage is meant: the table, invented answers, impact, and the letter to managers."""
SENT, STARTS = datetime(2026, 3, 2, 9, tzinfo=UTC), datetime(2026, 3, 20, 9, tzinfo=UTC)


def test_every_stage_has_a_row_and_a_kind_of_survey_of_its_words() -> None:
    assert list(STAGES) == list(Stage)
    own = [stage for stage in Stage if not stage.of.asks]
    assert all(KIND_WORDS[kind_of(stage)] == stage.of.words for stage in own)
    assert all(kind_of(stage).value == (stage.of.asks or stage.value) for stage in Stage)
    assert {*BEFORE, *AFTER, *OF_WAITING} == {*OF_DELEGATES, *OF_MANAGERS} == set(Stage)
    assert not {*BEFORE, *AFTER} & {*OF_WAITING}
    assert SurveyKind.WORKFORCE in KIND_WORDS


@pytest.mark.parametrize("months", [6, 12])
def test_a_stage_that_is_made_up_is_asked_reminded_and_closed_by_its_row(
    monkeypatch: pytest.MonkeyPatch, months: int
) -> None:
    made_up = StageOf("Much later", "Long survey", after_months=months, open_days=21, reminder_days=(10,))
    table: Mapping[Stage, StageOf] = {**STAGES, Stage.IMPACT: made_up}
    monkeypatch.setattr(rules, "STAGES", table)
    stage = Stage.IMPACT
    assert due_on(stage, date(2026, 8, 31)) == date(2027, 2, 28) if months == 6 else date(2027, 8, 31)
    assert closes_at(stage, SENT, STARTS).date() == date(2026, 3, 23)
    assert [each.date() for each in reminder_moments(stage, SENT) if each] == [date(2026, 3, 12)]
    assert next_reminder(stage, SENT, closes_at(stage, SENT, STARTS), 1) is None


def test_what_is_asked_before_the_event_closes_when_it_begins_and_is_not_reminded() -> None:
    for stage in UNTIL_IT_BEGINS:
        assert closes_at(stage, SENT, STARTS) == STARTS
        assert reminder_moments(stage, SENT) == []


def test_a_stage_is_named_in_a_handful_of_files() -> None:
    """Everything else asks the row, so that a new stage has one place."""
    named = {
        str(path.relative_to(ROOT))
        for path in sorted((ROOT / "surveys").rglob("*.py"))
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "Stage"
        if node.attr in Stage.__members__
    }
    assert named <= NAMED_IN
