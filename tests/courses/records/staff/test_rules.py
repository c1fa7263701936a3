"""How somebody stands with a course that they need, day by day."""

from datetime import date, timedelta

import pytest

from courses.booking.bookings.rules import BookingState
from courses.records.staff.rules import CourseNeed, CourseStanding, NeedsCounted, need_of, plan_words

TODAY = date(2026, 3, 16)


@pytest.mark.parametrize(
    ("last_on", "months", "standing", "dated"),
    [
        (None, 36, CourseStanding.NEVER, ""),
        (date(2001, 1, 1), None, CourseStanding.UP_TO_DATE, ""),
        (date(2023, 3, 15), 36, CourseStanding.OVERDUE, "since 15 Mar 2026"),
        (date(2023, 3, 16), 36, CourseStanding.DUE, "by 16 Mar 2026"),
        (date(2023, 6, 14), 36, CourseStanding.DUE, "by 14 Jun 2026"),
        (date(2023, 6, 15), 36, CourseStanding.UP_TO_DATE, "to 15 Jun 2026"),
    ],
)
def test_the_last_day_counts_and_ninety_days_before_it_is_due(
    last_on: date | None, months: int | None, standing: CourseStanding, dated: str
) -> None:
    found = need_of(last_on, months, TODAY)
    assert (found.standing, found.dated) == (standing, dated)


def test_what_is_booked_reads_beside_it() -> None:
    assert plan_words(BookingState.CONFIRMED, "Wed 20 May", is_over=False, turn=None) == "booked: Wed 20 May"
    assert plan_words(BookingState.WAITING, "Wed 20 May", is_over=False, turn=2) == "waiting: 2nd for Wed 20 May"
    assert plan_words(BookingState.OFFERED, "Wed 20 May", is_over=False, turn=1) == "place offered: Wed 20 May"
    assert (
        plan_words(BookingState.AWAITING_MANAGER, "Wed 20 May", is_over=False, turn=None) == "manager asked: Wed 20 May"
    )
    assert "register is not in" in plan_words(BookingState.CONFIRMED, "Mon 2 March", is_over=True, turn=None)
    assert (
        CourseNeed(CourseStanding.OVERDUE, TODAY, "booked: today").words == "Overdue since 16 Mar 2026; booked: today"
    )


def test_up_to_date_today_counts_who_is_due() -> None:
    stand = [CourseStanding.UP_TO_DATE] * 2 + [CourseStanding.DUE, CourseStanding.OVERDUE, CourseStanding.NEVER]
    counted = NeedsCounted.of(CourseNeed(each, TODAY + timedelta(1)) for each in stand)
    assert (counted.people, counted.valid, counted.share, counted.number("never")) == (5, 3, "60.0%", 1)
    assert NeedsCounted.of([]).share == "not applicable"
