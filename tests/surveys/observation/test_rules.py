"""Observation: by when, by whom, once."""

from datetime import UTC, date, datetime

import pytest

from lms.kit.errors import Conflict, Invalid
from surveys.observation.rules import (
    ITEMS,
    check_can_ask,
    check_can_respond,
    check_can_write,
    check_ratings,
    due_on,
    is_late,
)

AT = datetime(2026, 4, 9, 15, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("last_day", "due"),
    [
        (date(2026, 4, 9), date(2026, 4, 16)),
        (date(2026, 4, 2), date(2026, 4, 13)),  # over Easter: Friday and Monday are bank holidays
        (date(2026, 12, 23), date(2027, 1, 4)),  # over Christmas
        (date(2026, 4, 11), date(2026, 4, 17)),  # from a Saturday
    ],
)
def test_an_observation_is_written_within_five_working_days(last_day: date, due: date) -> None:
    assert due_on(last_day) == due


def test_a_colleague_observes_a_trainer_of_the_event() -> None:
    check_can_ask(1, 3, frozenset({1, 2}))
    with pytest.raises(Invalid, match="does not train at this event"):
        check_can_ask(4, 3, frozenset({1, 2}))
    with pytest.raises(Invalid, match="Choose a colleague"):
        check_can_ask(1, 2, frozenset({1, 2}))


def test_it_is_written_once_after_the_event_and_answered_once() -> None:
    with pytest.raises(Conflict, match="not over"):
        check_can_write(AT, None, datetime(2026, 4, 9, 14, 0, tzinfo=UTC))
    with pytest.raises(Conflict, match="already been written"):
        check_can_write(AT, AT, AT)
    with pytest.raises(Conflict, match="not written yet"):
        check_can_respond(None, None)
    with pytest.raises(Conflict, match="answered this"):
        check_can_respond(AT, AT)
    with pytest.raises(Invalid, match="each line"):
        check_ratings(dict.fromkeys(list(ITEMS)[1:], 3))


def test_late_is_after_the_fifth_day() -> None:
    due = date(2026, 4, 16)
    assert not is_late(due, date(2026, 4, 16), date(2026, 5, 1))
    assert is_late(due, date(2026, 4, 17), date(2026, 5, 1))
    assert is_late(due, None, date(2026, 4, 17))
    assert not is_late(due, None, date(2026, 4, 16))
