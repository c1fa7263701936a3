"""What is asked of whoever knows: bookings count places, coverage tells what is taught from reviews, charges what was
charged."""

from dataclasses import dataclass, field
from datetime import date

from lms.kit.questions import Question


@dataclass(frozen=True)
class Places:
    """How many hold a place in an event, and how many wait for one. Walk-ins hold none.

    `offered`: places held for somebody in the list who has not answered yet; `for_sectors`: held for a sector's people.
    """

    confirmed: int = 0
    waiting: int = 0
    offered: int = 0
    for_sectors: int = 0

    @property
    def gone(self) -> int:
        """Places that nobody new can simply book."""
        return self.confirmed + self.offered + self.for_sectors


@dataclass(frozen=True)
class Claims:
    """The places of an event, and how the reader is booked on it: the state of their live booking, or nothing."""

    places: Places = field(default_factory=Places)
    mine: str = ""


@dataclass(frozen=True)
class ClaimsOn(Question[dict[int, Claims]]):
    """What is claimed of these events, by their ids; for a reader too, when they are a person. Every id is answered."""

    event_ids: tuple[int, ...]
    person_id: int | None = None


@dataclass(frozen=True)
class PlacesHeldBy(Question[dict[int, frozenset[int]]]):
    """Who of these people has a place on which of these events, by the events' ids; events without one are left out."""

    event_ids: tuple[int, ...]
    person_ids: tuple[int, ...]

    def unanswered(self) -> dict[int, frozenset[int]]:
        return {}


@dataclass(frozen=True)
class LearnedWithoutEvent(Question[frozenset[int]]):
    """Which of these courses a person completed by e-learning, without any event."""

    person_id: int
    course_ids: tuple[int, ...]

    def unanswered(self) -> frozenset[int]:
        return frozenset()


@dataclass(frozen=True)
class LearnedIn(Question[dict[int, str]]):
    """A sentence on what each of these versions of courses teaches from reviews, for those that do."""

    version_ids: tuple[int, ...]

    def unanswered(self) -> dict[int, str]:
        return {}


@dataclass(frozen=True)
class TaughtIn(Question[dict[int, tuple[str, ...]]]):
    """What each of these versions of courses teaches from reviews, as everybody may read it. Searches look into it."""

    version_ids: tuple[int, ...]

    def unanswered(self) -> dict[int, tuple[str, ...]]:
        return {}


@dataclass(frozen=True)
class ChargedTo(Question[dict[int, int] | None]):
    """What places that nobody used cost each agency, by its id: pence of charges that were raised in these days, were
    decided and stand. None where nobody is charged."""

    from_on: date
    to_on: date

    def unanswered(self) -> None:
        return None
