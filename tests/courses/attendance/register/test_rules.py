"""What a mark may say, when marking is open, and what a form's controls mean together."""

from datetime import UTC, datetime, timedelta

import pytest

from courses.attendance.register.forms import RowTyped, as_typed, read_row
from courses.attendance.register.rules import (
    MarkKind,
    Seen,
    TaughtDay,
    check_can_mark,
    check_seen,
    kind_of,
    made_at,
    present_minutes,
)
from courses.programme.events.rules import EventState
from lms.kit.errors import Conflict, Invalid

STARTS = datetime(2026, 4, 9, 8, 30, tzinfo=UTC)
BLOCK = TaughtDay(STARTS, STARTS + timedelta(hours=6, minutes=30), 60)
LATE = as_typed(Seen(MarkKind.PRESENT, 22))


def test_marking_opens_an_hour_before_the_start() -> None:
    check_can_mark(EventState.PUBLISHED, STARTS, STARTS - timedelta(minutes=60))
    with pytest.raises(Conflict, match="Marking opens at 08:30 on Thursday 9 April 2026"):
        check_can_mark(EventState.PUBLISHED, STARTS, STARTS - timedelta(minutes=60, seconds=1))


@pytest.mark.parametrize("state", sorted(set(EventState) - {EventState.PUBLISHED}))
def test_what_does_not_run_or_is_finalised_is_not_marked(state: EventState) -> None:
    with pytest.raises(Conflict):
        check_can_mark(state, STARTS, STARTS)


@pytest.mark.parametrize(
    "seen",
    [
        Seen(MarkKind.ABSENT, 5),
        Seen(MarkKind.PRESENT, -1),
        Seen(MarkKind.PRESENT, 200, 190),
        Seen(MarkKind.ABSENT, note="x" * 501),
    ],
)
def test_a_mark_that_cannot_be_is_refused(seen: Seen) -> None:
    with pytest.raises(Invalid):
        check_seen(BLOCK, seen)


def test_a_kind_that_nobody_knows_is_refused() -> None:
    assert kind_of("excused") is MarkKind.EXCUSED
    for typed in ("asleep", ""):
        with pytest.raises(Invalid, match="Choose present, late, absent"):
            kind_of(typed)
    with pytest.raises(Invalid, match="Choose present, late, absent"):
        read_row(RowTyped(other="asleep"), BLOCK, STARTS)


def test_breaks_are_no_minutes_to_attend() -> None:
    assert BLOCK.scheduled_minutes == 330
    assert present_minutes(BLOCK, Seen(MarkKind.PRESENT, 22, 8)) == 300
    assert present_minutes(BLOCK, Seen(MarkKind.EXCUSED)) == 0


@pytest.mark.parametrize(
    ("typed", "means"),
    [
        (RowTyped(), None),
        (RowTyped(mark="present"), Seen(MarkKind.PRESENT)),
        (RowTyped(mark="late"), Seen(MarkKind.PRESENT, 20)),
        (RowTyped(mark="late", late="7"), Seen(MarkKind.PRESENT, 7)),
        (RowTyped(mark="present", late="7"), Seen(MarkKind.PRESENT, 7)),
        (RowTyped(late="7"), Seen(MarkKind.PRESENT, 7)),
        (RowTyped(early="30"), Seen(MarkKind.PRESENT, 0, 30)),
        (RowTyped(mark="absent", late="7"), Seen(MarkKind.ABSENT)),
        (RowTyped(mark="present", other="excused"), Seen(MarkKind.EXCUSED)),
        (RowTyped(mark="present", other="excused", was="excused:0:0:"), Seen(MarkKind.PRESENT)),
        (RowTyped(other="excused", was="excused:0:0:"), None),
        (RowTyped(mark="present", was="present:0:0:"), None),
        (RowTyped(mark="present", note="Left a coat", was="present:0:0:"), Seen(MarkKind.PRESENT, note="Left a coat")),
        (LATE, None),
        (RowTyped(mark="present", late="22", was=LATE.was), Seen(MarkKind.PRESENT)),
        (RowTyped(mark="late", late="30", was=LATE.was), Seen(MarkKind.PRESENT, 30)),
    ],
)
def test_of_controls_that_contradict_each_other_the_one_changed_counts(typed: RowTyped, means: Seen | None) -> None:
    assert read_row(typed, BLOCK, STARTS + timedelta(minutes=20)) == means


@pytest.mark.parametrize(
    "typed",
    [RowTyped(note="Who?"), RowTyped(mark="late", late="some"), RowTyped(was="excused:0:0:"), RowTyped(early="-3")],
)
def test_a_row_that_says_nothing_clear_is_refused(typed: RowTyped) -> None:
    with pytest.raises(Invalid):
        read_row(typed, BLOCK, STARTS + timedelta(minutes=20))


def test_nobody_is_late_before_the_start_or_after_the_end() -> None:
    for at in (STARTS - timedelta(minutes=5), BLOCK.ends_at + timedelta(minutes=1)):
        with pytest.raises(Invalid):
            read_row(RowTyped(mark="late"), BLOCK, at)


def test_a_kept_mark_was_made_when_the_phone_says_but_never_before_marking_opened() -> None:
    now = STARTS + timedelta(hours=2)
    assert made_at(now, 600, STARTS) == now - timedelta(minutes=10)
    assert made_at(now, 10**9, STARTS) == STARTS - timedelta(minutes=60)
    assert made_at(now, -50, STARTS) == now
