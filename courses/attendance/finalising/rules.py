"""What became of a booking, derived from the minutes of its marks."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from courses.attendance.register.rules import MarkKind
from courses.booking.bookings.rules import THERE, Outcome
from courses.programme.events.life import FINALISE
from courses.programme.events.rules import EventState
from lms.kit.errors import Conflict, Invalid
from lms.kit.words import count

LONGEST_REASON = 500


@dataclass(frozen=True)
class DayMarked:
    """One day as it counts: its number, what there was, and what somebody was there for."""

    number: int
    kind: MarkKind
    scheduled_minutes: int
    present_minutes: int


def outcome_of(days: Sequence[DayMarked], attended_percent: int) -> Outcome:
    """Attended from so many per cent of the scheduled minutes, part attended from the first, else not.

    Turned away is who was refused on every day.
    """
    scheduled = sum(day.scheduled_minutes for day in days)
    present = sum(day.present_minutes for day in days)
    if days and all(day.kind is MarkKind.TURNED_AWAY for day in days):
        return Outcome.TURNED_AWAY
    if present <= 0:
        return Outcome.DID_NOT_ATTEND
    return Outcome.ATTENDED if present * 100 >= scheduled * attended_percent else Outcome.PART_ATTENDED


def days_attended(days: Sequence[DayMarked]) -> str:
    """The numbers of the days on which somebody was there: "1;2"."""
    return ";".join(str(day.number) for day in days if day.present_minutes > 0)


def day_numbers(days: str) -> tuple[int, ...]:
    """The other way round: (1, 2)."""
    return tuple(int(each) for each in days.split(";") if each.strip().isdigit())


def check_correction(reason: str) -> str:
    """A finalised register is changed for a reason that is kept."""
    if not reason.strip():
        raise Invalid("Enter why you are correcting the register. We keep the reason.", field="reason")
    if len(reason) > LONGEST_REASON:
        raise Invalid(f"Explain why in {LONGEST_REASON} characters or fewer.", field="reason")
    return reason.strip()


def check_was_there(outcome: Outcome | None) -> None:
    """Who is added to a finalised register was there, at least in part: nobody else belongs on it."""
    if outcome not in THERE:
        raise Invalid("A person you add must have been there on at least one day. Mark that day.", field="days")


def check_can_finalise(state: EventState, ends_at: datetime, now: datetime, missing: int) -> None:
    """Refuse in words before the last day has ended and while anybody has no mark."""
    FINALISE.check(state)
    if now < ends_at:
        raise Conflict("The last day has not ended yet. Finalise the register after that.")
    if missing:
        has = "is one mark" if missing == 1 else f"are {count(missing, 'mark')}"
        raise Conflict(f"There {has} missing. Every booking needs a mark on every day before you finalise.")
