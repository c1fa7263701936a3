"""Telling those whom it concerns that an event has changed: each from what they know to what is, once."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from courses.booking.bookings.changes import letters
from courses.booking.bookings.changes.queries import (
    CHANGES,
    FIRST,
    OF_TRAINERS,
    WAITS,
    Unsaid,
    waiting_letters,
)
from courses.booking.bookings.clashing.queries import clashes_of_people
from courses.booking.bookings.letters import reminder
from courses.booking.bookings.models import Booking
from courses.booking.bookings.rules import LIVE_STATES, Reminder
from courses.facts import ChangedPart, EventChanges, EventPart, RemovedDay
from courses.programme import words
from courses.programme.events.changes.rules import TRAINERS, merged
from courses.programme.events.models import Event
from courses.programme.events.rules import EventState
from lms.frame.work import Work
from lms.kit.letters import Letter
from lms.kit.working_days import end_of_day, london_date
from lms.mail.models import OutboxLetter
from lms.mail.outbox import withdraw_letters
from lms.mail.rules import leaves_at
from lms.policies.queries import terms_of

OF_THE_LETTER = (
    "colleague", "given_by", "is_by_manager", "was_when", "was_booking_id", "is_late", "moved_by", "move_reason",
    "old_charge", "undone", "undone_by", "not_moved_to",
)  # fmt: skip
"""What a first letter says besides how the booking is now."""
SUPERSEDED = "Not sent: the event changed again before it left, and they are told how it is now."


def live_bookings(work: Work, event_id: int) -> list[Booking]:
    """Every live claim of an event in the order of the list, with who it is of."""
    return list(
        work.session.scalars(
            sa.select(Booking)
            .where(Booking.event_id == event_id, Booking.state.in_(LIVE_STATES))
            .order_by(Booking.queued_at, Booking.id)
            .options(joinedload(Booking.person), joinedload(Booking.agency), joinedload(Booking.policy_version))
        )
    )


def take_back_unsaid(work: Work, event: Event, *, only_joining: bool = False) -> Unsaid:
    """Take back what has not left and is no longer so; what people were to hear by it.

    `only_joining`: what line managers are to read stays, as it says nothing of how to join, unless it is written anew
    with the letter that it copies.
    """
    unsaid = Unsaid()
    rows = waiting_letters(work.session, event.id)
    if only_joining:
        again = {row.booking_id for row in rows if row.kind in FIRST | CHANGES - {"courses.event_joining"}}
        rows = [row for row in rows if row.kind != "courses.managers_copy" or row.booking_id in again]
    taken = withdraw_letters(work.session, OutboxLetter.id.in_([row.id for row in rows]), why=SUPERSEDED)
    for row in sorted(taken, key=lambda row: row.id):
        if row.kind in FIRST and row.booking_id is not None:
            unsaid.first[row.booking_id] = (
                row.kind.removeprefix("courses."),
                {name: row.context[name] for name in OF_THE_LETTER if name in row.context},
            )
        elif row.kind in WAITS and row.booking_id is not None:
            unsaid.waits.setdefault(row.booking_id, set()).add(row.kind.removeprefix("courses."))
        elif row.kind in CHANGES and row.booking_id is not None:
            earlier = unsaid.parts.get(row.booking_id, [])
            unsaid.parts[row.booking_id] = list(merged(earlier, letters.parts_said(row.context)))
    unsaid.trainers = _of_trainers(row for row in taken if row.kind == OF_TRAINERS)
    return unsaid


def tell_bookings(
    work: Work,
    event: Event,
    bookings: Sequence[Booking],
    changes: EventChanges,
    unsaid: Unsaid,
    *,
    removed: Sequence[RemovedDay] = (),
    had_offers: Collection[int] = (),
) -> None:
    """Write to each of these: a change to who knew otherwise, the first letter anew to who knew nothing yet."""
    clashes = clashes_of_people(work.session, event, [each.person_id for each in bookings])
    for booking in bookings:
        clash = clashes.get(booking.person_id, "")
        again = letters.waits_again(work, booking, unsaid.waits.get(booking.id, ()))
        work.send(*again)
        if any(each.person_id == booking.person_id for each in again):
            continue
        if booking.id in unsaid.first:
            kind, known = unsaid.first[booking.id]
            work.send(*letters.confirmed_again(work, booking, kind, {**known, "clash": clash}))
            continue
        parts = merged(unsaid.parts.get(booking.id, ()), changes.parts)
        is_time = any(each.part is EventPart.TIME for each in parts)
        said = {"clash": clash if is_time else "", "had_offer": booking.id in had_offers}
        work.send(*_changed(work, booking, parts, changes.why, removed, said))


def renew_unsaid(work: Work, event: Event, changes: EventChanges) -> None:
    """A spelling was corrected: whoever was to hear of the event anyway hears it as it is now, and nobody else."""
    unsaid, bookings = take_back_unsaid(work, event, only_joining=True), live_bookings(work, event.id)
    theirs = [each for each in bookings if each.id in {*unsaid.first, *unsaid.waits, *unsaid.parts}]
    for booking in theirs:
        booking.calendar_sequence += 1
    tell_bookings(work, event, theirs, changes, unsaid)
    for person_id, parts in unsaid.trainers.items():
        now = merged(parts, changes.parts)
        if now:
            work.send(letters.for_trainer(work, event, person_id, now, changes.why))
    holders = {each.id: each for each in each_who_holds(bookings)}
    for row in withdraw_letters(work.session, *_reminders_of(event), why=SUPERSEDED):
        booking_of_row = holders.get(row.booking_id or 0)
        if booking_of_row is not None:
            again = reminder(work, booking_of_row, REMINDERS[row.kind])
            work.send(*(replace(each, key=f"{each.key}-{work.now:%Y%m%dT%H%M%S%f}") for each in again))


REMINDERS = {"courses.joining_instructions": Reminder.JOINING, "courses.last_reminder": Reminder.LAST}
"""Those that say how to join."""


def _reminders_of(event: Event) -> tuple[sa.ColumnElement[bool], ...]:
    return OutboxLetter.event_id == event.id, OutboxLetter.kind.in_(sorted(REMINDERS))


def take_back_of(work: Work, booking: Booking, why: str) -> None:
    """What has not left of what one booking's people were to hear of a change."""
    mine = [row.id for row in waiting_letters(work.session, booking.event_id) if row.booking_id == booking.id]
    withdraw_letters(work.session, OutboxLetter.id.in_(mine), why=why)


