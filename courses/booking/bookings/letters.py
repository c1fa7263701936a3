"""The letters about a booking. Each carries the calendar entry that goes with what it says."""

from collections.abc import Mapping
from dataclasses import asdict, replace
from datetime import datetime
from typing import Any

from courses.booking.bookings.entries.documents import calendar_part, entry_of_day
from courses.booking.bookings.models import Booking
from courses.booking.bookings.queries import MANAGED, reminder_days
from courses.booking.bookings.rules import Reminder, booking_ref, reminder_moments
from courses.booking.bookings.words import Giver, booked_by, ended_by
from courses.programme import words
from courses.programme.events.models import Event
from courses.programme.events.rules import EventState
from lms.frame.work import Work
from lms.kit.calendars import CalendarEntry, Method
from lms.kit.letters import Letter
from lms.kit.words import clock, long_date, moment, pounds
from lms.kit.working_days import is_late, london_date
from lms.partnership.queries import the_partnership
from lms.policies.queries import terms_of
from lms.policies.rules import charge_for_day

BEFORE_THE_START = ("reminder", "joining_instructions", "last_reminder", "waiting", "place_offered")
BEFORE_BOOKING_CLOSES = ("awaiting_manager", "approval_asked")
WHILE_IT_LASTS = (
    "booking_confirmed", "place_found", "place_taken", "booking_moved", "booking_restored",
    "event_moved", "event_place", "event_joining",
)  # fmt: skip
AT_ONCE = ("place_offered", "offer_gone", "approval_asked")
"""Somebody has until a certain hour to answer, and a place hangs on it; or need not answer any more."""
BETTER_TWICE = (
    "event_moved", "event_place", "event_joining", "event_postponed", "event_cancelled",
    "booking_cancelled", "booking_released", "booking_moved", "booking_restored",
)  # fmt: skip
"""Changes and cancellations: whoever misses one shortly before stands before a closed door, or is missed."""
REMINDER_WORDS = {
    Reminder.FIRST: "a reminder, while you can still cancel free of charge",
    Reminder.JOINING: "joining instructions: how to find it and what to bring",
    Reminder.LAST: "a last reminder",
}


def booking_confirmed(work: Work, booking: Booking) -> list[Letter]:
    """To the delegate with the first day's invitation, the other days' invitations, and the manager's copy."""
    return confirmation(work, "booking_confirmed", booking)


def place_found(work: Work, booking: Booking) -> list[Letter]:
    """The same, for somebody who waited."""
    return confirmation(work, "place_found", booking)


def confirmation(work: Work, kind: str, booking: Booking, said: Mapping[str, Any] | None = None) -> list[Letter]:
    """A letter that somebody holds a place, with invitations and the manager's copy."""
    letter = _with_next_letters(work, to_delegate(work, kind, booking), booking)
    letter = replace(letter, context={**letter.context, **(said or {})})
    if booking.event.state is EventState.POSTPONED:  # no date, no entry: both come when there is one
        letter = replace(letter, context={**letter.context, "next_letters": []})
        return [letter, *managers_copy(work, booking, letter)]
    return with_managers_copy(work, letter, booking, "REQUEST")


def waiting(work: Work, booking: Booking, position: int) -> Letter:
    """You are 3rd in the list. The occurrence is the moment they joined it."""
    letter = to_delegate(work, "waiting", booking)
    return replace(letter, context={**letter.context, "position": position})


def manager_token(work: Work, booking: Booking) -> str:
    """What makes a link show this booking to the line manager named on it, as long as they are."""
    return MANAGED.sign(work.site.settings, (booking.id, booking.manager_email))


def booking_cancelled(
    work: Work, booking: Booking, *, is_late: bool, held_a_place: bool, is_grace: bool = False
) -> list[Letter]:
    """To the delegate; when they held a place, the entries leave their calendar and the manager has a copy."""
    letter = to_delegate(work, "booking_cancelled", booking)
    letter = replace(letter, context={**letter.context, "is_late": is_late, "held_a_place": held_a_place})
    letter = replace(letter, context={**letter.context, "ended_by": ended_by(booking), "is_grace": is_grace})
    told_us = long_date(booking.told_us_at) if booking.told_us_at else ""
    letter = replace(letter, context={**letter.context, "told_us": told_us})
    return with_managers_copy(work, letter, booking, "CANCEL") if held_a_place else [letter]


