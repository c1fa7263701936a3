"""The measures as the glossary defines them, counted from claims on the places of delivered events. Pure.

A claim is a booking that held a place, or a walk-in. Each has exactly one `Ending`, so that endings add up: every
measure is a sum of endings, and nobody is counted twice.
"""

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import IntEnum
from typing import NamedTuple, TypeVar

from lms.kit.figures import Figure, count, rate

Key = TypeVar("Key", bound=Hashable)
Part = TypeVar("Part", bound=Hashable)


class Ending(IntEnum):
    """What became of a claim: one of these."""

    ATTENDED = 0
    PART_ATTENDED = 1
    DID_NOT_ATTEND = 2
    TURNED_AWAY = 3
    CANCELLED_IN_TIME = 4
    CANCELLED_LATE = 5
    PASSED_ON = 6
    NO_OUTCOME = 7
    WALK_IN = 8
    WALK_IN_PART = 9
    WALK_IN_OTHER = 10


BOOKED = tuple(each for each in Ending if each < Ending.WALK_IN)
LATER_CANCELLED = (Ending.CANCELLED_IN_TIME, Ending.CANCELLED_LATE)
ATTENDANCES = (Ending.ATTENDED, Ending.WALK_IN)
PART = (Ending.PART_ATTENDED, Ending.WALK_IN_PART)


class Claim(NamedTuple):
    """A booking that held a place in a delivered event, or a walk-in. People who were merged are one."""

    event_id: int
    person_id: int
    agency_id: int | None
    ending: int
    sector_id: int | None = None


@dataclass(frozen=True)
class Delivered:
    """An event with a finalised register. `on`: its first day, by which it belongs to a period."""

    id: int
    ref: str
    on: date
    course_code: str
    course: str
    event_type: str
    level: str
    venue: str
    places: int


@dataclass
class Counts:
    """How many claims ended how, and who attended."""

    endings: list[int] = field(default_factory=lambda: [0] * len(Ending))
    people: set[int] = field(default_factory=set)

    def take(self, other: "Counts") -> None:
        """Count what another has counted, too. The same people stay the same."""
        self.endings = [mine + theirs for mine, theirs in zip(self.endings, other.endings, strict=True)]
        self.people |= other.people

    def of(self, *endings: int) -> int:
        return sum(self.endings[each] for each in endings)

    @property
    def bookings(self) -> int:
        return self.of(*BOOKED)

    @property
    def later_cancelled(self) -> int:
        return self.of(*LATER_CANCELLED)

    @property
    def attended_booked(self) -> int:
        return self.of(Ending.ATTENDED)

    @property
    def absent(self) -> int:
        """Bookings that were not attended, whatever became of them."""
        return self.bookings - self.attended_booked

    @property
    def attendances(self) -> int:
        return self.of(*ATTENDANCES)

    @property
    def walk_ins(self) -> int:
        return self.of(Ending.WALK_IN)

    @property
    def part_attended(self) -> int:
        return self.of(*PART)


@dataclass(frozen=True)
class CountNamed:
    """How a count is named and told. `endings`: what is added up for it, by which its rows are found too."""

    name: str
    title: str
    definition: str
    endings: tuple[Ending, ...]


BOOKINGS = CountNamed(
    "bookings",
    "Bookings",
    "Bookings that ever held a confirmed place in a delivered event, walk-ins left out.",
    BOOKED,
)
LATER = CountNamed(
    "bookings_later_cancelled",
    "Bookings later cancelled",
    "Of these bookings, those that were cancelled afterwards, in time or late.",
    LATER_CANCELLED,
)
CAME = CountNamed("attendances", "Attendances", "Outcomes “attended”, walk-ins included.", ATTENDANCES)
WALK_INS = CountNamed(
    "walk_ins", "Walk-ins", "Of these attendances, people who came without a booking.", (Ending.WALK_IN,)
)
PART_CAME = CountNamed(
    "part_attended",
    "Part attended",
    "Outcomes “part attended”: there for less than 90% of the scheduled minutes. Neither attended nor absent.",
    PART,
)
ABSENT = CountNamed(
    "did_not_attend",
    "Did not attend",
    "Confirmed bookings whose outcome is “did not attend”.",
    (Ending.DID_NOT_ATTEND,),
)
REFUSED = CountNamed(
    "turned_away",
    "Turned away",
    "Confirmed bookings of people who came and were not let in on any day.",
    (Ending.TURNED_AWAY,),
)
LATE = CountNamed(
    "late_cancellations",
    "Late cancellations",
    "Bookings of delivered events that were cancelled after free cancellation had ended.",
    (Ending.CANCELLED_LATE,),
)
PASSED_ON = CountNamed(
    "places_passed_on",
    "Places passed on",
    "Bookings whose place went to a colleague or to another date.",
    (Ending.PASSED_ON,),
)

