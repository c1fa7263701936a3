"""Numbers, credit and the days on which people are reminded to refresh."""

from datetime import UTC, date, datetime

import pytest

from courses.records.certificates.rules import (
    CertifiedDay,
    RefresherReminder,
    cpd_minutes,
    days_attended,
    is_in_order,
    is_surname_of,
    refresh_by,
    refresher_due,
    serial_as_typed,
    serial_of,
)

DAYS = [
    CertifiedDay(number, datetime(2026, 3, number, 9, tzinfo=UTC), datetime(2026, 3, number, 16, tzinfo=UTC), 60)
    for number in (1, 2)
]
LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)
BY = date(2026, 8, 31)


def test_a_number_reads_as_on_the_certificate_however_it_is_typed() -> None:
    assert serial_of("RV", 2026, "7KM4QXH9") == "RV-2026-7KM4-QXH9"
    for typed in ("rv-2026-7km4-qxh9", " RV 2026 7KM4 QXH9 ", "RV–2026–7KM4–QXH9", "RV - 2026 - 7KM4 - QXH9"):
        assert serial_as_typed(typed) == "RV-2026-7KM4-QXH9"


def test_numbers_in_order_are_told_from_drawn_ones() -> None:
    assert [each for each in ("RV-2026-0007", "ABCDEF-2019-123456") if not is_in_order(each)] == []
    drawn = ("RV-2026-7KM4-QXH9", "RV-2026-2345-6789", "nonsense", "", "RV-2026-007")
    assert [each for each in drawn if is_in_order(each)] == []


@pytest.mark.parametrize(
    ("name", "surnames", "others"),
    [
        (
            "Amara Fenwick-Osei",
            ("Fenwick-Osei", "fenwick osei", "Osei", "AMARA FENWICK-OSEI"),
            ("Amara", "Fenwick", "Os"),
        ),
        ("Siân Evans, DSL", ("Evans", " evans "), ("DSL", "Sian", "Evan")),
        ("Chloe O’Neill (Ysgol y Bryn)", ("O'Neill", "ONeill", "o neill"), ("Bryn", "Ysgol", "O")),
        ("Tobiah van der Meer", ("van der Meer", "Meer"), ("van", "Tobiah")),
        ("Zoë Łukasiewicz-Müller", ("Łukasiewicz-Muller", "MÜLLER"), ("Zoe",)),
        ("Cher", ("Cher",), ("", "-", "Che")),
        ("", (), ("", "x")),
    ],
)
def test_a_surname_is_the_end_of_a_name(name: str, surnames: tuple[str, ...], others: tuple[str, ...]) -> None:
    assert [each for each in surnames if not is_surname_of(name, each)] == []
    assert [each for each in others if is_surname_of(name, each)] == []


@pytest.mark.parametrize(
    ("said", "missed", "attended", "numbers"),
    [
        ("", None, True, [1, 2]),
        ("2", None, True, [2]),
        ("", {1: 0}, True, [1]),
        ("", None, False, []),
        ("", {}, True, []),
    ],
)
def test_the_days_credited(said: str, missed: dict[int, int] | None, attended: bool, numbers: list[int]) -> None:
    assert [day.number for day in days_attended(DAYS, said, missed, attended=attended)] == numbers


def test_minutes_credited_leave_out_breaks_and_what_was_missed() -> None:
    assert cpd_minutes(DAYS) == 720
    assert cpd_minutes(DAYS, {1: 90}) == 630
    assert cpd_minutes(DAYS[:1], {1: 900}) == 0


def test_refreshing_counts_whole_months() -> None:
    assert refresh_by(date(2024, 2, 29), 36) == date(2027, 2, 28)
    assert refresh_by(date(2024, 2, 29), None) is None


@pytest.mark.parametrize(
    ("today", "which"),
    [
        (datetime(2026, 5, 30, 12, tzinfo=UTC), None),
        (datetime(2026, 5, 31, 12, tzinfo=UTC), RefresherReminder.EARLY),
        (datetime(2026, 7, 30, 12, tzinfo=UTC), RefresherReminder.EARLY),
        (datetime(2026, 7, 31, 12, tzinfo=UTC), RefresherReminder.LAST),
        (datetime(2026, 9, 1, 12, tzinfo=UTC), None),
    ],
)
def test_a_reminder_goes_three_months_and_one_month_before(today: datetime, which: RefresherReminder | None) -> None:
    assert refresher_due(BY, since=LONG_AGO, now=today) == which


def test_a_reminder_never_reaches_back_before_the_rule_began() -> None:
    since = datetime(2026, 6, 15, tzinfo=UTC)
    assert refresher_due(BY, since=since, now=since) is None
    assert refresher_due(BY, since=since, now=datetime(2026, 8, 1, tzinfo=UTC)) is RefresherReminder.LAST
