"""London time, bank holidays, and deadlines counted in working days."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms.kit.errors import Invalid
from lms.kit.working_days import (
    FIRST_KNOWN_YEAR,
    LAST_KNOWN_YEAR,
    LONDON,
    CountedDay,
    add_months,
    bank_holiday_name,
    counted_days,
    free_cancellation_until,
    is_late,
    is_working_day,
    london,
    london_date,
    next_working_day,
    parse_wall,
    wall_time,
    working_days_after,
    working_days_before,
)

# As published for England and Wales on GOV.UK (bank-holidays.json), month and day.
PUBLISHED = {
    2012: "01-02 04-06 04-09 05-07 06-04 06-05 08-27 12-25 12-26",
    2013: "01-01 03-29 04-01 05-06 05-27 08-26 12-25 12-26",
    2014: "01-01 04-18 04-21 05-05 05-26 08-25 12-25 12-26",
    2015: "01-01 04-03 04-06 05-04 05-25 08-31 12-25 12-28",
    2016: "01-01 03-25 03-28 05-02 05-30 08-29 12-26 12-27",
    2017: "01-02 04-14 04-17 05-01 05-29 08-28 12-25 12-26",
    2018: "01-01 03-30 04-02 05-07 05-28 08-27 12-25 12-26",
    2019: "01-01 04-19 04-22 05-06 05-27 08-26 12-25 12-26",
    2020: "01-01 04-10 04-13 05-08 05-25 08-31 12-25 12-28",
    2021: "01-01 04-02 04-05 05-03 05-31 08-30 12-27 12-28",
    2022: "01-03 04-15 04-18 05-02 06-02 06-03 08-29 09-19 12-26 12-27",
    2023: "01-02 04-07 04-10 05-01 05-08 05-29 08-28 12-25 12-26",
    2024: "01-01 03-29 04-01 05-06 05-27 08-26 12-25 12-26",
    2025: "01-01 04-18 04-21 05-05 05-26 08-25 12-25 12-26",
    2026: "01-01 04-03 04-06 05-04 05-25 08-31 12-25 12-28",
    2027: "01-01 03-26 03-29 05-03 05-31 08-30 12-27 12-28",
    2028: "01-03 04-14 04-17 05-01 05-29 08-28 12-25 12-26",
}

days = st.dates(date(2012, 6, 1), date(2028, 6, 30))
seconds = st.integers(946_684_800, 2_840_140_800)  # from 2000 to 2059


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def on(text: str) -> date:
    return date.fromisoformat(text)


# London time


def test_half_past_nine_stays_half_past_nine_across_the_clock_change() -> None:
    assert wall_time(on("2026-03-27"), time(9, 30)) == utc("2026-03-27 09:30")
    assert wall_time(on("2026-03-30"), time(9, 30)) == utc("2026-03-30 08:30")
    assert wall_time(on("2026-10-26"), time(9, 30)) == utc("2026-10-26 09:30")
    assert wall_time(on("2026-03-30"), time(9, 30)).tzinfo is UTC


@pytest.mark.parametrize("at", [time(1), time(1, 30), time(1, 59, 59)])
def test_a_time_that_the_clocks_skip_in_spring_is_refused_with_a_sentence(at: time) -> None:
    with pytest.raises(Invalid, match=r"no 01:\d\d on 29 March 2026: the clocks go forward") as refusal:
        wall_time(on("2026-03-29"), at, field="starts")
    assert refusal.value.field == "starts"


def test_the_hours_next_to_the_skipped_one_exist() -> None:
    assert wall_time(on("2026-03-29"), time(0, 59, 59)) == utc("2026-03-29 00:59:59")
    assert wall_time(on("2026-03-29"), time(2)) == utc("2026-03-29 01:00")


def test_a_time_that_the_clocks_pass_twice_in_autumn_is_the_first_of_the_two() -> None:
    assert wall_time(on("2026-10-25"), time(1, 30)) == utc("2026-10-25 00:30")
    assert wall_time(on("2026-10-25"), time(1, 30, fold=1)) == utc("2026-10-25 00:30")


def test_the_day_in_london_is_not_always_the_day_in_utc() -> None:
    assert london_date(utc("2026-06-30 23:30")) == on("2026-07-01")
    assert london_date(utc("2026-12-31 23:30")) == on("2026-12-31")
    assert london(utc("2026-06-30 23:30")).tzinfo is LONDON


def test_a_moment_without_a_time_zone_is_a_defect() -> None:
    with pytest.raises(ValueError, match="time zone"):
        london(utc("2026-04-09 08:30").replace(tzinfo=None))


@given(seconds)
def test_what_london_shows_leads_back_except_in_the_second_of_two_equal_hours(second: int) -> None:
    moment = datetime.fromtimestamp(second, UTC)
    shown = london(moment)
    back = wall_time(shown.date(), shown.time())
    assert back == (moment - timedelta(hours=1) if shown.fold else moment)


@pytest.mark.parametrize("text", ["2026-04-09T09:30", "2026-04-09 09:30", " 2026-04-09T09:30:00 "])
def test_a_typed_time_is_london_time(text: str) -> None:
    assert parse_wall(text) == utc("2026-04-09 08:30")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "soon",
        "09/04/2026 09:30",
        "2026-04-09",
        "20260409T0930",
        "2026-04-09T09:30Z",
        "2026-04-09T9:30",
        "2026-04-09T09:30+01:00",
        "2026-04-09T09:30:00.5",
        "２０２６-04-09T09:30",
    ],
)
def test_a_time_in_another_form_is_refused_with_the_form_to_use(text: str) -> None:
    with pytest.raises(Invalid, match="like 2026-04-09T09:30") as refusal:
        parse_wall(text, field="starts")
    assert refusal.value.field == "starts"


@pytest.mark.parametrize("text", ["2026-02-29T09:30", "2026-13-01T09:30", "2026-04-09T24:30", "0000-01-01T00:00"])
def test_a_time_that_does_not_exist_is_refused(text: str) -> None:
    with pytest.raises(Invalid, match="not a real date and time"):
        parse_wall(text)


def test_a_typed_time_in_the_skipped_hour_is_refused() -> None:
    with pytest.raises(Invalid, match="clocks go forward"):
        parse_wall("2026-03-29T01:30")


@given(st.text() | st.from_regex(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d", fullmatch=True))
def test_whatever_is_typed_is_a_moment_or_a_refusal(text: str) -> None:
    try:
        assert parse_wall(text).tzinfo is UTC
    except Invalid as refusal:
        assert refusal.words.endswith(".")  # noqa: PT017


# Bank holidays


def test_every_known_year_is_compared_with_the_published_list() -> None:
    assert sorted(PUBLISHED) == list(range(FIRST_KNOWN_YEAR, LAST_KNOWN_YEAR + 1))


@pytest.mark.parametrize("year", PUBLISHED)
def test_bank_holidays_are_those_that_were_published(year: int) -> None:
    every_day = (date(year, 1, 1) + timedelta(days=n) for n in range(366))
    ours = [day for day in every_day if day.year == year and bank_holiday_name(day)]
    assert [f"{day:%m-%d}" for day in ours] == PUBLISHED[year].split()


@pytest.mark.parametrize(
    ("day", "name"),
    [
        ("2026-04-03", "Good Friday"),
        ("2026-04-06", "Easter Monday"),
        ("2026-05-04", "Early May bank holiday"),
        ("2026-05-25", "Spring bank holiday"),
        ("2026-08-31", "Summer bank holiday"),
        ("2026-12-25", "Christmas Day"),
        ("2026-12-26", None),
        ("2026-12-28", "Boxing Day (substitute day)"),
        ("2027-12-27", "Christmas Day (substitute day)"),
        ("2026-04-09", None),
    ],
)
def test_bank_holidays_have_the_names_that_people_know(day: str, name: str | None) -> None:
    assert bank_holiday_name(on(day)) == name


@pytest.mark.parametrize("year", [FIRST_KNOWN_YEAR - 1, LAST_KNOWN_YEAR + 1, 1, 9999])
def test_a_year_that_the_list_does_not_cover_is_refused_by_name(year: int) -> None:
    with pytest.raises(Invalid, match=rf"needs {year}\..*a release that has {year}"):
        is_working_day(date(year, 6, 1))


def test_a_deadline_that_needs_days_of_an_unknown_year_is_refused_not_guessed() -> None:
    assert free_cancellation_until(on("2028-12-29"), 5) == utc("2028-12-20 23:59:59")
    with pytest.raises(Invalid, match=f"needs {LAST_KNOWN_YEAR + 1}"):
        free_cancellation_until(date(LAST_KNOWN_YEAR + 1, 1, 3), 5)
    with pytest.raises(Invalid, match=f"needs {LAST_KNOWN_YEAR + 1}"):
        working_days_after(date(LAST_KNOWN_YEAR, 12, 29), 1)
    with pytest.raises(Invalid, match=f"needs {FIRST_KNOWN_YEAR - 1}"):
        working_days_before(date(FIRST_KNOWN_YEAR, 1, 4), 5)


def test_a_one_off_bank_holiday_can_be_given_before_the_list_has_it() -> None:
    extra = frozenset({on("2026-06-10")})
    assert is_working_day(on("2026-06-10"))
    assert not is_working_day(on("2026-06-10"), extra=extra)
    assert bank_holiday_name(on("2026-06-10"), extra=extra) == "One-off bank holiday"
    assert next_working_day(on("2026-06-10"), extra=extra) == on("2026-06-11")
    assert working_days_after(on("2026-06-09"), 1, extra=extra) == on("2026-06-11")
    assert free_cancellation_until(on("2026-06-16"), 5, extra=extra) == utc("2026-06-08 22:59:59")
    assert counted_days(on("2026-06-11"), 1, extra=extra)[1].reason == "One-off bank holiday"


# Counting


@pytest.mark.parametrize(
    ("day", "n", "before"),
    [
        ("2026-04-09", 5, "2026-03-31"),  # across Easter
        ("2026-09-01", 5, "2026-08-24"),  # across the summer bank holiday
        ("2026-06-16", 5, "2026-06-09"),
        ("2026-06-13", 5, "2026-06-08"),  # a Saturday: Friday is the first day before
        ("2026-06-14", 5, "2026-06-08"),
        ("2027-01-04", 5, "2026-12-23"),  # across Christmas with its substitute day and New Year
        ("2028-01-04", 5, "2027-12-23"),
        ("2026-12-28", 1, "2026-12-24"),
        ("2026-06-16", 0, "2026-06-16"),
    ],
)
def test_working_days_before_leave_out_the_day_itself_weekends_and_bank_holidays(day: str, n: int, before: str) -> None:
    assert working_days_before(on(day), n) == on(before)


@pytest.mark.parametrize(
    ("day", "n", "after"),
    [
        ("2026-04-02", 1, "2026-04-07"),
        ("2026-12-24", 2, "2026-12-30"),
        ("2026-06-12", 1, "2026-06-15"),
        ("2026-06-13", 10, "2026-06-26"),
        ("2026-06-13", 0, "2026-06-13"),
    ],
)
def test_working_days_after_leave_out_the_same(day: str, n: int, after: str) -> None:
    assert working_days_after(on(day), n) == on(after)


def test_a_negative_count_is_a_defect() -> None:
    with pytest.raises(ValueError, match="not negative"):
        working_days_before(on("2026-06-16"), -1)


def test_the_next_working_day_is_the_day_itself_when_it_is_one() -> None:
    assert next_working_day(on("2027-03-01")) == on("2027-03-01")
    assert next_working_day(on("2027-02-28")) == on("2027-03-01")
    assert next_working_day(on("2026-04-03")) == on("2026-04-07")


@given(days, st.integers(1, 60))
def test_exactly_n_working_days_lie_between_a_day_and_the_nth_before_it(day: date, n: int) -> None:
    before = working_days_before(day, n)
    between = (before + timedelta(days=i) for i in range((day - before).days))
    assert is_working_day(before)
    assert sum(is_working_day(each) for each in between) == n


@given(days, st.integers(1, 60))
def test_counting_back_undoes_counting_forward_from_a_working_day(day: date, n: int) -> None:
    start = next_working_day(day)
    assert working_days_before(working_days_after(start, n), n) == start


@given(days, days, st.integers(1, 30))
def test_a_later_event_never_has_an_earlier_deadline(one: date, other: date, notice: int) -> None:
    earlier, later = sorted((one, other))
    assert free_cancellation_until(earlier, notice) <= free_cancellation_until(later, notice)


# Deadlines


@pytest.mark.parametrize(
    ("first_day", "until"),
    [
        ("2026-04-09", "2026-03-31 22:59:59"),  # inside summer time: 23:59:59 in London
        ("2026-09-01", "2026-08-24 22:59:59"),
        ("2026-06-16", "2026-06-09 22:59:59"),
        ("2026-04-02", "2026-03-26 23:59:59"),  # the clocks change between the deadline and the event
        ("2026-10-28", "2026-10-21 22:59:59"),
        ("2027-01-04", "2026-12-23 23:59:59"),
    ],
)
def test_free_cancellation_ends_with_the_fifth_working_day_before(first_day: str, until: str) -> None:
    assert free_cancellation_until(on(first_day), 5) == utc(until)
    assert f"{london(free_cancellation_until(on(first_day), 5)):%H:%M:%S}" == "23:59:59"


@pytest.mark.parametrize(
    ("cancelled_at", "late"),
    [
        ("2026-03-31 22:59:58", False),
        ("2026-03-31 22:59:59", False),
        ("2026-03-31 22:59:59.700000", False),
        ("2026-03-31 22:59:59.999999", False),
        ("2026-03-31 23:00:00", True),
        ("2026-03-31 23:00:00.000001", True),
    ],
)
def test_the_whole_last_second_is_free_and_the_next_one_is_late(cancelled_at: str, late: bool) -> None:
    assert is_late(utc(cancelled_at), free_cancellation_until(on("2026-04-09"), 5)) is late


@pytest.mark.parametrize("notice", [0, -1])
def test_a_notice_below_one_day_is_refused(notice: int) -> None:
    with pytest.raises(Invalid, match="at least 1 working day"):
        free_cancellation_until(on("2026-04-09"), notice)
    with pytest.raises(Invalid, match="at least 1 working day"):
        counted_days(on("2026-04-09"), notice)


def test_the_strip_of_counted_days_shows_how_the_deadline_was_found() -> None:
    shown = [(f"{d.day:%a %d}", d.number, d.reason) for d in counted_days(on("2026-04-09"), 5)]
    assert shown == [
        ("Tue 31", 5, None),
        ("Wed 01", 4, None),
        ("Thu 02", 3, None),
        ("Fri 03", None, "Good Friday"),
        ("Sat 04", None, "weekend"),
        ("Sun 05", None, "weekend"),
        ("Mon 06", None, "Easter Monday"),
        ("Tue 07", 2, None),
        ("Wed 08", 1, None),
        ("Thu 09", None, None),
    ]


def test_the_strip_marks_the_last_free_day_and_the_event_even_at_a_weekend() -> None:
    assert counted_days(on("2026-06-14"), 1) == (
        CountedDay(on("2026-06-12"), 1, None, is_last=True, is_event=False),
        CountedDay(on("2026-06-13"), None, "weekend", is_last=False, is_event=False),
        CountedDay(on("2026-06-14"), None, None, is_last=False, is_event=True),
    )


@given(days, st.integers(1, 30))
def test_the_strip_agrees_with_the_deadline_and_misses_no_day(first_day: date, notice: int) -> None:
    strip = counted_days(first_day, notice)
    assert [each.day for each in strip] == [strip[0].day + timedelta(days=i) for i in range(len(strip))]
    assert [each.number for each in strip if each.number] == list(range(notice, 0, -1))
    assert strip[0].day == london_date(free_cancellation_until(first_day, notice))
    assert [each.day for each in strip if each.is_last] == [strip[0].day]
    assert [each.day for each in strip if each.is_event] == [first_day]
    assert all((each.number is None) == (each.reason is not None) for each in strip[:-1])


@pytest.mark.parametrize(
    ("day", "n", "later"),
    [
        ("2026-08-31", 3, "2026-11-30"),
        ("2026-11-30", 3, "2027-02-28"),
        ("2027-11-30", 3, "2028-02-29"),
        ("2026-01-15", 12, "2027-01-15"),
        ("2026-12-31", 1, "2027-01-31"),
        ("2026-03-31", -1, "2026-02-28"),
        ("2026-03-31", 0, "2026-03-31"),
    ],
)
def test_months_are_added_and_clamped_to_the_end_of_the_month(day: str, n: int, later: str) -> None:
    assert add_months(on(day), n) == on(later)


@given(days, st.integers(-120, 120))
def test_adding_months_lands_in_the_right_month_on_the_same_day_or_its_last(day: date, n: int) -> None:
    later = add_months(day, n)
    assert (later.year * 12 + later.month) - (day.year * 12 + day.month) == n
    assert later.day == day.day or (later.day < day.day and (later + timedelta(days=1)).day == 1)
