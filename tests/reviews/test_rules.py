"""What the partnership and the law say about reviews and learning, as pure rules."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms.kit.errors import Invalid
from reviews.actions.rules import ActionRag, ActionState, is_to_be_reminded, standing
from reviews.cases.rules import CaseDates, ClockState, check_order, check_reasons, clocks
from reviews.embargoes.rules import check_leads_nowhere
from reviews.learning.panels import Gap, ThreadStep, drawn_steps, gaps_and_dates, thread_panel
from reviews.learning.rules import EvidenceSeen, PointFacts, PointStatus, Verdict, check_verdict, status_of
from reviews.themes.rules import theme_counts

TODAY = date(2026, 3, 16)
CHANGED = date(2025, 1, 13)
DAYS = st.dates(date(2024, 1, 1), date(2026, 12, 31))


def test_the_clocks_count_working_days_across_easter() -> None:
    dates = CaseDates(known_on=date(2026, 3, 30), notified_on=date(2026, 4, 1), decided_on=date(2026, 4, 30))
    due = {clock.name: clock.due_on for clock in clocks(dates, today=date(2026, 5, 1))}
    assert due == {
        "notification": date(2026, 4, 8),  # Good Friday and Easter Monday are not counted
        "rapid_review": date(2026, 4, 24),
        "publication": date(2026, 10, 30),
    }


def test_six_months_after_the_last_of_august_is_the_last_of_february() -> None:
    (clock,) = clocks(CaseDates(decided_on=date(2025, 8, 31)), today=TODAY)
    assert (clock.due_on, clock.state) == (date(2026, 2, 28), ClockState.EXCEEDED)


def test_a_clock_is_met_on_its_last_day_and_exceeded_the_day_after() -> None:
    for done_on, state in ((date(2026, 1, 12), ClockState.MET), (date(2026, 1, 13), ClockState.EXCEEDED)):
        first, _ = clocks(CaseDates(known_on=date(2026, 1, 5), notified_on=done_on), today=TODAY)
        assert first.state is state


def test_a_review_that_is_not_published_has_no_publication_clock() -> None:
    assert clocks(CaseDates(decided_on=date(2025, 1, 1)), today=TODAY, is_closed=True) == []


def test_a_step_done_late_is_refused_without_its_reason() -> None:
    late = CaseDates(known_on=date(2026, 1, 5), notified_on=date(2026, 2, 5))
    with pytest.raises(Invalid) as refusal:
        check_reasons(late, today=TODAY)
    assert refusal.value.field == "notification_reason"


@pytest.mark.parametrize(
    ("dates", "field"),
    [
        (CaseDates(known_on=TODAY + timedelta(days=1)), "known_on"),
        (CaseDates(known_on=TODAY, notified_on=TODAY - timedelta(days=1)), "notified_on"),
    ],
)
def test_days_come_in_their_order_and_have_come(dates: CaseDates, field: str) -> None:
    with pytest.raises(Invalid) as refusal:
        check_order(dates, today=TODAY)
    assert refusal.value.field == field


def test_themes_are_counted_once_a_review_the_most_frequent_first() -> None:
    counts = theme_counts({1: ["Neglect", "Under 1s"], 2: ["Neglect", "Neglect"], 3: []})
    assert [(each.theme, each.words) for each in counts] == [("Neglect", "2 of 3"), ("Under 1s", "1 of 3")]


@given(st.dictionaries(st.integers(), st.sets(st.sampled_from("abcdef")), max_size=20))
def test_no_theme_count_is_above_the_number_of_reviews(themes: dict[int, set[str]]) -> None:
    counts = theme_counts(themes)
    assert all(0 < each.count <= each.total == len(themes) for each in counts)
    assert sum(each.count for each in counts) == sum(len(each) for each in themes.values())


@pytest.mark.parametrize(
    ("facts", "status"),
    [
        (PointFacts(), PointStatus.DRAFT),
        (PointFacts(agreed_on=CHANGED), PointStatus.AGREED),
        (PointFacts(agreed_on=CHANGED, addressed_since=(CHANGED,)), PointStatus.ADDRESSED),
        (PointFacts(agreed_on=CHANGED, is_superseded=True), PointStatus.SUPERSEDED),
    ],
)
def test_the_status_follows_from_what_is_linked(facts: PointFacts, status: PointStatus) -> None:
    assert status_of(facts) is status


@pytest.mark.parametrize(
    ("days_after", "verdict", "status"),
    [
        (-1, Verdict.EMBEDDED, PointStatus.ADDRESSED),
        (0, Verdict.EMBEDDED, PointStatus.ADDRESSED),
        (1, Verdict.EMBEDDED, PointStatus.EMBEDDED),
        (1, Verdict.PARTLY, PointStatus.TESTED),
        (1, Verdict.NOT_YET, PointStatus.NOT_YET),
    ],
)
def test_only_evidence_dated_after_the_change_counts(days_after: int, verdict: Verdict, status: PointStatus) -> None:
    found = EvidenceSeen(CHANGED + timedelta(days=days_after), verdict)
    assert status_of(PointFacts(date(2024, 12, 3), None, (CHANGED,), (found,))) is status


def test_a_new_meaning_makes_earlier_evidence_count_no_more() -> None:
    found = EvidenceSeen(date(2025, 6, 1), Verdict.EMBEDDED)
    facts = PointFacts(date(2024, 12, 3), date(2025, 9, 1), (CHANGED,), (found,))
    assert status_of(facts) is PointStatus.ADDRESSED


@given(st.lists(DAYS), st.lists(st.builds(EvidenceSeen, DAYS, st.sampled_from(Verdict))), DAYS)
def test_embedded_always_rests_on_later_evidence(since: list[date], findings: list[EvidenceSeen], agreed: date) -> None:
    facts = PointFacts(agreed, None, tuple(since), tuple(findings))
    if status_of(facts) is PointStatus.EMBEDDED:
        assert any(each.dated_on > min(since) for each in findings if each.verdict is Verdict.EMBEDDED)


def test_early_evidence_is_refused_when_it_says_embedded() -> None:
    check_verdict(Verdict.PARTLY, CHANGED, CHANGED)
    with pytest.raises(Invalid, match="not dated after the change"):
        check_verdict(Verdict.EMBEDDED, CHANGED, CHANGED)


@pytest.mark.parametrize(
    ("state", "due_in", "has_owner", "rag", "words"),
    [
        (ActionState.OPEN, 60, True, ActionRag.GREEN, "On time"),
        (ActionState.OPEN, 5, True, ActionRag.AMBER, "Due soon"),
        (ActionState.OPEN, 0, True, ActionRag.AMBER, "Due soon"),
        (ActionState.OPEN, -1, True, ActionRag.RED, "Overdue"),
        (ActionState.OPEN, 60, False, ActionRag.AMBER, "Owner needed"),
        (ActionState.OPEN, -1, False, ActionRag.RED, "Overdue, owner needed"),
        (ActionState.RETURNED, -1, True, ActionRag.RED, "Overdue"),
        (ActionState.ANSWERED, -1, True, ActionRag.AMBER, "Answered, to be checked"),
        (ActionState.CLOSED, -90, True, ActionRag.GREEN, "Closed"),
    ],
)
def test_red_amber_and_green_follow_a_rule(
    state: ActionState, due_in: int, has_owner: bool, rag: ActionRag, words: str
) -> None:
    found = standing(state, TODAY + timedelta(days=due_in), today=TODAY, has_owner=has_owner)
    assert (found.rag, found.words) == (rag, words)


def test_owners_are_reminded_from_ten_working_days_before() -> None:
    due = date(2026, 4, 9)  # Thursday after Easter
    assert not is_to_be_reminded(ActionState.OPEN, due, today=date(2026, 3, 23))
    assert is_to_be_reminded(ActionState.OPEN, due, today=date(2026, 3, 24))
    assert not is_to_be_reminded(ActionState.CLOSED, due, today=date(2026, 3, 24))


def test_general_words_repeat_nothing_of_what_is_hidden() -> None:
    hidden = ["2025/09", "The girl at the bridge"]
    check_leads_nowhere("Ask children what a day is like for them", hidden=hidden)
    for words in ("As 2025/09 found", "As the girl at the bridge shows"):
        with pytest.raises(Invalid, match="repeats words"):
            check_leads_nowhere(words, hidden=hidden)


def test_steps_stand_in_order_and_share_an_anchor() -> None:
    changed = ThreadStep("changed", 70, "What changed", "Evidence", gaps=(Gap("No audit"),))
    impact = ThreadStep("changed", 71, "What changed", "Impact", gaps=(Gap("No survey"),))
    covered = ThreadStep("covered", 30, "Who teaches it", "Two courses", figure="2", figure_words="courses")
    steps = drawn_steps([thread_panel(each, "x.html") for each in (impact, changed, covered)])
    assert [(step.about.heading, len(step.panels)) for step in steps] == [("Two courses", 1), ("Evidence", 2)]
    assert [gap.words for gap in gaps_and_dates(steps)[0]] == ["No audit", "No survey"]
