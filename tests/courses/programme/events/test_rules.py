"""What the partnership says about events."""

from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from courses.programme.events import life, rules
from courses.programme.events.clashes.rules import TakenDay, clashes
from courses.programme.events.rules import EventStage, EventState, PlannedDay, Timing
from lms.kit.errors import Conflict, Invalid
from lms.kit.working_days import london, wall_time

START = datetime(2026, 4, 9, 8, 30, tzinfo=UTC)
END = START + timedelta(hours=6, minutes=30)
CLOSES = wall_time(date(2026, 4, 7), time(23, 59, 59))
SECOND = timedelta(seconds=1)
moments = st.datetimes(datetime(2026, 1, 1), datetime(2026, 12, 31), timezones=st.just(UTC))  # noqa: DTZ001


@pytest.mark.parametrize(
    ("state", "now", "stage"),
    [
        (EventState.PLANNED, START - timedelta(days=30), EventStage.PLANNED),
        (EventState.PUBLISHED, START - timedelta(days=30), EventStage.NOT_OPEN),
        (EventState.PUBLISHED, START - timedelta(days=9), EventStage.OPEN),
        (EventState.PUBLISHED, CLOSES + timedelta(milliseconds=700), EventStage.OPEN),
        (EventState.PUBLISHED, CLOSES + SECOND, EventStage.CLOSED),
        (EventState.PUBLISHED, START, EventStage.UNDER_WAY),
        (EventState.PUBLISHED, END, EventStage.HELD),
        (EventState.DELIVERED, END, EventStage.DELIVERED),
        (EventState.POSTPONED, END, EventStage.POSTPONED),
        (EventState.CANCELLED, START - timedelta(days=9), EventStage.CANCELLED),
    ],
)
def test_the_stage_follows_from_state_and_time(state: EventState, now: datetime, stage: EventStage) -> None:
    timing = Timing(state, START, END, START - timedelta(days=10), CLOSES)
    assert rules.stage(timing, now) is stage


@given(capacity=st.integers(1, 500), confirmed=st.integers(0, 600))
def test_places_are_left_full_or_over_booked_and_always_add_up(capacity: int, confirmed: int) -> None:
    left, over = rules.places_left(capacity, confirmed), rules.over_booked_by(capacity, confirmed)
    assert confirmed + left - over == capacity
    assert (left == 0) == rules.is_full(capacity, confirmed)
    assert min(left, over) == 0
    assert 0 <= rules.percent_taken(capacity, confirmed) <= 100


def test_booking_closes_at_the_end_of_the_second_working_day_before_across_easter() -> None:
    assert london(rules.usual_closing(date(2026, 4, 7), 2)).isoformat() == "2026-04-01T23:59:59+01:00"


def test_cpd_leaves_breaks_out() -> None:
    assert rules.cpd_minutes([(START, END, 60), (START, START + timedelta(hours=3), 0)]) == 330 + 180


@given(st.lists(st.tuples(moments, st.integers(1, 600)), min_size=1, max_size=5))
def test_days_come_in_order_and_never_overlap_or_are_refused(typed: list[tuple[datetime, int]]) -> None:
    days = [PlannedDay(start, start + timedelta(minutes=minutes)) for start, minutes in typed]
    try:
        ordered = rules.in_order(days)
    except Invalid:
        return
    assert all(a.ends_at <= b.starts_at for a, b in pairwise(ordered))
    assert set(ordered) == set(days)


@given(st.lists(st.tuples(moments, st.integers(1, 600)), min_size=2, max_size=2))
def test_a_clash_is_the_same_seen_from_either_side(typed: list[tuple[datetime, int]]) -> None:
    one, other = (
        TakenDay(number, start, start + timedelta(minutes=minutes), venue_id=1)
        for number, (start, minutes) in enumerate(typed)
    )
    assert bool(clashes([one], [other])) == bool(clashes([other], [one]))


def test_a_room_is_free_again_when_the_event_before_ends_and_online_is_no_room() -> None:
    morning = TakenDay(1, START, START + timedelta(hours=3), venue_id=7)
    afternoon = TakenDay(2, START + timedelta(hours=3), END, venue_id=7)
    assert clashes([morning], [afternoon]) == []
    online = [TakenDay(number, START, END) for number in (1, 2)]
    assert clashes(online[:1], online[1:]) == []
    trained = [TakenDay(number, START, END, person_ids=frozenset({5})) for number in (1, 2)]
    assert len(clashes(trained[:1], trained[1:])) == 1


@pytest.mark.parametrize(
    ("venue", "url", "words"),
    [
        ("Ashbeck Centre, Larkham", "", "Ashbeck Centre, Larkham"),
        (None, "", "Online"),
        (None, "https://teams.microsoft.com/l/abc", "Online (Teams)"),
        ("Ashbeck Centre", "https://zoom.us/j/1", "Ashbeck Centre, or online (Zoom)"),
    ],
)
def test_a_place_reads_without_its_link(venue: str | None, url: str, words: str) -> None:
    assert rules.place_words(venue, url) == words


def test_the_town_is_what_stands_after_the_last_comma() -> None:
    assert rules.town_of("Room 2, Ashbeck Centre, Larkham") == "Larkham"
    assert rules.town_of("Ashbeck Centre") == ""


@pytest.mark.parametrize("state", [EventState.DELIVERED, EventState.CANCELLED])
def test_what_is_over_is_not_changed(state: EventState) -> None:
    with pytest.raises(Conflict):
        life.CHANGE.check(state)
