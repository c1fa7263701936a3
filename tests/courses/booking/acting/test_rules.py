"""What the links of a letter do, and when they do nothing any more."""

from datetime import timedelta

import pytest

from courses.booking.acting.rules import can_join, links_of, replaced, why_ended
from courses.booking.bookings.life import steps_now
from courses.booking.bookings.rules import LIVE_STATES, BookingState
from courses.programme.events.rules import EventState
from tests.moments import NOW

S, E = BookingState, EventState
START, END, SECOND = NOW, NOW + timedelta(hours=6), timedelta(seconds=1)


def ended(state: BookingState, event: EventState = E.PUBLISHED, *, after: timedelta, is_newest: bool = True) -> str:
    over = why_ended(state, event, starts_at=START, ends_at=END, now=START + after, is_newest=is_newest)
    return "acts" if over is None else over[0] or "shows its state"


@pytest.mark.parametrize(
    ("after", "says"),
    [
        (-SECOND, "acts"),
        (timedelta(), "This event has started"),
        (END - START - SECOND, "This event has started"),
        (END - START, "This event is over"),
    ],
)
def test_a_link_acts_until_the_very_start(after: timedelta, says: str) -> None:
    assert {ended(state, after=after) for state in LIVE_STATES} == {says}


def test_a_postponed_event_has_not_started_whatever_its_old_day() -> None:
    assert ended(S.CONFIRMED, E.POSTPONED, after=timedelta(days=30)) == "acts"


def test_a_link_that_was_used_is_dead_also_once_that_was_undone() -> None:
    assert {ended(state, after=-SECOND) for state in S if state not in LIVE_STATES} == {"shows its state"}
    assert ended(S.CONFIRMED, after=-SECOND, is_newest=False) == "This link was used already"


def test_joining_is_shown_to_holders_of_a_place_as_long_as_it_lasts() -> None:
    shown = {state for state in S if can_join(state, ends_at=END, now=END - SECOND, is_newest=True)}
    assert shown == {S.CONFIRMED}
    assert not can_join(S.CONFIRMED, ends_at=END, now=END, is_newest=True)
    assert not can_join(S.CONFIRMED, ends_at=END, now=START, is_newest=False)


def test_a_letter_offers_what_can_be_done_as_the_booking_stands() -> None:
    def names(state: BookingState) -> list[str]:
        return [name for name, _ in links_of(state, steps_now(state, E.PUBLISHED, has_started=False))]

    assert names(S.CONFIRMED) == ["cancel", "move", "give", "needs", "manager", "join"]
    assert names(S.WAITING) == ["cancel", "needs", "manager"]
    assert names(S.CANCELLED) == []
    words = {state: links_of(state, {"cancel"})[0][1] for state in (S.WAITING, S.AWAITING_MANAGER, S.CONFIRMED)}
    assert list(words.values()) == ["Leave the waiting list", "Withdraw my request", "Cancel my booking"]


@pytest.mark.parametrize(
    ("typed", "is_emptied", "then"),
    [("", False, "hearing loop"), ("step-free", False, "step-free"), ("", True, ""), ("step-free", True, "step-free")],
)
def test_whoever_is_not_shown_what_we_have_takes_nothing_away_by_leaving_it_empty(
    typed: str, is_emptied: bool, then: str
) -> None:
    assert replaced(typed, "hearing loop", is_emptied=is_emptied) == then
