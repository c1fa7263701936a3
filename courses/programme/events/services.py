"""Planning, publishing, moving, postponing and cancelling events; each locks the event's row first."""

from collections.abc import Collection, Sequence
from datetime import date, datetime
from uuid import uuid4

import sqlalchemy as sa

from courses.facts import CapacityChanged, EventCancelled, EventPublished, RemovedDay
from courses.programme.courses.models import Course
from courses.programme.courses.rules import IN_CATALOGUE, CourseStatus
from courses.programme.events import life, queries, rules
from courses.programme.events.changes.services import Before, tell_changes, tell_postponed, what_is_told_of
from courses.programme.events.clashes.services import check_clashes
from courses.programme.events.models import Event, EventDay
from courses.programme.events.rules import EventDetails, EventState, PlannedDay
from lms.frame.locks import lock_row
from lms.frame.work import Work
from lms.kit.errors import Conflict, Invalid, NotAllowed, NotFound
from lms.kit.working_days import free_cancellation_until, london, london_date, wall_time
from lms.partnership.queries import the_partnership
from lms.people.models import Person
from lms.policies.models import PolicyVersion
from lms.policies.queries import policy_in_force, terms_of
from lms.policies.rules import Policy

LARGEST_CAPACITY = 10_000


def plan_event(
    work: Work,
    course_id: int,
    days: Sequence[PlannedDay],
    details: EventDetails,
    *,
    capacity: int | None = None,
    despite_clashes: bool = False,
) -> Event:
    """A planned event of the course's current version; its capacity is the course's, else the policy's."""
    _check_may(work)
    course = lock_row(work.session, Course, course_id)  # its next version may be approved just now
    if course is None or course.current is None or course.status is CourseStatus.RETIRED:
        raise Invalid("Choose a course that is not retired.", field="course_id")
    policy = terms_of(policy_in_force(work.session, work.now))
    event = Event(
        ref=f"new-{uuid4()}",
        course=course,
        version=course.current,
        state=EventState.PLANNED,
        capacity=_checked_capacity(capacity or course.capacity or policy.default_capacity),
        created_at=work.now,
    )
    with work.session.no_autoflush:
        _set_days(work, event, days)
        _set_details(work, event, details, policy)
        check_clashes(work, event, despite_clashes=despite_clashes)
    work.session.add(event)
    work.session.flush()
    event.ref = _new_ref(work, event)
    work.record("event planned", event, course=course.code, starts_at=event.starts_at, capacity=event.capacity)
    return event


def change_event(
    work: Work,
    event_id: int,
    details: EventDetails,
    *,
    despite_clashes: bool = False,
    why: str = "",
    is_correction: bool = False,
) -> Event:
    """Trainers, booking window and joining note. Days and places change with `move_event`.

    Those who hold a place hear how to join now, unless it is only the correction of a spelling.
    """
    event = _locked(work, event_id)
    life.CHANGE.check(event.state)
    before = Before.of(event)
    _set_details(work, event, details, terms_of(policy_in_force(work.session, work.now)))
    if before.trainer_ids != set(details.trainer_ids):
        check_clashes(work, event, despite_clashes=despite_clashes)
    work.record("event changed", event, trainers=[each.name for each in event.trainers])
    if event.state is EventState.POSTPONED or (event.state is EventState.PUBLISHED and event.ends_at > work.now):
        tell_changes(work, event, before, why=why, is_correction=is_correction)
    return event


def replace_trainer(work: Work, event: Event, person_id: int, by: Person | None) -> Event:
    """Another person trains instead of one, or nobody does yet. Raises Invalid for who is no trainer, or is booked."""
    if by is not None and by.id not in {each for each, _ in queries.trainers_to_choose(work.session)}:
        raise Invalid(f"{by.name} is not a trainer. Give them that role first, or choose someone else.")
    ids = [each.id for each in event.trainers if each.id != person_id]
    details = EventDetails(
        trainer_ids=tuple(dict.fromkeys([*ids, by.id] if by is not None else ids)),
        opens_at=event.booking_opens_at,
        closes_at=closing_by_hand(work, event),
        joining_note=event.joining_note,
    )
    return change_event(work, event.id, details, despite_clashes=True)


