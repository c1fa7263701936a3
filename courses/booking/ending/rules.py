"""When a claim that was given up can be had back. Pure."""

from datetime import date, datetime, timedelta

from lms.kit.errors import Conflict, Invalid
from lms.kit.working_days import end_of_day, london_date

UNDO_FOR = timedelta(hours=1)
PLACE_GONE = "The place has gone to somebody else by now. Book again to join the waiting list."


def can_undo(
    *, by_whom: int | None, actor: int | None, ended_at: datetime | None, held_a_place: bool, now: datetime
) -> bool:
    """For an hour, by whoever did it, where a place was given up."""
    is_mine = actor is not None and actor == by_whom
    return is_mine and held_a_place and ended_at is not None and now - ended_at <= UNDO_FOR


def check_undo(
    *, by_whom: int | None, actor: int | None, ended_at: datetime | None, held_a_place: bool, now: datetime
) -> None:
    """Refuse in words what cannot be undone."""
    if not can_undo(by_whom=by_whom, actor=actor, ended_at=ended_at, held_a_place=held_a_place, now=now):
        raise Conflict("This can be undone for an hour, by whoever did it. Book again, or ask the training team.")


def told_moment(told_on: date | None, booked_at: datetime, now: datetime) -> datetime | None:
    """The moment that counts when somebody told us on an earlier day: the end of it. None: just now."""
    if told_on is None or told_on == london_date(now):
        return None
    if told_on > london_date(now):
        raise Invalid("That day has not come yet. Enter the day on which they told us.", field="told_on")
    if told_on < london_date(booked_at):
        raise Invalid("It was not booked on that day yet. Enter the day on which they told us.", field="told_on")
    return end_of_day(told_on)