def place_given(work: Work, booking: Booking, to_name: str, giver: Giver) -> list[Letter]:
    """To whose place went to a colleague: the entries leave their calendar, and nothing is charged."""
    letter = to_delegate(work, "place_given", booking)
    said = {"colleague": to_name, **asdict(giver)}
    return with_managers_copy(work, replace(letter, context={**letter.context, **said}), booking, "CANCEL")


def place_taken(work: Work, booking: Booking, from_name: str, giver: Giver) -> list[Letter]:
    """To the colleague who has the place now, with invitations, and a copy to their manager."""
    return confirmation(work, "place_taken", booking, {"colleague": from_name, **asdict(giver)})


def event_postponed(work: Work, booking: Booking, *, had_offer: bool, why: str = "") -> list[Letter]:
    """No date for now; the entries leave calendars until there is one, and an open offer ends."""
    letter, holds_a_place = to_delegate(work, "event_postponed", booking), booking.place_number is not None
    said = {"holds_a_place": holds_a_place, "had_offer": had_offer, "why": why}
    letter = replace(letter, context={**letter.context, **said})
    return with_managers_copy(work, letter, booking, "CANCEL") if holds_a_place else [letter]


def event_cancelled(work: Work, booking: Booking, reason: str, *, held_a_place: bool) -> list[Letter]:
    """It will not run; nobody is charged."""
    letter = to_delegate(work, "event_cancelled", booking)
    letter = replace(letter, context={**letter.context, "reason": reason})
    return with_managers_copy(work, letter, booking, "CANCEL") if held_a_place else [letter]


def reminder(work: Work, booking: Booking, which: Reminder) -> list[Letter]:
    """One of the three letters before the event."""
    kind = {Reminder.FIRST: "reminder", Reminder.JOINING: "joining_instructions", Reminder.LAST: "last_reminder"}[which]
    letter = to_delegate(work, kind, booking)
    how = {} if which is Reminder.FIRST else joining(booking)  # the first says until when cancelling is free
    letter = replace(letter, key=reminder_key(booking, which), context={**letter.context, **how})
    return [letter, *managers_copy(work, booking, letter)] if which is Reminder.FIRST else [letter]


def reminder_key(booking: Booking, which: Reminder) -> str:
    """What makes a reminder go once for each time that an event was moved, be it only to another room."""
    told = booking.event.told_version
    again = f"-{told}" if told > 1 else ""
    return f"courses.{which}:{booking.person_id}:{booking.id}:{booking.event.starts_at:%Y%m%dT%H%M}{again}"


def to_delegate(work: Work, kind: str, booking: Booking) -> Letter:
    """A letter about a booking to the one who booked, with what every such letter says."""
    occurrence = f"{booking.calendar_sequence}-{work.now:%Y%m%dT%H%M%S%f}"
    return Letter(
        kind=f"courses.{kind}",
        key=f"courses.{kind}:{booking.person_id}:{booking.id}:{occurrence}",
        person_id=booking.person_id,
        context=_context(work, booking),
        booking_id=booking.id,
        event_id=booking.event_id,
        event_version=booking.event.told_version,
        good_until=_good_until(kind, booking.event),
        can_wait=kind not in AT_ONCE,
        concerns_at=booking.event.starts_at,
        better_twice=kind in BETTER_TWICE,
    )


def _good_until(kind: str, event: Event) -> datetime | None:
    """After that moment the letter is of no use, or no longer so. What somebody did or had done stays so."""
    if kind in BEFORE_THE_START:
        return event.starts_at
    if kind in BEFORE_BOOKING_CLOSES:
        return event.booking_closes_at
    return event.ends_at if kind in WHILE_IT_LASTS else None


