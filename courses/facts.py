"""What courses tell others: ids and plain values, told in the transaction in which they became true."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


@dataclass(frozen=True)
class EventPublished:
    """Booking is open, or opens at the event's `booking_opens_at`."""

    event_id: int


@dataclass(frozen=True)
class CourseRevisionBegun:
    """The next version of a course begins with what the one before it says."""

    course_id: int
    before_version_id: int
    version_id: int


@dataclass(frozen=True)
class CourseStatusChanged:
    """A course came into the catalogue or left it, or goes on with another version."""

    course_id: int


@dataclass(frozen=True)
class RemovedDay:
    """A day that a moved event no longer has: its entry in calendars has to go."""

    day_id: int
    starts_at: datetime
    ends_at: datetime


class EventPart(StrEnum):
    """What of an event has changed, the weightiest first: each has a letter of its own and other people who hear."""

    TIME = "time"
    PLACE = "place"
    JOINING = "joining"  # the link, the room, the note, the trainers: for those who hold a place


@dataclass(frozen=True)
class ChangedPart:
    """One thing that people were told of an event, as it was and as it is, in words."""

    part: EventPart
    label: str
    was: str
    now: str


@dataclass(frozen=True)
class EventChanges:
    """What changed of an event, why in the coordinator's words, and who trained at it before."""

    parts: tuple[ChangedPart, ...] = ()
    why: str = ""
    trainers_were: frozenset[int] = frozenset()

    def has(self, part: EventPart) -> bool:
        return any(each.part is part for each in self.parts)


@dataclass(frozen=True)
class EventMoved:
    """Days, times or places of a published event changed. `is_inside_notice`: free cancellation had already ended.

    `is_time`: the day or the time is another; otherwise only the place. `was_moved_at`: when it moved before.
    """

    event_id: int
    was_starts_at: datetime
    is_inside_notice: bool
    removed_days: tuple[RemovedDay, ...] = ()
    changes: EventChanges = EventChanges()
    is_time: bool = True
    was_moved_at: datetime | None = None


@dataclass(frozen=True)
class JoiningChanged:
    """How to join a published event changed, and nothing else: the link, the room, the note, the trainers.

    `is_quiet`: only a spelling. Whoever was told already hears nothing; what has not left says it as it is now.
    """

    event_id: int
    changes: EventChanges
    is_quiet: bool = False


@dataclass(frozen=True)
class EventPostponed:
    """It will not run on its dates; new ones are not known. Bookings stand and are not charged."""

    event_id: int
    why: str = ""


@dataclass(frozen=True)
class EventCancelled:
    """It will not run. Every booking is released."""

    event_id: int
    reason: str


@dataclass(frozen=True)
class CapacityChanged:
    """More places, or fewer: nobody is dropped, but somebody may move up."""

    event_id: int
    before: int
    after: int


@dataclass(frozen=True)
class BookingConfirmed:
    """A person holds a place; `was_waiting` when it came from the waiting list."""

    booking_id: int
    event_id: int
    person_id: int
    was_waiting: bool


@dataclass(frozen=True)
class BookingCancelled:
    """A person gave their claim up. `is_late`: after the free period of a confirmed place."""

    booking_id: int
    event_id: int
    person_id: int
    is_late: bool


@dataclass(frozen=True)
class RegisterFinalised:
    """Every booking has an outcome. Told once an event, never for imported history."""

    event_id: int


@dataclass(frozen=True)
class MarksCorrected:
    """Marks of a finalised register changed, whether or not the outcome did.

    `days_were` and `days_are`: the numbers of the days on which they were there. Told before `OutcomeCorrected`.
    """

    booking_id: int
    event_id: int
    person_id: int
    days_were: tuple[int, ...]
    days_are: tuple[int, ...]
    reason: str


@dataclass(frozen=True)
class OutcomeCorrected:
    """A finalised register was corrected, and an outcome with it. Words of `Outcome`, or "" for none.

    `was` is "" for somebody who was added to the register afterwards; `now` is "" for somebody whose place turned out
    to have been used by a colleague, who then has an `OutcomeCorrected` of their own.
    """

    booking_id: int
    event_id: int
    person_id: int
    was: str
    now: str
    reason: str


@dataclass(frozen=True)
class PlaceSubstituted:
    """Somebody of the same agency took the place: the first booking ended as substituted, the second holds it."""

    booking_id: int
    new_booking_id: int
    event_id: int


@dataclass(frozen=True)
class CertificateAwaitsEvaluation:
    """Somebody attended. Told only where a listener makes the certificate wait for an evaluation.

    Who listens calls `courses.records.certificates.services.evaluation_answered` when it has been answered.
    """

    booking_id: int
    event_id: int
    person_id: int


@dataclass(frozen=True)
class BookingsForgotten:
    """These bookings are past their time: whose they were is taken away now. Told while the person is still known."""

    person_id: int
    booking_ids: tuple[int, ...]
