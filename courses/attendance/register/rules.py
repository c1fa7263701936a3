"""What the partnership says about marking: when it opens, what a mark may say, and what is left of a day."""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from courses.programme.events.life import MARK
from courses.programme.events.rules import EventState
from lms.kit.errors import Conflict, Invalid
from lms.kit.words import clock, count, duration, long_date


class MarkKind(StrEnum):
    """What a trainer saw. Late and left early are present with minutes missed."""

    PRESENT = "present"
    ABSENT = "absent"
    EXCUSED = "excused"
    TURNED_AWAY = "turned_away"


OPENS_BEFORE = timedelta(minutes=60)
LONGEST_NOTE = 500
KIND_WORDS = {
    MarkKind.PRESENT: "Present",
    MarkKind.ABSENT: "Absent",
    MarkKind.EXCUSED: "Excused",
    MarkKind.TURNED_AWAY: "Turned away",
}
OLDEST_MARK = timedelta(days=7)
"""How long a phone may have been without a signal for us to believe when it says that a mark was made."""

LATE_WORDS = re.compile(r"\d{1,4}")


@dataclass(frozen=True)
class Seen:
    """What a trainer saw of one person on one day. Minutes are missed by somebody present."""

    kind: MarkKind
    late_minutes: int = 0
    left_early_minutes: int = 0
    note: str = ""

    @property
    def is_late(self) -> bool:
        return self.kind is MarkKind.PRESENT and self.late_minutes > 0

    @property
    def words(self) -> str:
        """Present; 22 minutes late; 10 minutes late, left 30 minutes early; Left 30 minutes early; Turned away."""
        parts = [f"{count(self.late_minutes, 'minute')} late"] if self.late_minutes else []
        parts += [f"left {count(self.left_early_minutes, 'minute')} early"] if self.left_early_minutes else []
        said = ", ".join(parts)
        return said[:1].upper() + said[1:] or KIND_WORDS[self.kind]


@dataclass(frozen=True)
class TaughtDay:
    """An event day as minutes are reckoned in it."""

    starts_at: datetime
    ends_at: datetime
    break_minutes: int = 0

    @property
    def minutes(self) -> int:
        """From the start to the end, breaks included."""
        return int((self.ends_at - self.starts_at).total_seconds()) // 60

    @property
    def scheduled_minutes(self) -> int:
        """What there was to attend: breaks left out."""
        return max(self.minutes - self.break_minutes, 0)


def present_minutes(block: TaughtDay, seen: Seen) -> int:
    """Minutes that somebody was there for, of those scheduled."""
    if seen.kind is not MarkKind.PRESENT:
        return 0
    return max(block.scheduled_minutes - seen.late_minutes - seen.left_early_minutes, 0)


def opens_at(starts_at: datetime) -> datetime:
    """Marking opens 60 minutes before the day starts."""
    return starts_at - OPENS_BEFORE


def check_can_mark(state: EventState, starts_at: datetime, now: datetime) -> None:
    """Refuse in words to mark what does not run, what has not begun, and what is finalised."""
    MARK.check(state)
    if now < opens_at(starts_at):
        opens = opens_at(starts_at)
        raise Conflict(f"Marking opens at {clock(opens)} on {long_date(opens)}, an hour before the start.")


def kind_of(typed: str) -> MarkKind:
    """A kind of mark as a form or a phone says it. Raises Invalid for anything else."""
    try:
        return MarkKind(typed)
    except ValueError:
        raise Invalid("Choose present, late, absent, excused or turned away.", field="kind") from None


def check_seen(block: TaughtDay, seen: Seen) -> None:
    """Refuse a mark that cannot be: minutes missed by somebody who was not there, or more than the day has."""
    missed = seen.late_minutes + seen.left_early_minutes
    if min(seen.late_minutes, seen.left_early_minutes) < 0:
        raise Invalid("Minutes cannot be below 0.", field="late")
    if seen.kind is not MarkKind.PRESENT and missed:
        raise Invalid("Only someone who was there can be late or leave early. Leave the minutes empty.", field="late")
    if missed >= block.minutes > 0:
        raise Invalid(f"The day has {duration(block.minutes)}. Someone who missed all of it is absent.", field="late")
    if len(seen.note) > LONGEST_NOTE:
        raise Invalid(f"Use at most {LONGEST_NOTE} characters for the note.", field="note")


def minutes_of(typed: str, *, field: str = "late") -> int | None:
    """Whole minutes as typed; None when nothing was."""
    text = typed.strip()
    if not text:
        return None
    if not LATE_WORDS.fullmatch(text):
        raise Invalid(f"Enter minutes as a whole number, not “{text[:20]}”.", field=field)
    return int(text)


def late_now(block: TaughtDay, at: datetime) -> int:
    """How late somebody is who comes in at this moment. Refuses when nobody can be late yet, or any more."""
    if at > block.ends_at:
        raise Invalid("The day is over. Say how many minutes late they were.", field="late")
    late = int((at - block.starts_at).total_seconds()) // 60
    if late <= 0:
        raise Invalid("The day has not begun, so no one is late yet. Mark them present.", field="late")
    return late


def made_at(now: datetime, age_seconds: int, starts_at: datetime) -> datetime:
    """When a mark was made that a phone kept: so long ago by its own stopwatch, but never before marking opened."""
    age = timedelta(seconds=max(age_seconds, 0))
    return max(now - min(age, OLDEST_MARK), opens_at(starts_at))


def shown_fingerprint(seen: Seen | None) -> str:
    """What a form showed of a mark, so that saving it changes only what somebody changed."""
    if seen is None:
        return ""
    return f"{seen.kind}:{seen.late_minutes}:{seen.left_early_minutes}:{seen.note}"
