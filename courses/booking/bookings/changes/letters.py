"""The letters about a change: what was, what is, why, and what the reader need do."""

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from courses.booking.bookings.asking.letters import manager_asked
from courses.booking.bookings.entries.documents import entry_gone
from courses.booking.bookings.letters import (
    calendar_day,
    confirmation,
    joining,
    to_delegate,
    waiting,
    with_days,
    with_managers_copy,
)
from courses.booking.bookings.models import Booking
from courses.booking.bookings.queries import position_of
from courses.booking.bookings.rules import BookingState
from courses.facts import ChangedPart, EventPart, RemovedDay
from courses.programme import words
from courses.programme.events.models import Event
from lms.frame.work import Work
from lms.kit.letters import Letter

KINDS = {EventPart.TIME: "event_moved", EventPart.PLACE: "event_place", EventPart.JOINING: "event_joining"}
"""The letter of the weightiest part that changed."""
IN_CALENDARS = frozenset({"When", "Where", "Link to join"})


def changed(
    work: Work,
    booking: Booking,
    parts: Sequence[ChangedPart],
    why: str,
    *,
    removed: Sequence[RemovedDay] = (),
    good_until: datetime | None = None,
    clash: str = "",
    had_offer: bool = False,
) -> list[Letter]:
    """To somebody with a claim, with their calendar's entries; how to join is for those who hold a place."""
    holds_a_place = booking.place_number is not None
    theirs = [each for each in parts if holds_a_place or each.part is not EventPart.JOINING]
    if not theirs:
        return []
    letter = to_delegate(work, KINDS[theirs[0].part], booking)
    said = {**letter.context, **said_of(theirs, why), "holds_a_place": holds_a_place, "clash": clash}
    said |= {"had_offer": had_offer}
    letter = replace(letter, context=said, good_until=good_until or letter.good_until)
    if not holds_a_place:
        return [letter]
    if theirs[0].part is EventPart.JOINING:
        letter = replace(letter, context={**letter.context, **joining(booking)})
        is_entered = any(each.label in IN_CALENDARS for each in theirs)
        return with_days(work, letter, booking, "REQUEST") if is_entered else [letter]
    gone = [calendar_day(work, booking, day.day_id, entry_gone(work, booking, day), "CANCEL") for day in removed]
    return [*with_managers_copy(work, letter, booking, "REQUEST", without_joining(theirs)), *gone]


def without_joining(parts: Sequence[ChangedPart]) -> dict[str, Any]:
    """What a line manager reads of them: never how to join."""
    return {"parts": [_row(each) for each in parts if each.part is not EventPart.JOINING]}


def confirmed_again(work: Work, booking: Booking, kind: str, said: dict[str, Any]) -> list[Letter]:
    """A first letter that had not left when something changed says how it is now, and no other need follow."""
    return confirmation(work, kind, booking, said)


def waits_again(work: Work, booking: Booking, kinds: Collection[str]) -> list[Letter]:
    """The same for somebody who has no place yet: those letters of `kinds` that are still so, as the event is now."""
    if booking.state is BookingState.WAITING and "waiting" in kinds:
        return [waiting(work, booking, position_of(work.session, booking))]
    if booking.state is not BookingState.AWAITING_MANAGER:
        return []
    again = manager_asked(work, booking, f"changed-{work.now:%Y%m%dT%H%M%S%f}")
    return [each for each in again if each.kind.removeprefix("courses.") in kinds]


def for_trainer(
    work: Work, event: Event, person_id: int, parts: Sequence[ChangedPart], why: str, *, clash: str = ""
) -> Letter:
    """The same to whoever trains there, or did until now."""
    version = f"{event.told_version}-{event.joining_version}-{work.now:%Y%m%dT%H%M%S%f}"
    return Letter(
        kind="courses.event_for_trainer",
        key=f"courses.event_for_trainer:{person_id}:{event.id}:{version}",
        person_id=person_id,
        context={
            **said_of(parts, why),
            "event_id": event.id,
            "course": event.version.title,
            "first_day": words.first_day(event),
            "when": words.when(event),
            "where": words.where_in_full(event),
            "trains": any(each.id == person_id for each in event.trainers),
            "clash": clash,
        },
        event_id=event.id,
        event_version=event.told_version,
        good_until=event.ends_at,
        can_wait=True,
        concerns_at=event.starts_at,
        better_twice=True,
    )


def said_of(parts: Sequence[ChangedPart], why: str) -> dict[str, Any]:
    """What every such letter says of a change. The parts as rows, so that a later change can begin from them."""
    return {"parts": [_row(each) for each in parts], "why": why, "headline": headline(parts)}


def parts_said(context: dict[str, Any]) -> list[ChangedPart]:
    """The parts that a letter tells of."""
    return [ChangedPart(EventPart(part), label, was, now) for part, label, was, now in context.get("parts", ())]


def headline(parts: Sequence[ChangedPart]) -> str:
    """What the letter is called."""
    labels = {each.label for each in parts}
    if any(each.part is EventPart.TIME for each in parts):
        return "The event has moved"
    if any(each.part is EventPart.PLACE for each in parts):
        return "The event is in another place"
    if labels == {"Link to join"}:
        return "The link has changed"
    if labels == {"Where"}:
        return "The room or the address has changed"
    if labels == {"Trainers"}:
        return "The trainers have changed"
    return "How to join has changed"


def _row(each: ChangedPart) -> list[str]:
    return [each.part.value, each.label, each.was, each.now]