PEOPLE_DEFINITION = "Different people among the attendances."
EVENTS_DEFINITION = "Events with a finalised register whose first day is in the period."
COURSES_DEFINITION = "Different courses among the events delivered."
PLACES_DEFINITION = "The places that were offered when these events ran, added up."
FILL_DEFINITION = "Bookings divided by places offered."
RATE_DEFINITION = "People who had booked and attended, divided by bookings. Walk-ins never raise it."
USE_DEFINITION = "Attendances divided by places offered."


def tallied_by(claims: Iterable[Claim], key: Callable[[Claim], Key]) -> dict[Key, Counts]:
    """Counted apart, by whatever `key` says of a claim. The one loop over all claims, so it calls nothing else."""
    found: dict[Key, Counts] = defaultdict(Counts)
    came = frozenset(map(int, ATTENDANCES))
    for claim in claims:
        counts, ending = found[key(claim)], claim[3]
        counts.endings[ending] += 1
        if ending in came:
            counts.people.add(claim[1])
    return dict(found)


def joined(counted: Iterable[Counts]) -> Counts:
    """Everything counted together."""
    whole = Counts()
    for counts in counted:
        whole.take(counts)
    return whole


def joined_by(counted: Mapping[Part, Counts], key: Callable[[Part], Key]) -> dict[Key, Counts]:
    """What was counted by small parts (events, agencies), counted by what those belong to (courses, sectors)."""
    found: dict[Key, Counts] = defaultdict(Counts)
    for part, counts in counted.items():
        found[key(part)].take(counts)
    return dict(found)


def _count(told: CountNamed, counts: Counts) -> Figure:
    return count(told.name, told.title, counts.of(*told.endings), told.definition)


def amounts(counts: Counts, events: Sequence[Delivered]) -> tuple[Figure, ...]:
    """How much was done, exactly."""
    places = sum(event.places for event in events)
    courses = len({event.course_code for event in events})
    return (
        count("events_delivered", "Events delivered (sessions)", len(events), EVENTS_DEFINITION),
        count("courses_delivered", "Courses delivered (topics)", courses, COURSES_DEFINITION),
        count("places_offered", "Places offered", places, PLACES_DEFINITION),
        *(_count(each, counts) for each in (BOOKINGS, LATER, CAME, WALK_INS)),
        count("distinct_people", "Different people", len(counts.people), PEOPLE_DEFINITION),
    )


def quality(counts: Counts, places: int) -> tuple[Figure, ...]:
    """How full it was, who came of those who had booked, and who did not, exactly."""
    return (
        rate("booking_fill_rate", "Booking fill rate", counts.bookings, places, FILL_DEFINITION),
        rate("attendance_rate", "Attendance rate", counts.attended_booked, counts.bookings, RATE_DEFINITION),
        rate("course_utilisation_rate", "Course utilisation rate", counts.attendances, places, USE_DEFINITION),
        *(_count(each, counts) for each in (PART_CAME, ABSENT, REFUSED, LATE, PASSED_ON)),
    )


def events_attended(claims: Iterable[Claim]) -> dict[int, int]:
    """How many people attended exactly so many of these events: `{1: 84, 2: 17, 3: 2}`, from 1 on."""
    attended: dict[int, set[int]] = defaultdict(set)
    for claim in claims:
        if claim.ending in ATTENDANCES:
            attended[claim.person_id].add(claim.event_id)
    found: dict[int, int] = defaultdict(int)
    for events in attended.values():
        found[len(events)] += 1
    return dict(sorted(found.items()))


def at_least(exactly: Mapping[int, int], number: int) -> int:
    """How many people attended so many events or more."""
    return sum(people for events, people in exactly.items() if events >= number)


COUNTED = (BOOKINGS, LATER, CAME, WALK_INS, PART_CAME, ABSENT, REFUSED, LATE, PASSED_ON)
ENDINGS_BEHIND: Mapping[str, tuple[Ending, ...]] = {
    **{each.name: each.endings for each in COUNTED},
    "attended_booked": (Ending.ATTENDED,),
    "attendance_rate": BOOKED,
    "booking_fill_rate": BOOKED,
    "course_utilisation_rate": ATTENDANCES,
    "distinct_people": ATTENDANCES,
    "chosen_attendances": ATTENDANCES,
    "chosen_people": ATTENDANCES,
}
"""The claims that are the rows behind a measure; of a rate, those of its larger part."""

EVENTS_BEHIND = frozenset({"events_delivered", "courses_delivered", "places_offered", "chosen_events"})
"""Measures whose rows are events."""