def change_capacity(work: Work, event_id: int, capacity: int) -> Event:
    """More places, or fewer: below the bookings it is allowed, nobody is dropped and it shows as over-booked."""
    event = _locked(work, event_id)
    life.CHANGE.check(event.state)
    before, event.capacity = event.capacity, _checked_capacity(capacity)
    if before != capacity:
        work.record("event capacity changed", event, before=before, after=capacity)
        work.tell(CapacityChanged(event.id, before, capacity))
    return event


def publish_event(work: Work, event_id: int) -> Event:
    """Put the event into the catalogue; booking opens now or at its own time."""
    event = _locked(work, event_id)
    life.PUBLISH.check(event.state, has_started=work.now >= event.starts_at)
    if event.course.status not in IN_CATALOGUE:
        raise Conflict("The course is not in the catalogue yet. Make it live first, then publish the event.")
    event.state = EventState.PUBLISHED
    event.published_at = work.now
    work.record("event published", event)
    work.tell(EventPublished(event.id))
    return event


def move_event(
    work: Work, event_id: int, days: Sequence[PlannedDay], *, despite_clashes: bool = False, why: str = ""
) -> Event:
    """New days, times, places or links. A postponed event is published again; those whom it concerns hear of it.

    Booking closes at the usual time before the new first day, or when somebody said by hand.
    """
    event = _locked(work, event_id)
    life.MOVE.check(event.state)
    before, by_hand = Before.of(event), closing_by_hand(work, event)
    removed = _set_days(work, event, days)
    if before.state is not EventState.POSTPONED and what_is_told_of(event) == before.days:
        work.record("event breaks changed", event)
        return event
    keep_in_step(event, terms_of(policy_in_force(work.session, work.now)), closes_at=by_hand)
    check_clashes(work, event, despite_clashes=despite_clashes)
    work.record("event moved", event, was_starts_at=before.starts_at, starts_at=event.starts_at)
    if event.state is EventState.PLANNED:
        return event
    event.state = EventState.PUBLISHED
    if event.ends_at > work.now:
        tell_changes(work, event, before, why=why, removed=removed)
    return event


def copy_event(work: Work, event_id: int, first_day: date, *, despite_clashes: bool = False) -> Event:
    """Plan the same event again from another day on: times, places, trainers and capacity as before."""
    event = queries.event_with_days(work.session, event_id)
    shift = first_day - london_date(event.starts_at)
    days = [
        PlannedDay(
            wall_time(london_date(day.starts_at) + shift, london(day.starts_at).time(), field="first_day"),
            wall_time(london_date(day.ends_at) + shift, london(day.ends_at).time(), field="first_day"),
            day.break_minutes,
            day.venue_id,
            day.online_url,
        )
        for day in event.days
    ]
    details = EventDetails(
        trainer_ids=tuple(each.id for each in event.trainers if each.is_here), joining_note=event.joining_note
    )
    return plan_event(work, event.course_id, days, details, capacity=event.capacity, despite_clashes=despite_clashes)


def postpone_event(work: Work, event_id: int, why: str = "") -> Event:
    """It will not run on its dates. Bookings stand and are not charged; moving it gives it new dates."""
    event = _locked(work, event_id)
    life.POSTPONE.check(event.state, has_started=work.now >= event.starts_at)
    event.state = EventState.POSTPONED
    work.record("event postponed", event, was_starts_at=event.starts_at, why=why.strip())
    tell_postponed(work, event, why)
    return event


def cancel_event(work: Work, event_id: int, reason: str) -> Event:
    """It will not run. Every booking is released, and those who booked read the reason."""
    event = _locked(work, event_id)
    life.CANCEL.check(event.state, has_started=work.now >= event.starts_at)
    if not reason.strip():
        raise Invalid("Explain why the event is cancelled. Those who booked will read it.", field="reason")
    was_planned = event.state is EventState.PLANNED
    event.state = EventState.CANCELLED
    event.cancelled_at = work.now
    event.cancel_reason = reason.strip()
    work.record("event cancelled", event, reason=event.cancel_reason)
    if not was_planned:
        work.tell(EventCancelled(event.id, event.cancel_reason))
    return event


