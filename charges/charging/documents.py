"""How a charge reads on its page: question by question, how its deadline was counted, and what happened when."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

from charges.charge.models import Charge
from charges.charge.queries import MarkSeen
from charges.charge.rules import STATE_WORDS, AnsweredAs, ChargeState, end_of_working_day, said_waiver
from charges.claims.queries import ClaimOnItsTerms
from charges.claims.rules import exemption, length, usual_deadline, was_promoted_late
from charges.grounds.rules import Sickness
from courses.attendance.register.rules import KIND_WORDS, MarkKind
from courses.booking.bookings.models import Booking
from courses.booking.bookings.rules import BookingState, booking_ref
from lms.kit.words import clock, day_and_month, moment, short_date
from lms.kit.working_days import CountedDay, counted_days, is_late, london_date

ENDED_WORDS = {
    BookingState.SUBSTITUTED: "A colleague took the place",
    BookingState.RELEASED: "Released by the partnership",
}


@dataclass(frozen=True)
class WhyCharged:
    """One line of why a charge is proposed."""

    question: str
    answer: str
    how: str


@dataclass(frozen=True)
class ChargeStep:
    """Something that happened, is now, or comes next. `look` is the class of the line."""

    at: date
    when: str
    words: str
    look: str = ""


def questions(
    charge: Charge, told: ClaimOnItsTerms, mark: MarkSeen | None, prefix: str, sickness: Sickness | None = None
) -> list[WhyCharged]:
    """Why the charge is proposed, each answer with how we know it."""
    booking, event, claim = charge.booking, charge.booking.event, told.claim
    version = charge.policy_version
    return [
        WhyCharged(
            "Did the booking hold a place?",
            f"Yes, confirmed {moment(booking.confirmed_at)}" if booking.confirmed_at else "No",
            f"Booking {booking_ref(prefix, booking.id)}, by {_booked_by(charge)}",
        ),
        WhyCharged(
            "Which terms apply?",
            f"Policy version {version.number}",
            f"In force when the booking was made, {short_date(booking.booked_at)}",
        ),
        WhyCharged("When did free cancellation end?", moment(booking.free_until), _deadline(told)),
        _cancelled(charge),
        WhyCharged(
            "Did a colleague come instead?",
            "Yes" if booking.state is BookingState.SUBSTITUTED else "No",
            ENDED_WORDS.get(booking.state, "No substitute named, none found on the register"),
        ),
        _attended(charge, mark, event.finalised_at),
        WhyCharged(
            "Is the agency or the person exempt?",
            f"Yes: {exemption(claim, told.policy)}" if exemption(claim, told.policy) else "No",
            f"{charge.agency.name}, the agency on the booking when it was confirmed",
        ),
        WhyCharged(
            "Did the place come from the waiting list inside the notice period?",
            "Yes" if was_promoted_late(claim, told.policy) else "No",
            _from_the_list(booking),
        ),
        WhyCharged(
            "Was sickness reported in time?",
            "Not stated" if sickness is None else "Yes" if sickness.is_in_time else "No",
            sickness.words if sickness else "By 10:00 on the day, and then in writing",
        ),
        WhyCharged(
            "Is the absence disability-related?",
            "Yes, someone said so" if charge.is_disability_related else "Not stated",
            "If it is, no charge can be made",
        ),
    ]


def _from_the_list(booking: Booking) -> str:
    if booking.queued_at is None:
        return "Never waited"
    accepted = f", accepted {moment(booking.accepted_at)}" if booking.accepted_at else ""
    return f"Joined the list {moment(booking.queued_at)}{accepted}"


def strip(told: ClaimOnItsTerms) -> tuple[CountedDay, ...]:
    """The days that the deadline was counted over, where it is the usual one."""
    if told.claim.free_until != usual_deadline(told.claim, told.policy):
        return ()
    return counted_days(london_date(told.claim.starts_at), told.policy.notice_working_days)


def day_length(charge: Charge, told: ClaimOnItsTerms) -> str:
    """6 hours 30 minutes, over 4 hours"""
    day = next((each for each in told.claim.days if each.number == charge.day_number), None)
    return length(day, told.policy) if day else ""


def heading(charge: Charge, now: datetime) -> str:
    """What the tag at the top says."""
    if charge.state is ChargeState.OPEN and charge.respond_by:
        if is_late(now, charge.respond_by):
            return f"Time to answer ended {day_and_month(charge.respond_by)}"
        return f"Open to the agency until {day_and_month(charge.respond_by)}"
    return STATE_WORDS[charge.state]


def steps(charge: Charge, now: datetime, *, is_office: bool) -> list[ChargeStep]:
    """What has happened, where it stands, and what comes next."""
    past = sorted(_past(charge, is_office=is_office), key=lambda step: step[0])
    done = [ChargeStep(london_date(at), _when(at), words) for at, words in past if at <= now]
    done += [ChargeStep(on, day_and_month(on), words) for on, words in _dates(charge)]
    return [*done, *_now_and_next(charge, now)]


def _booked_by(charge: Charge) -> str:
    booking = charge.booking
    return "the delegate" if booking.booked_by_id == booking.person_id else booking.source.value.replace("_", " ")


def _deadline(told: ClaimOnItsTerms) -> str:
    days = strip(told)
    if not days:
        return "Set apart for this booking: the event moved, or the place came late from the waiting list"
    between = [day.reason for day in days if day.reason and day.reason != "weekend"]
    said = " and ".join(dict.fromkeys(between)) or "no bank holiday"
    notice = told.policy.notice_working_days
    return f"{notice} working day{'s' if notice > 1 else ''} before the event; {said} between"


def _cancelled(charge: Charge) -> WhyCharged:
    booking = charge.booking
    if booking.cancelled_at is None:
        return WhyCharged("Was it cancelled?", "No", "No cancellation by any route")
    late = is_late(booking.cancelled_at, booking.free_until)
    how = "After free cancellation had ended" if late else "While it was free"
    return WhyCharged("Was it cancelled?", f"Yes, {moment(booking.cancelled_at)}", how)


def _attended(charge: Charge, mark: MarkSeen | None, finalised_at: datetime | None) -> WhyCharged:
    finalised = f"register finalised {moment(finalised_at)}" if finalised_at else "the register is not finalised"
    if charge.booking.cancelled_at is not None:
        return WhyCharged("Was any of the day attended?", "No", "The booking was cancelled")
    if mark is None:
        outcome = (charge.booking.outcome.value if charge.booking.outcome else "unknown").replace("_", " ")
        return WhyCharged("Was any of the day attended?", f"Outcome: {outcome}", finalised[:1].upper() + finalised[1:])
    answer = "Yes" if mark.kind is MarkKind.PRESENT else "No"
    how = f"Marked {KIND_WORDS[mark.kind].lower()} {moment(mark.at)}{f' by {mark.by}' if mark.by else ''}; {finalised}"
    return WhyCharged("Was any of the day attended?", answer, how)


def _past(charge: Charge, *, is_office: bool) -> Iterator[tuple[datetime, str]]:
    booking, event = charge.booking, charge.booking.event
    yield booking.booked_at, "Booked"
    if booking.confirmed_at and booking.confirmed_at > booking.booked_at:
        yield booking.confirmed_at, "Moved up from the waiting list"
    yield booking.free_until, "Free cancellation ended"
    if booking.cancelled_at:
        yield booking.cancelled_at, "Cancelled"
    if event.finalised_at:
        yield event.finalised_at, "Register finalised"
    if not charge.is_history:
        yield charge.proposed_at, "Charge proposed. The delegate and the manager were asked for a reason"
    for answer in charge.answers:
        if is_office or answer.said_as is AnsweredAs.AGENCY:
            yield answer.said_at, f"The {answer.said_as} answered"
    if charge.decided_at:
        yield charge.decided_at, _decision(charge)
    if charge.appealed_at:
        yield charge.appealed_at, f"Appealed by {charge.appealed_by.name if charge.appealed_by else 'the agency'}"
    if charge.appeal_decided_at:
        decider = charge.appeal_decided_by.name if charge.appeal_decided_by else ""
        outcome = "upheld" if charge.state is not ChargeState.WAIVED else "waived"
        yield charge.appeal_decided_at, f"Appeal decided by {decider}: {outcome}"
    if charge.void_at:
        yield charge.void_at, f"Void. {charge.void_why}"


def _decision(charge: Charge) -> str:
    who = f" by {charge.decided_by.name}" if charge.decided_by else ""
    is_waived = charge.state is ChargeState.WAIVED and charge.appeal_decided_at is None
    return f"Waived{who}: {said_waiver(charge.waiver_reason)}" if is_waived else f"Approved{who}"


def _dates(charge: Charge) -> Iterator[tuple[date, str]]:
    if charge.invoiced_on:
        yield charge.invoiced_on, "Invoiced"
    if charge.paid_on:
        yield charge.paid_on, "Paid"
    if charge.written_off_on:
        yield charge.written_off_on, "Written off"
    if charge.credited_on:
        yield charge.credited_on, "Credited"


def _now_and_next(charge: Charge, now: datetime) -> Iterator[ChargeStep]:
    today = london_date(now)
    waiting = {
        ChargeState.PROPOSED: "Not yet told to the agency",
        ChargeState.OPEN: "Waiting for the agency’s answer and a decision",
        ChargeState.APPEALED: "Waiting for the decision on the appeal",
    }
    if charge.state in waiting:
        yield ChargeStep(today, f"{day_and_month(today)}, today", waiting[charge.state], "is-now")
    if charge.state is ChargeState.OPEN and charge.respond_by and charge.respond_by > now:
        yield ChargeStep(
            london_date(charge.respond_by),
            day_and_month(charge.respond_by),
            "Last day for the agency to add anything",
            "is-next",
        )
    if charge.state is ChargeState.APPROVED and charge.appeal_until and charge.appeal_until > now:
        yield ChargeStep(
            london_date(charge.appeal_until), day_and_month(charge.appeal_until), "Last day to appeal", "is-next"
        )


def invoice_month_if_approved(now: datetime, appeal_working_days: int) -> date:
    """The month on whose invoice a charge approved now goes: the one in which the time to appeal ends."""
    return london_date(end_of_working_day(now, appeal_working_days)).replace(day=1)


def _when(at: datetime) -> str:
    return f"{day_and_month(at)}, {clock(at)}"
