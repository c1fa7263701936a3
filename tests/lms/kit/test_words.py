"""How dates, times, money and numbers read."""

from datetime import UTC, date, datetime, time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms.kit import words
from lms.kit.working_days import parse_wall

DEADLINE = datetime(2026, 3, 31, 22, 59, 59, tzinfo=UTC)


def block(day: str, start: str = "09:30", end: str = "16:00") -> tuple[datetime, datetime]:
    return parse_wall(f"{day} {start}"), parse_wall(f"{day} {end}")


@pytest.mark.parametrize("day", [date(2026, 3, 31), DEADLINE])
def test_dates_read_in_full_and_in_short_for_days_and_for_moments(day: date) -> None:
    assert words.long_date(day) == "Tuesday 31 March 2026"
    assert words.short_date(day) == "Tue 31 Mar 2026"
    assert words.day_and_month(day) == "Tue 31 March"


def test_a_moment_reads_as_the_clock_in_london_shows_it() -> None:
    assert words.moment(DEADLINE) == "Tue 31 Mar 2026 23:59"
    assert words.clock(DEADLINE) == "23:59"
    assert words.short_date(datetime(2026, 6, 30, 23, 30, tzinfo=UTC)) == "Wed 1 Jul 2026"


def test_a_plain_time_reads_as_it_is() -> None:
    assert words.clock(time(9, 0)) == "09:00"


def test_a_moment_without_a_time_zone_is_a_defect_and_not_shown() -> None:
    with pytest.raises(ValueError, match="time zone"):
        words.moment(DEADLINE.replace(tzinfo=None))


@pytest.mark.parametrize(
    ("days", "expected"),
    [
        ([block("2026-04-09")], "Thursday 9 April 2026, 09:30 to 16:00"),
        ([block("2026-05-12"), block("2026-05-13")], "Tue 12 and Wed 13 May 2026, 09:30 to 16:00"),
        (
            [block("2026-05-12"), block("2026-05-13", end="12:30")],
            "Tue 12 May 2026, 09:30 to 16:00; Wed 13 May 2026, 09:30 to 12:30",
        ),
        (
            [block("2026-04-09", end="12:00"), block("2026-04-09", "13:00")],
            "Thursday 9 April 2026, 09:30 to 12:00 and 13:00 to 16:00",
        ),
        ([], "date to be confirmed"),
    ],
)
def test_an_event_reads_with_its_days_and_times(days: list[tuple[datetime, datetime]], expected: str) -> None:
    assert words.days_and_times(days) == expected


@pytest.mark.parametrize(
    ("days", "expected"),
    [
        (["2026-04-09"], "Thu 9 Apr 2026"),
        (["2026-05-12", "2026-05-13"], "Tue 12 and Wed 13 May 2026"),
        (["2026-05-12", "2026-05-13", "2026-05-14"], "Tue 12, Wed 13 and Thu 14 May 2026"),
        (["2026-04-30", "2026-05-01"], "Thu 30 Apr and Fri 1 May 2026"),
        (["2026-04-29", "2026-04-30", "2026-05-01"], "Wed 29, Thu 30 Apr and Fri 1 May 2026"),
        (["2026-12-17", "2027-01-14"], "Thu 17 Dec 2026 and Thu 14 Jan 2027"),
        ([], "date to be confirmed"),
    ],
)
def test_month_and_year_are_said_once_where_days_share_them(days: list[str], expected: str) -> None:
    assert words.event_dates([block(day) for day in days]) == expected


def test_times_of_several_days_are_said_once_or_said_to_differ() -> None:
    assert words.event_times([block("2026-03-27"), block("2026-03-30")]) == "09:30 to 16:00"
    assert words.event_times([block("2026-05-12"), block("2026-05-13", "10:00")]) == "times differ from day to day"
    assert words.event_times([]) == "time to be confirmed"