def _check_may(work: Work) -> None:
    if not work.actor.may("courses.manage_events"):
        raise NotAllowed("Only coordinators can change events. Ask the training team.")


def _locked(work: Work, event_id: int) -> Event:
    _check_may(work)
    return queries.event_with_days(work.session, event_id, lock=True)


def _checked_capacity(capacity: int) -> int:
    if not 0 < capacity <= LARGEST_CAPACITY:
        raise Invalid(f"Give a number of places from 1 to {LARGEST_CAPACITY:,}.", field="capacity")
    return capacity


def _new_ref(work: Work, event: Event) -> str:
    """The event's reference, and the next free one when an import brought in that one already."""
    prefix, number = the_partnership(work.session).ref_prefix, event.id
    taken = set(work.session.scalars(sa.select(Event.ref).where(Event.ref.startswith(f"{prefix}-E-", autoescape=True))))
    while rules.event_ref(prefix, number) in taken:
        number += 10_000
    return rules.event_ref(prefix, number)


def _set_days(work: Work, event: Event, days: Sequence[PlannedDay]) -> list[RemovedDay]:
    """Give the event these days. A day keeps its row by its number, because calendars know it by that row."""
    wanted = rules.in_order(days)
    there = {(day.starts_at, day.ends_at) for day in event.days}
    if any(day.starts_at <= work.now and (day.starts_at, day.ends_at) not in there for day in wanted):
        raise Invalid("That day is in the past. Choose a future date.", field="days")
    for number, day in enumerate(wanted, start=1):
        if number > len(event.days):
            event.days.append(EventDay(number=number))
        row = event.days[number - 1]
        row.starts_at, row.ends_at, row.break_minutes = day.starts_at, day.ends_at, day.break_minutes
        row.venue_id, row.online_url = day.venue_id, day.online_url
    removed = [RemovedDay(day.id, day.starts_at, day.ends_at) for day in event.days[len(wanted) :]]
    del event.days[len(wanted) :]
    return removed


def _set_details(work: Work, event: Event, details: EventDetails, policy: Policy) -> None:
    event.booking_opens_at = details.opens_at
    event.joining_note = details.joining_note.strip()
    event.trainers = _people(work, details.trainer_ids)
    keep_in_step(event, policy, closes_at=details.closes_at)
    closes_at = details.closes_at or event.booking_closes_at
    rules.check_window(event.booking_opens_at, closes_at, london_date(event.starts_at))


def keep_in_step(event: Event, policy: Policy, *, closes_at: datetime | None = None) -> None:
    """The event's own moments, from its days and the policy in force. Nothing else sets them."""
    first_day = london_date(event.days[0].starts_at)
    event.starts_at = event.days[0].starts_at
    event.ends_at = event.days[-1].ends_at
    event.free_until = free_cancellation_until(first_day, policy.notice_working_days)
    usual = rules.usual_closing(first_day, policy.booking_closes_working_days)
    is_before = closes_at is not None and london_date(closes_at) <= first_day
    event.booking_closes_at = closes_at if closes_at is not None and is_before else usual


def closing_by_hand(work: Work, event: Event) -> datetime | None:
    """When booking closes, where somebody set that by hand: at no time that any version of the policy gives."""
    if not event.days or event.booking_closes_at is None:
        return None
    first_day = london_date(event.days[0].starts_at)
    usual = {
        rules.usual_closing(first_day, terms_of(version).booking_closes_working_days)
        for version in work.session.scalars(sa.select(PolicyVersion).order_by(PolicyVersion.id))
    }
    return None if event.booking_closes_at in usual else event.booking_closes_at


def _people(work: Work, person_ids: Collection[int]) -> list[Person]:
    found = list(work.session.scalars(sa.select(Person).where(Person.id.in_(person_ids)).order_by(Person.name)))
    if len(found) != len(set(person_ids)):
        raise NotFound("One of the trainers is no longer known. Go back and choose again.")
    return found
