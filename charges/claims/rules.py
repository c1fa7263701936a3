"""What a booking is charged, for each event day, and why or why not. The partnership's policy; pure."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from courses.attendance.register.rules import MarkKind
from courses.booking.bookings.rules import BookingState, Outcome
from lms.kit.words import clock, duration, moment, pounds, short_date
from lms.kit.working_days import free_cancellation_until, is_late, london_date
from lms.policies.rules import Policy, charge_for_day


class Exemption(StrEnum):
    """Who is not charged, and still reported. Agencies marked exempt, role groups and trainers need no record here."""

    VOLUNTEER = "volunteer"
    SMALL_CHARITY = "small_charity"
    LAY_MEMBER = "lay_member"
    TRAINER = "trainer"
    FOSTER_CARER = "foster_carer"


EXEMPTION_WORDS = {
    Exemption.VOLUNTEER: "A volunteer without an employer",
    Exemption.SMALL_CHARITY: "Small charities are exempt",
    Exemption.LAY_MEMBER: "Lay members are exempt",
    Exemption.TRAINER: "A trainer of the partnership",
    Exemption.FOSTER_CARER: "Foster carers are exempt",
}


class ChargeReason(StrEnum):
    """What a charge is for."""

    DID_NOT_ATTEND = "did_not_attend"
    LATE_CANCELLATION = "late_cancellation"


GIVEN_UP = frozenset({BookingState.CANCELLED, BookingState.TRANSFERRED})
MISSED = frozenset({MarkKind.ABSENT, MarkKind.TURNED_AWAY})
NOT_THERE = frozenset({Outcome.DID_NOT_ATTEND, Outcome.TURNED_AWAY})


@dataclass(frozen=True)
class MarkedDay:
    """An event day, and what the register says of one person on it, if anything."""

    number: int
    starts_at: datetime
    ends_at: datetime
    mark: MarkKind | None = None

    @property
    def minutes(self) -> int:
        return (self.ends_at - self.starts_at) // timedelta(minutes=1)

    @property
    def words(self) -> str:
        """Tue 3 Mar 2026, 09:30 to 16:00"""
        return f"{short_date(self.starts_at)}, {clock(self.starts_at)} to {clock(self.ends_at)}"


@dataclass(frozen=True)
class ChargeableClaim:
    """A booking as the charging rules see it.

    `exempt` says why this agency or person is never charged; the terms name role groups besides. `is_running`: neither
    cancelled nor postponed.
    """

    days: tuple[MarkedDay, ...]
    free_until: datetime
    confirmed_at: datetime | None
    queued_at: datetime | None = None
    accepted_at: datetime | None = None
    cancelled_at: datetime | None = None
    state: BookingState = BookingState.CONFIRMED
    outcome: Outcome | None = None
    exempt: str = ""
    role_group: str = ""
    is_running: bool = True
    is_walk_in: bool = False
    has_other_place: bool = False
    is_grace: bool = False
    is_moved_by_delegate: bool = False
    is_place_taken: bool = False

    @property
    def starts_at(self) -> datetime:
        return self.days[0].starts_at


@dataclass(frozen=True)
class ChargeLine:
    """One event day missed, with the pence and the sentence that explains them."""

    day: MarkedDay
    reason: ChargeReason
    pence: int
    why: str


@dataclass(frozen=True)
class Assessment:
    """What a claim is charged: lines, or the sentence that says why there are none."""

    lines: tuple[ChargeLine, ...] = ()
    why_not: str = ""

    @property
    def pence(self) -> int:
        return sum(line.pence for line in self.lines)


def assess(claim: ChargeableClaim, policy: Policy, version: int) -> Assessment:
    """What the agency is charged for a booking under these terms: one line per event day missed."""
    why_not = _why_never(claim)
    if why_not:
        return Assessment(why_not=why_not)
    charged = _late_cancellation(claim, policy, version) if claim.state in GIVEN_UP else _missed(claim, policy, version)
    exempt = exemption(claim, policy)
    if charged.lines and exempt:
        return Assessment(why_not=f"{exempt}: not charged, still reported.")
    return charged


def exemption(claim: ChargeableClaim, policy: Policy) -> str:
    """Why nobody is charged for this person or agency under these terms; "" when somebody is."""
    if claim.exempt:
        return claim.exempt
    groups = {name.casefold() for name in policy.exempt_role_groups}
    return f"{claim.role_group} are exempt" if claim.role_group.casefold() in groups else ""


def was_promoted_late(claim: ChargeableClaim, policy: Policy) -> bool:
    """Whether somebody came from the waiting list when free cancellation had already ended."""
    if claim.queued_at is None or claim.confirmed_at is None or claim.confirmed_at <= claim.queued_at:
        return False
    return is_late(claim.confirmed_at, usual_deadline(claim, policy))


def accepted_in_time(claim: ChargeableClaim, policy: Policy) -> bool:
    """Whether somebody accepted the place, and the start was at least so many hours away."""
    hours = timedelta(hours=policy.promoted_charged_hours)
    return claim.accepted_at is not None and claim.accepted_at <= claim.starts_at - hours


def usual_deadline(claim: ChargeableClaim, policy: Policy) -> datetime:
    """The last free second that these terms give an event that begins on this claim's first day."""
    return free_cancellation_until(london_date(claim.starts_at), policy.notice_working_days)