def _context(work: Work, booking: Booking) -> dict[str, Any]:
    event = booking.event
    return {
        "booking_id": booking.id,
        "booking_ref": booking_ref(the_partnership(work.session).ref_prefix, booking.id),
        "policy_version": booking.policy_version.number,
        "delegate": booking.person.name,
        "course": event.version.title,
        "course_code": event.course.code,
        "first_day": long_date(event.starts_at),
        "when": words.when(event),
        "where": words.where_in_full(event),
        "agency": booking.agency.name if booking.agency else "",
        "manager": booking.manager_name,
        "free_until": f"{clock(booking.free_until)} on {long_date(booking.free_until)}",
        "is_free_now": not is_late(work.now, booking.free_until),
        "charge": charge_words(work, booking),
        "days": len(event.days),
        "booked_at": moment(booking.booked_at),
        "reason": "",
        "booked_by": booked_by(booking),
        "joining_version": event.joining_version,
        "is_declared": booking.declared_at is not None,
        "is_postponed": event.state is EventState.POSTPONED,
    }


def charge_words(work: Work, booking: Booking) -> str:
    """What a day missed costs the agency; "" in a partnership that charges nobody."""
    first = booking.event.days[0]
    terms = terms_of(booking.policy_version)
    return pounds(charge_for_day(terms, first.starts_at, first.ends_at)) if work.site.hosts("charges") else ""


def _with_next_letters(work: Work, letter: Letter, booking: Booking) -> Letter:
    """Which of the three reminders are still to come, and when."""
    days = reminder_days(terms_of(booking.policy_version))
    moments = reminder_moments(london_date(booking.event.starts_at), days)
    to_come = [[f"{long_date(at)}", REMINDER_WORDS[which]] for which, at in moments.items() if at > work.now]
    return replace(letter, context={**letter.context, "next_letters": to_come})


def joining(booking: Booking) -> dict[str, Any]:
    """How to join, for those who hold a place: the links, the way there, the note, the trainers."""
    days = booking.event.days
    return {
        "joining_note": booking.event.joining_note,
        "online_urls": list(dict.fromkeys(day.online_url for day in days if day.online_url)),
        "directions": list(dict.fromkeys(day.venue.directions for day in days if day.venue and day.venue.directions)),
        "trainers": [trainer.name for trainer in booking.event.trainers],
    }


def with_managers_copy(
    work: Work, letter: Letter, booking: Booking, method: Method, of_manager: Mapping[str, Any] | None = None
) -> list[Letter]:
    """The letter with its entries, and the manager's copy, which may say less."""
    copied = replace(letter, context={**letter.context, **(of_manager or {})})
    return [*with_days(work, letter, booking, method), *managers_copy(work, booking, copied)]


def with_days(work: Work, letter: Letter, booking: Booking, method: Method) -> list[Letter]:
    """The letter carries the first day's entry; Outlook reads one entry a letter, so each further day has its own."""
    first, *others = booking.event.days
    carried = replace(letter, calendar=calendar_part(work, booking, entry_of_day(work, booking, first), method))
    further = [calendar_day(work, booking, day.id, entry_of_day(work, booking, day), method) for day in others]
    return [carried, *further]


def calendar_day(work: Work, booking: Booking, day_id: int, entry: CalendarEntry, method: Method) -> Letter:
    """The entry of a further day, or one that takes a day away, with a letter of its own."""
    letter = to_delegate(work, "calendar_day", booking)
    about = {"day": f"{long_date(entry.starts_at)}, {clock(entry.starts_at)}", "is_cancelled": method == "CANCEL"}
    return replace(
        letter,
        key=f"{letter.key}-day{day_id}",
        good_until=None if method == "CANCEL" else entry.ends_at,
        context={**letter.context, **about},
        calendar=calendar_part(work, booking, entry, method),
    )


def managers_copy(work: Work, booking: Booking, letter: Letter, *, to: tuple[str, str] | None = None) -> list[Letter]:
    """The manager reads the same facts, without what the delegate needs on the day and without an invitation.

    A line of one letter a day, with a link of its own; alone where it concerns the next 48 hours or they did it.
    `to`: whoever it is for, where that is not the line manager as the booking names them now.
    """
    name, address = to or (booking.manager_name, booking.manager_email)
    if not address:
        return []
    about = letter.kind.removeprefix("courses.")
    copy = replace(
        letter,
        kind="courses.managers_copy",
        good_until=_good_until(about, booking.event),  # it may leave on the morning after the letter that it copies
        key=f"{letter.key}:manager",
        person_id=None,
        to_name=name,
        to_address=address,
        context={
            **letter.context,
            "about": about,
            "token": manager_token(work, booking),
        },
        gathers="courses.managers_day",
    )
    return [copy]
