"""When people are asked and reminded: month ends, 29 February, weekends, bank holidays, clock changes."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms.kit.working_days import is_working_day, london, london_date, wall_time
from surveys.invitations.rules import (
    InvitationSoFar,
    State,
    can_be_answered,
    closes_at,
    cut_on,
    due_on,
    in_working_hours,
    known,
    last_day_attended,
    next_reminder,
    nine_on_working_day,
    reminder_moments,
    state_of,
)
from surveys.stages.rules import Stage

DAYS = st.dates(date(2013, 1, 1), date(2027, 12, 31))
MOMENTS = st.datetimes(datetime(2013, 1, 1), datetime(2027, 12, 1), timezones=st.just(UTC))  # noqa: DTZ001
SENT = st.tuples(st.sampled_from([Stage.ON_THE_DAY, Stage.IMPACT, Stage.MANAGERS_VIEW]), MOMENTS)


@pytest.mark.parametrize(
    ("last_day", "due", "sent"),
    [
        ("2026-08-31", "2026-11-30", "2026-11-30"),
        ("2026-11-30", "2027-02-28", "2027-03-01"),  # a Sunday
        ("2027-11-30", "2028-02-29", "2028-02-29"),
        ("2026-09-25", "2026-12-25", "2026-12-29"),  # Christmas, a weekend, and Boxing Day's substitute
        ("2026-01-03", "2026-04-03", "2026-04-07"),  # across Easter, 09:00 in summer time
    ],
)
def test_the_worked_examples_of_the_policies(last_day: str, due: str, sent: str) -> None:
    assert due_on(Stage.IMPACT, date.fromisoformat(last_day)) == date.fromisoformat(due)
    at = london(nine_on_working_day(date.fromisoformat(due)))
    assert (at.date().isoformat(), at.time()) == (sent, time(9))


@given(DAYS)
def test_the_survey_is_due_three_months_later_and_never_in_a_fourth(last_day: date) -> None:
    due = due_on(Stage.IMPACT, last_day)
    assert (due.year * 12 + due.month) - (last_day.year * 12 + last_day.month) == 3
    assert due.day == last_day.day or (due.day < last_day.day and (due + timedelta(days=1)).day == 1)


@given(DAYS)
def test_it_goes_at_nine_on_the_first_working_day_from_then_on(day: date) -> None:
    at = london(nine_on_working_day(day))
    assert at.time() == time(9)
    assert is_working_day(at.date())
    assert at.date() >= day
    assert not any(is_working_day(day + timedelta(days=n)) for n in range((at.date() - day).days))


@given(MOMENTS)
def test_nobody_is_written_to_at_night_or_at_the_weekend(moment: datetime) -> None:
    at = in_working_hours(moment)
    shown = london(at)
    assert at >= moment
    assert is_working_day(shown.date())
    assert time(8) <= shown.time() < time(18)
    assert in_working_hours(at) == at


@given(SENT)
def test_reminders_come_in_order_on_working_days_before_the_survey_closes(sent: tuple[Stage, datetime]) -> None:
    stage, sent_at = sent
    closes = closes_at(stage, sent_at, sent_at)
    moments = [each for each in reminder_moments(stage, sent_at) if each is not None]
    assert len(moments) == {Stage.ON_THE_DAY: 1, Stage.IMPACT: 2, Stage.MANAGERS_VIEW: 1}[stage]
    assert moments == sorted(set(moments))
    assert all(sent_at < each < closes for each in moments)
    assert all(is_working_day(london_date(each)) and london(each).time() == time(9) for each in moments)
    walked, done = [], 0
    while (following := next_reminder(stage, sent_at, closes, done)) is not None:
        walked.append(following)
        done += 1
    assert walked == moments


@given(SENT)
def test_a_survey_is_open_for_whole_days_across_clock_changes(sent: tuple[Stage, datetime]) -> None:
    stage, sent_at = sent
    closes = london(closes_at(stage, sent_at, sent_at))
    assert closes.time() == time(23, 59, 59)
    assert (closes.date() - london_date(sent_at)).days == (14 if stage is Stage.ON_THE_DAY else 28)


def test_reminders_of_the_day_count_three_working_days_across_easter() -> None:
    thursday = wall_time(date(2026, 4, 2), time(16))
    assert reminder_moments(Stage.ON_THE_DAY, thursday) == [wall_time(date(2026, 4, 9), time(9))]


def test_where_bank_holidays_are_not_known_nothing_is_guessed() -> None:
    assert known(nine_on_working_day, date(2029, 1, 31)) is None
    assert known(nine_on_working_day, date(2028, 1, 31)) is not None


def test_the_last_day_attended_counts_not_the_last_day_of_the_event() -> None:
    days = {1: date(2026, 5, 12), 2: date(2026, 5, 13), 3: date(2026, 5, 19)}
    assert last_day_attended("1;2", days) == date(2026, 5, 13)
    assert last_day_attended("", days) == date(2026, 5, 19)
    assert last_day_attended("7", days) == date(2026, 5, 19)


@given(MOMENTS)
def test_the_link_is_cut_a_year_after_the_event(ends_at: datetime) -> None:
    assert 364 <= (cut_on(ends_at) - london_date(ends_at)).days <= 366


NOW = datetime(2026, 3, 16, tzinfo=UTC)
DAY = timedelta(days=1)


@pytest.mark.parametrize(
    ("facts", "state", "is_open"),
    [
        (InvitationSoFar(None, None, None, None, None, False), State.SCHEDULED, False),
        (InvitationSoFar(None, None, NOW - DAY, None, NOW + DAY, False), State.SENT, True),
        (InvitationSoFar(None, None, NOW - DAY, NOW, NOW + DAY, False), State.BOUNCED, True),
        (InvitationSoFar(None, None, NOW - DAY, NOW, NOW + DAY, True), State.COMPLETED, False),
        (InvitationSoFar(None, None, NOW - 2 * DAY, None, NOW - DAY, False), State.EXPIRED, False),
        (InvitationSoFar(None, NOW, NOW - DAY, None, NOW + DAY, True), State.WITHDRAWN, False),
        (InvitationSoFar("no_address", None, None, None, None, False), State.NOT_ASKED, False),
    ],
)
def test_the_state_follows_from_the_facts(facts: InvitationSoFar, state: State, is_open: bool) -> None:
    assert state_of(facts, NOW) is state
    assert can_be_answered(facts, NOW) is is_open