@pytest.mark.parametrize(
    ("minutes", "long", "short"),
    [
        (330, "5 hours 30 minutes", "5 h 30"),
        (300, "5 hours", "5 h"),
        (61, "1 hour 1 minute", "1 h 01"),
        (45, "45 minutes", "45 min"),
        (0, "0 minutes", "0 min"),
    ],
)
def test_durations_read_in_hours_and_minutes(minutes: int, long: str, short: str) -> None:
    assert words.duration(minutes) == long
    assert words.short_duration(minutes) == short


@pytest.mark.parametrize(
    ("pence", "expected"),
    [(5000, "£50"), (5050, "£50.50"), (5, "£0.05"), (0, "£0"), (125000, "£1,250"), (-3550, "-£35.50")],
)
def test_money_reads_in_pounds_and_shows_pence_only_when_there_are_any(pence: int, expected: str) -> None:
    assert words.pounds(pence) == expected


@given(st.integers(-(10**12), 10**12))
def test_no_penny_is_lost_in_words(pence: int) -> None:
    whole, _, rest = words.pounds(pence).replace("£", "").replace(",", "").lstrip("-").partition(".")
    assert int(whole) * 100 + int(rest or 0) == abs(pence)


@pytest.mark.parametrize(("n", "expected"), [(0, "0 places"), (1, "1 place"), (4, "4 places"), (4211, "4,211 places")])
def test_a_count_agrees_with_its_noun(n: int, expected: str) -> None:
    assert words.count(n, "place", "places") == words.count(n, "place") == expected


def test_an_irregular_plural_is_given() -> None:
    assert words.count(2, "person", "people") == "2 people"


@pytest.mark.parametrize(
    ("n", "expected"),
    [(1, "1st"), (2, "2nd"), (3, "3rd"), (4, "4th"), (11, "11th"), (12, "12th"), (13, "13th"), (21, "21st"),
     (102, "102nd"), (111, "111th")],
)  # fmt: skip
def test_ordinals_end_as_they_are_spoken(n: int, expected: str) -> None:
    assert words.ordinal(n) == expected


@pytest.mark.parametrize(
    ("numerator", "denominator", "whole", "tenths"),
    [
        (33, 40, "83%", "82.5%"),  # 82.5 rounds up, as bankers would not
        (1, 8, "13%", "12.5%"),
        (1, 200, "1%", "0.5%"),
        (1, 2000, "0%", "0.1%"),
        (29, 200, "15%", "14.5%"),
        (7, 7, "100%", "100.0%"),
        (0, 5, "0%", "0.0%"),
        (-1, 8, "-13%", "-12.5%"),
        (-1, 100000, "0%", "0.0%"),
        (0, 0, "not applicable", "not applicable"),
        (3, 0, "not applicable", "not applicable"),
    ],
)
def test_percentages_round_half_up_and_of_nothing_are_not_applicable(
    numerator: int, denominator: int, whole: str, tenths: str
) -> None:
    assert words.percent(numerator, denominator) == whole
    assert words.percent(numerator, denominator, 1) == tenths


@given(st.integers(0, 10**6), st.integers(1, 10**6))
def test_a_percentage_is_at_most_half_a_point_from_the_truth(numerator: int, denominator: int) -> None:
    shown = int(words.percent(numerator, denominator).rstrip("%"))
    assert -denominator <= 2 * (shown * denominator - 100 * numerator) <= denominator


@pytest.mark.parametrize(
    ("items", "expected"), [([], ""), (["a"], "a"), (["a", "b"], "a and b"), (["a", "b", "c"], "a, b and c")]
)
def test_lists_read_as_sentences(items: list[str], expected: str) -> None:
    assert words.listed(items) == expected


def test_alternatives_read_with_or() -> None:
    assert words.listed(["email", "phone", "post"], "or") == "email, phone or post"


def test_a_files_name_is_safe_in_every_header() -> None:
    assert words.file_name("sign-in", "E 2026/3", "day-1.pdf") == "sign-in-E-2026-3-day-1.pdf"
    assert words.file_name('x"; filename=evil.exe\r\nX: 1', "Zoë.pdf") == "x-filename-evil.exe-X-1-Zoe.pdf"
    assert words.file_name("☃") == "file"