def tell_again(work: Work, booking: Booking, row: OutboxLetter) -> None:
    """A letter about a move that could not leave on its day says anew until when cancelling is free."""
    parts, why = letters.parts_said(row.context), str(row.context.get("why", ""))
    said = {"clash": row.context.get("clash", ""), "had_offer": row.context.get("had_offer", False)}
    work.send(*_changed(work, booking, parts, why, (), said))


def _changed(
    work: Work,
    booking: Booking,
    parts: Sequence[ChangedPart],
    why: str,
    removed: Sequence[RemovedDay],
    said: Mapping[str, Any],
) -> list[Letter]:
    """What says until when cancelling is free again is so only when it leaves on the day for which it was counted."""
    weightiest = parts[0].part if parts else None
    reopens_for_place = weightiest is EventPart.PLACE and terms_of(booking.policy_version).other_place_reopens
    leaves = leaves_at(work.now, booking.event.starts_at)
    day_ends = min(end_of_day(london_date(leaves)), booking.event.ends_at)
    good_until = day_ends if weightiest is EventPart.TIME or reopens_for_place else None
    return letters.changed(work, booking, parts, why, removed=removed, good_until=good_until, **said)


def tell_trainers(work: Work, event: Event, changes: EventChanges, unsaid: Unsaid | None = None) -> None:
    """Whoever trains at the event, whoever did until this change, and who was to hear that they do no more."""
    before = unsaid.trainers if unsaid is not None else {}
    train = {each.id for each in event.trainers}
    concerned = train | changes.trainers_were
    clashes = clashes_of_people(work.session, event, train) if event.state is EventState.PUBLISHED else {}
    for person_id in sorted(concerned | before.keys()):
        parts = merged(before.get(person_id, ()), changes.parts if person_id in concerned else ())
        if person_id not in train:
            parts = tuple(each for each in parts if each.label == TRAINERS)  # the rest is for those who come
        if parts:
            clash = clashes.get(person_id, "")
            work.send(letters.for_trainer(work, event, person_id, parts, changes.why, clash=clash))


def tell_trainers_of_end(work: Work, event: Event, now: str, why: str = "") -> None:
    """It is postponed, or will not run. What they were to hear before goes with it."""
    which = OutboxLetter.event_id == event.id, OutboxLetter.kind == OF_TRAINERS
    taken = withdraw_letters(work.session, *which, why=SUPERSEDED)
    part = ChangedPart(EventPart.TIME, "When", words.when(event), now)
    tell_trainers(work, event, EventChanges((part,), why), Unsaid(trainers=_of_trainers(taken)))


def _of_trainers(taken: Iterable[OutboxLetter]) -> dict[int, list[ChangedPart]]:
    """What letters to trainers that did not leave tell of, by person."""
    found: dict[int, list[ChangedPart]] = {}
    for row in sorted(taken, key=lambda row: row.id):
        if row.person_id is not None:
            found[row.person_id] = list(merged(found.get(row.person_id, ()), letters.parts_said(row.context)))
    return found


def each_who_holds(bookings: Iterable[Booking]) -> list[Booking]:
    """Those of them who hold a place."""
    return [each for each in bookings if each.place_number is not None]
