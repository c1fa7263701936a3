"""What a booking is charged: every worked example of the policy, and what must hold for any dates."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from charges.claims.rules import ChargeableClaim, ChargeReason, MarkedDay, assess, under, usual_deadline
from courses.attendance.register.rules import MarkKind
from courses.booking.bookings.rules import BookingState, Outcome
from lms.kit.working_days import free_cancellation_until, wall_time
from lms.policies.rules import Policy

POLICY = Policy()
ABSENT, TURNED_AWAY, IN_PART = Outcome.DID_NOT_ATTEND, Outcome.TURNED_AWAY, Outcome.PART_ATTENDED
CANCELLED = BookingState.CANCELLED
DNA, LATE = ChargeReason.DID_NOT_ATTEND, ChargeReason.LATE_CANCELLATION


def day(
    on: date, hours: float = 6.5, *, number: int = 1, mark: MarkKind | None = None, at: time = time(9, 30)
) -> MarkedDay:
    starts = wall_time(on, at)
    return MarkedDay(number, starts, starts + timedelta(hours=hours), mark)


def claim(*days: MarkedDay, **values: object) -> ChargeableClaim:
    """Booked long before, on Thursday 9 April 2026 unless said otherwise."""
    those = days or (day(date(2026, 4, 9)),)
    usual = {"confirmed_at": datetime(2026, 1, 12, 10, 42, tzinfo=UTC), "free_until": deadline(those[0])}
    return ChargeableClaim(days=those, **{**usual, **values})  # type: ignore[arg-type]


def deadline(first: MarkedDay) -> datetime:
    return free_cancellation_until(first.starts_at.date(), 5)


def pence(made: ChargeableClaim, policy: Policy = POLICY) -> int:
    return assess(made, policy, 3).pence


def test_a_long_day_missed_costs_fifty_pounds_and_a_short_one_thirty_five() -> None:
    on = date(2026, 4, 9)
    assert pence(claim(day(on, 6.5), outcome=ABSENT)) == 5000
    assert pence(claim(day(on, 4), outcome=ABSENT)) == 3500, "four hours exactly are a short day"
    assert pence(claim(day(on, 4 + 1 / 60), outcome=ABSENT)) == 5000


def test_each_day_missed_is_charged_at_its_own_length() -> None:
    days = (day(date(2026, 5, 12), 6.5), day(date(2026, 5, 13), 3, number=2))
    found = assess(claim(*days, outcome=ABSENT), POLICY, 1)
    assert [(line.day.number, line.pence, line.reason) for line in found.lines] == [(1, 5000, DNA), (2, 3500, DNA)]


@pytest.mark.parametrize(
    ("first_day", "last_free_day"),
    [
        (date(2026, 4, 9), date(2026, 3, 31)),  # across Easter
        (date(2026, 9, 1), date(2026, 8, 24)),  # across the summer bank holiday
        (date(2026, 6, 16), date(2026, 6, 9)),
        (date(2026, 4, 11), date(2026, 4, 2)),  # a Saturday
        (date(2027, 1, 4), date(2026, 12, 23)),  # across Christmas and New Year
    ],
)
def test_cancelling_is_free_to_the_last_second_and_one_second_later_it_is_not(
    first_day: date, last_free_day: date
) -> None:
    until = wall_time(last_free_day, time(23, 59, 59))
    made = claim(day(first_day), state=CANCELLED, cancelled_at=until)
    assert made.free_until == until
    assert pence(made) == 0
    late = assess(replace(made, cancelled_at=until + timedelta(seconds=1)), POLICY, 1)
    assert [(line.pence, line.reason) for line in late.lines] == [(5000, LATE)]


def test_a_deadline_in_summer_time_is_an_hour_earlier_by_utc() -> None:
    assert claim().free_until == datetime(2026, 3, 31, 22, 59, 59, tzinfo=UTC)


def test_a_late_cancellation_explains_itself_in_words_and_times() -> None:
    made = claim(
        day(date(2026, 4, 16)),
        state=CANCELLED,
        cancelled_at=wall_time(date(2026, 4, 14), time(14, 10)),
        free_until=wall_time(date(2026, 3, 31), time(23, 59, 59)),
    )
    (line,) = assess(made, POLICY, 3).lines
    assert line.why == (
        "Cancelled Tue 14 Apr 2026 14:10; free until Tue 31 Mar 2026 23:59; policy version 3; "
        "6 hours 30 minutes, over 4 hours: £50."
    )


def test_a_non_attendance_explains_itself() -> None:
    (line,) = assess(claim(day(date(2026, 3, 3), mark=MarkKind.ABSENT), outcome=ABSENT), POLICY, 3).lines
    assert line.why == (
        "Did not attend Tue 3 Mar 2026, 09:30 to 16:00. Not cancelled, free until Tue 24 Feb 2026 23:59; "
        "policy version 3; 6 hours 30 minutes, over 4 hours: £50."
    )


def test_late_cancellation_of_several_days_is_charged_for_each() -> None:
    days = tuple(day(date(2026, 5, 12 + n), number=n + 1) for n in range(3))
    made = claim(*days, state=CANCELLED, cancelled_at=days[0].starts_at - timedelta(hours=1))
    assert pence(made) == 15000, "the deadline counts from the first day, and each day is missed"


def test_somebody_turned_away_late_is_charged_as_for_not_attending() -> None:
    (line,) = assess(claim(day(date(2026, 3, 3), mark=MarkKind.TURNED_AWAY), outcome=TURNED_AWAY), POLICY, 1).lines
    assert (line.pence, line.reason) == (5000, DNA)
    assert line.why.startswith("Turned away late on Tue 3 Mar 2026")


def test_part_of_a_day_costs_nothing_and_a_whole_day_of_several_costs_that_day() -> None:
    first, second = (
        day(date(2026, 5, 12), mark=MarkKind.PRESENT),
        day(date(2026, 5, 13), number=2, mark=MarkKind.ABSENT),
    )
    assert pence(claim(first, outcome=IN_PART)) == 0
    found = assess(claim(first, second, outcome=IN_PART), POLICY, 1)
    assert [line.day.number for line in found.lines] == [2]


def test_an_excused_day_is_not_charged() -> None:
    assert pence(claim(day(date(2026, 5, 12), mark=MarkKind.EXCUSED), outcome=ABSENT)) == 0


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"outcome": Outcome.ATTENDED}, "Attended."),
        ({"outcome": None}, "not finalised"),
        (
            {"outcome": ABSENT, "exempt": "Home-Start is exempt"},
            "Home-Start is exempt: not charged, still",
        ),
        ({"outcome": ABSENT, "is_running": False}, "cancelled or postponed"),
        ({"state": BookingState.SUBSTITUTED}, "colleague took the place"),
        ({"state": BookingState.RELEASED}, "partnership released"),
        ({"state": BookingState.TRANSFERRED}, "another date"),
        ({"state": BookingState.WAITING, "confirmed_at": None}, "never held"),
        ({"outcome": IN_PART, "is_walk_in": True}, "without a booking"),
        (
            {
                "state": CANCELLED,
                "cancelled_at": datetime(2026, 4, 8, tzinfo=UTC),
                "has_other_place": True,
            },
            "again",
        ),
    ],
)
def test_nobody_is_charged_and_the_reason_is_said(values: dict[str, object], words: str) -> None:
    found = assess(claim(**values), POLICY, 1)
    assert found.lines == ()
    assert words in found.why_not


PROMOTED = {"queued_at": datetime(2026, 2, 1, tzinfo=UTC)}


def test_somebody_promoted_inside_the_notice_period_never_pays_for_cancelling() -> None:
    promoted_at = datetime(2026, 4, 2, 9, 0, tzinfo=UTC)
    made = claim(
        state=CANCELLED,
        cancelled_at=datetime(2026, 4, 8, tzinfo=UTC),
        confirmed_at=promoted_at,
        **PROMOTED,
    )
    found = assess(made, POLICY, 1)
    assert found.pence == 0
    assert "never charged for cancelling" in found.why_not


def test_somebody_promoted_in_time_cancels_late_like_everybody() -> None:
    made = claim(
        state=CANCELLED,
        cancelled_at=datetime(2026, 4, 8, tzinfo=UTC),
        confirmed_at=datetime(2026, 3, 2, tzinfo=UTC),
        **PROMOTED,
    )
    assert pence(made) == 5000


@pytest.mark.parametrize(("hours_before", "charged"), [(48, 5000), (24, 5000), (23.99, 0), (1, 0)])
def test_somebody_promoted_late_pays_for_not_coming_only_when_they_accepted_a_day_before(
    hours_before: float, charged: int
) -> None:
    made = claim(outcome=ABSENT, **PROMOTED)
    at = made.starts_at - timedelta(hours=hours_before)
    assert pence(replace(made, confirmed_at=at, accepted_at=at)) == charged
    given = assess(replace(made, confirmed_at=at), POLICY, 1)
    assert given.pence == 0
    assert "without having accepted" in given.why_not


def test_twenty_four_hours_are_elapsed_hours_across_the_clock_change() -> None:
    made = claim(day(date(2026, 3, 29)), outcome=ABSENT, **PROMOTED)  # clocks went forward that night
    same_wall_time = wall_time(date(2026, 3, 28), time(9, 30))
    made = replace(made, confirmed_at=same_wall_time, accepted_at=same_wall_time)
    assert pence(made) == 0, "only 23 hours have passed"


def test_a_booking_keeps_the_terms_of_its_own_version() -> None:
    dearer = Policy(charge_full_day_pence=6500)
    made = claim(outcome=ABSENT)
    assert (pence(made), pence(made, dearer)) == (5000, 6500)


def test_other_terms_move_the_deadline_but_not_one_that_was_set_apart() -> None:
    longer = Policy(notice_working_days=10)
    made = claim()
    assert under(made, POLICY, longer).free_until == usual_deadline(made, longer)
    moved = claim(free_until=made.free_until + timedelta(days=3))
    assert under(moved, POLICY, longer).free_until == moved.free_until


DAYS = st.dates(date(2013, 1, 15), date(2028, 11, 30))
STATES = st.sampled_from(BookingState)
OUTCOMES = st.sampled_from([None, *Outcome])
MARKS = st.sampled_from([None, *MarkKind])


@st.composite
def claims(draw: st.DrawFn) -> ChargeableClaim:
    first = draw(DAYS)
    number = draw(st.integers(1, 4))
    days = tuple(
        day(first + timedelta(days=n), draw(st.integers(1, 10)), number=n + 1, mark=draw(MARKS)) for n in range(number)
    )
    starts = days[0].starts_at
    before = st.integers(0, 60 * 24 * 90).map(lambda minutes: starts - timedelta(minutes=minutes))
    return ChargeableClaim(
        days=days,
        free_until=deadline(days[0]),
        confirmed_at=draw(st.none() | before),
        queued_at=draw(st.none() | before),
        cancelled_at=draw(before),
        state=draw(STATES),
        outcome=draw(OUTCOMES),
        exempt=draw(st.sampled_from(["", "Exempt"])),
        is_running=draw(st.booleans()),
        has_other_place=draw(st.booleans()),
    )


@given(claims())
def test_whatever_happened_a_charge_is_a_sum_of_days_or_a_reason_why_not(made: ChargeableClaim) -> None:
    found = assess(made, POLICY, 1)
    assert bool(found.lines) != bool(found.why_not)
    assert found.pence == sum(line.pence for line in found.lines) <= 5000 * len(made.days)
    assert all(line.pence in (3500, 5000) and "policy version 1" in line.why for line in found.lines)
    numbers = [line.day.number for line in found.lines]
    assert numbers == sorted(set(numbers)), "no day twice"
    if made.outcome is Outcome.ATTENDED and made.state is BookingState.CONFIRMED:
        assert found.lines == ()
    if made.exempt or not made.is_running or made.confirmed_at is None:
        assert found.lines == ()


@given(DAYS, st.integers(-600, 600))
def test_a_cancellation_is_charged_exactly_when_it_is_after_the_last_free_second(first: date, seconds: int) -> None:
    made = claim(day(first), state=CANCELLED, confirmed_at=datetime(2012, 2, 1, tzinfo=UTC))
    at = made.free_until + timedelta(seconds=seconds)
    assert (pence(replace(made, cancelled_at=at)) > 0) == (seconds >= 1)


@given(claims(), st.integers(6, 20))
def test_longer_notice_never_makes_a_cancellation_cheaper(made: ChargeableClaim, notice: int) -> None:
    """Without a waiting list: somebody who waited counts as promoted late sooner, which is to their good."""
    made = replace(made, queued_at=None)
    longer = Policy(notice_working_days=notice)
    assert pence(under(made, POLICY, longer), longer) >= pence(made)