def under(claim: ChargeableClaim, own: Policy, other: Policy) -> ChargeableClaim:
    """The claim as it would stand under other terms: its usual deadline moves with the notice.

    A deadline that was set apart, because the event moved or the person was promoted late, stays.
    """
    if claim.free_until != usual_deadline(claim, own):
        return claim
    return replace(claim, free_until=usual_deadline(claim, other))


def _why_never(claim: ChargeableClaim) -> str:
    if not claim.is_running:
        return "The partnership cancelled or postponed the event."
    if claim.confirmed_at is None:
        return "It never held a place."
    if claim.is_walk_in:
        return "Came without a booking."
    ended = {
        BookingState.SUBSTITUTED: "A colleague took the place.",
        BookingState.RELEASED: "The partnership released the booking.",
        BookingState.TRANSFERRED: _why_moved_free(claim),
    }
    if claim.state not in (BookingState.CONFIRMED, BookingState.CANCELLED):
        return ended.get(claim.state, "It never held a place.")
    if claim.state is BookingState.CANCELLED and claim.has_other_place:
        return "Booked the same event again."
    return ""


def _why_moved_free(claim: ChargeableClaim) -> str:
    """A place moved to another date counts as cancelled, where the delegate moved it and nobody has it now."""
    if not claim.is_moved_by_delegate:
        return "The place was moved to another date."
    return "Moved to another date, and someone who waited took the place." if claim.is_place_taken else ""


def covered(moved: Iterable[tuple[int, datetime]], taken: Iterable[datetime]) -> set[int]:
    """Which places that were moved away somebody who waited took: each taker has the one that was free first."""
    left, found = sorted(moved, key=lambda each: (each[1], each[0])), set()
    for at in sorted(taken):
        first = next((each for each in left if each[1] <= at), None)
        if first is not None:
            left.remove(first)
            found.add(first[0])
    return found


def _late_cancellation(claim: ChargeableClaim, policy: Policy, version: int) -> Assessment:
    cancelled_at = claim.cancelled_at or claim.starts_at
    what = "Moved to another date" if claim.state is BookingState.TRANSFERRED else "Cancelled"
    if claim.is_grace:
        return Assessment(why_not=f"{what} {moment(cancelled_at)}, within the hour after booking.")
    said = f"{what} {moment(cancelled_at)}; free until {moment(claim.free_until)}; policy version {version}"
    if not is_late(cancelled_at, claim.free_until):
        return Assessment(why_not=f"{said}: in time.")
    if was_promoted_late(claim, policy):
        return Assessment(why_not=f"{_promoted(claim)}: never charged for cancelling.")
    lines = (_line(day, ChargeReason.LATE_CANCELLATION, policy, said) for day in claim.days)
    return Assessment(tuple(lines))


def _missed(claim: ChargeableClaim, policy: Policy, version: int) -> Assessment:
    if claim.outcome is None:
        return Assessment(why_not="The register is not finalised.")
    if claim.outcome is Outcome.ATTENDED:
        return Assessment(why_not="Attended.")
    missed = [day for day in claim.days if _is_missed(day, claim.outcome)]
    if not missed:
        return Assessment(why_not="No whole day was missed without an excuse.")
    if was_promoted_late(claim, policy) and not accepted_in_time(claim, policy):
        late = f"less than {policy.promoted_charged_hours} hours before the start"
        how = late if claim.accepted_at else "without having accepted"
        return Assessment(why_not=f"{_promoted(claim)}, {how}: not charged.")
    said = f"Not cancelled, free until {moment(claim.free_until)}; policy version {version}"
    return Assessment(tuple(_line(day, ChargeReason.DID_NOT_ATTEND, policy, said) for day in missed))


def _is_missed(day: MarkedDay, outcome: Outcome) -> bool:
    """A whole day missed. Somebody excused did not miss it; without a mark the outcome tells for every day."""
    return day.mark in MISSED if day.mark else outcome in NOT_THERE


def _promoted(claim: ChargeableClaim) -> str:
    return f"Moved up from the waiting list {moment(claim.confirmed_at)}" if claim.confirmed_at else ""


def _line(day: MarkedDay, reason: ChargeReason, policy: Policy, said: str) -> ChargeLine:
    pence = charge_for_day(policy, day.starts_at, day.ends_at)
    what = "Turned away late on " if day.mark is MarkKind.TURNED_AWAY else "Did not attend "
    start = f"{what}{day.words}. " if reason is ChargeReason.DID_NOT_ATTEND else ""
    return ChargeLine(day, reason, pence, f"{start}{said}; {length(day, policy)}: {pounds(pence)}.")


def length(day: MarkedDay, policy: Policy) -> str:
    """6 hours 30 minutes, over 4 hours"""
    limit = policy.half_day_up_to_minutes
    return f"{duration(day.minutes)}, {'over' if day.minutes > limit else 'not over'} {duration(limit)}"
