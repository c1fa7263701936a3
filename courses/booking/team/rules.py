"""What booking several of an agency's people would do, and did, line by line. Pure."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from courses.booking.bookings.rules import BookingState
from courses.booking.team.reading.rules import NOBODY, LineRead, OwnPerson
from lms.kit.words import long_date


class Comes(StrEnum):
    """What becomes of a line: as it is before anything is booked, and as it became."""

    READY = "ready"
    WOULD_WAIT = "would_wait"
    WOULD_ASK = "would_ask"
    TO_CHECK = "to_check"
    LEFT_OUT = "left_out"
    UNKNOWN = "unknown"
    HAS_IT = "has_it"
    BOOKED = "booked"
    WAITS = "waits"
    ASKED = "asked"
    REFUSED = "refused"


TAGS: Mapping[Comes, tuple[str, str]] = {
    Comes.READY: ("Ready", "green"),
    Comes.WOULD_WAIT: ("Will wait", "orange"),
    Comes.WOULD_ASK: ("Manager first", "orange"),
    Comes.TO_CHECK: ("To check", "orange"),
    Comes.LEFT_OUT: ("Left out", "grey"),
    Comes.UNKNOWN: ("Unknown", "grey"),
    Comes.HAS_IT: ("Has it", "grey"),
    Comes.BOOKED: ("Booked", "green"),
    Comes.WAITS: ("Waits", "orange"),
    Comes.ASKED: ("Manager asked", "orange"),
    Comes.REFUSED: ("Not booked", "red"),
}
"""How each reads, and its colour."""
WILL_BE_BOOKED = frozenset({Comes.READY, Comes.WOULD_WAIT, Comes.WOULD_ASK})


@dataclass(frozen=True)
class LinePlanned:
    """A line with what becomes of it, and the sentence that says why. `clashes`: it is booked only with a reason."""

    line: LineRead
    comes: Comes
    why: str
    clashes: bool = False

    @property
    def tag(self) -> tuple[str, str]:
        return TAGS[self.comes]


@dataclass(frozen=True)
class TeamKnown:
    """What is known of an event and of the people on the lines."""

    has: Mapping[int, BookingState]
    trains: Collection[int]
    clashes: Mapping[int, str]
    left: int
    asks_manager: bool
    why_nobody: str = ""


HAS_WORDS = {
    BookingState.CONFIRMED: "Booked on it already",
    BookingState.WAITING: "On its waiting list already",
    BookingState.OFFERED: "Has been offered a place on it",
    BookingState.AWAITING_MANAGER: "Their manager has been asked already",
}
CAME = {
    BookingState.CONFIRMED: (Comes.BOOKED, "Has a place and has been told"),
    BookingState.WAITING: (Comes.WAITS, "Every place is taken: on the waiting list, and has been told"),
    BookingState.OFFERED: (Comes.WAITS, "Is offered a place, and has been told until when to answer"),
    BookingState.AWAITING_MANAGER: (Comes.ASKED, "Booked once their manager agrees; both have been written to"),
}


def planned(lines: Sequence[LineRead], known: TeamKnown) -> list[LinePlanned]:
    """What booking these lines, one after the other, would do."""
    found, left = [], known.left
    for line in lines:
        plan = _planned(line, known, left)
        left -= plan.comes is Comes.READY
        found.append(plan)
    return found


def _planned(line: LineRead, known: TeamKnown, left: int) -> LinePlanned:
    person = line.person
    if person is None:
        unknown = Comes.TO_CHECK if line.guess else Comes.UNKNOWN if line.why == NOBODY else Comes.LEFT_OUT
        return LinePlanned(line, unknown, line.why)
    if person.id in known.has:
        return LinePlanned(line, Comes.HAS_IT, HAS_WORDS[known.has[person.id]])
    if why_not := _why_not(person, known):
        return LinePlanned(line, Comes.LEFT_OUT, why_not)
    clash = known.clashes.get(person.id, "")
    comes, usual = _would(known, left)
    why = f"{clash} Booked only if you say below why both are needed." if clash else line.why or usual
    return LinePlanned(line, comes, why, bool(clash))


def _why_not(person: OwnPerson, known: TeamKnown) -> str:
    if person.left_on is not None:
        return f"Left on {long_date(person.left_on)}"
    if person.id in known.trains:
        return "Is a trainer of this event, and takes no place in it"
    return known.why_nobody


def _would(known: TeamKnown, left: int) -> tuple[Comes, str]:
    if known.asks_manager:
        return Comes.WOULD_ASK, "Booked once their manager agrees"
    if left <= 0:
        return Comes.WOULD_WAIT, "Every place is taken: joins the waiting list"
    return Comes.READY, "Will be booked"


def came(plan: LinePlanned, become: BookingState | str | None) -> LinePlanned:
    """The same line once it was booked: by the state of the booking, or the sentence for which it was refused."""
    if become is None:
        guess = plan.line.guess
        return plan if guess is None else LinePlanned(plan.line, Comes.LEFT_OUT, f"Not ticked: {guess.words}")
    if isinstance(become, BookingState):
        return LinePlanned(plan.line, *CAME[become])
    return LinePlanned(plan.line, Comes.REFUSED, become)


def summed_up(lines: Sequence[LinePlanned]) -> str:
    """3 ready, 1 to check, 3 left out: in the order in which they are listed above."""
    numbers = Counter(line.comes for line in lines)
    return ", ".join(f"{numbers[each]} {TAGS[each][0].lower()}" for each in Comes if numbers[each])
