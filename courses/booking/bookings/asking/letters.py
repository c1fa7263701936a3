"""The letters by which a line manager is asked, and the delegate hears that they are or did not agree."""

from dataclasses import replace
from typing import Any

from courses.booking.bookings.letters import to_delegate
from courses.booking.bookings.models import Booking
from courses.booking.bookings.queries import APPROVAL, approval_of, leads_to_ask
from lms.frame.work import Work
from lms.kit.letters import Letter
from lms.kit.words import clock, listed, long_date


def manager_asked(work: Work, booking: Booking, occurrence: str = "1") -> list[Letter]:
    """Ask the line manager by a link, and tell the delegate that we did."""
    told, asked = to_delegate(work, "awaiting_manager", booking), approval_asked(work, booking, occurrence)
    leads = "" if booking.manager_email else listed((each.to_name for each in asked), "or")
    context = {**told.context, "asked": "manager" if booking.manager_email else "lead" if asked else "office"}
    return [replace(told, context={**context, "leads": leads}), *asked]


def approval_asked(work: Work, booking: Booking, occurrence: str) -> list[Letter]:
    """The manager is asked, or asked again, whether they agree; without one, the agency's leads. The office needs no
    letter: what waits for it stands on its page."""
    letter = to_delegate(work, "approval_asked", booking)
    context = {
        **letter.context,
        "token": approval_token(work, booking),
        "answer_by": f"{clock(booking.event.booking_closes_at)} on {long_date(booking.event.booking_closes_at)}",
    }
    if booking.manager_email:
        return [_to_manager(letter, booking, occurrence, context)]
    return [
        replace(
            letter,
            key=f"courses.approval_asked:{lead.person_id}:{booking.id}:{occurrence}",
            person_id=lead.person_id,
            to_name=lead.name,
            context={**context, "as_lead": True},
        )
        for lead in leads_to_ask(work.session, booking)
    ]


def _to_manager(letter: Letter, booking: Booking, occurrence: str, context: dict[str, Any]) -> Letter:
    return replace(
        letter,
        key=f"courses.approval_asked:{booking.manager_email}:{booking.id}:{occurrence}",
        person_id=None,
        to_name=booking.manager_name or "Line manager",
        to_address=booking.manager_email,
        context={**context, "as_lead": False},
    )


def approval_token(work: Work, booking: Booking) -> str:
    """What makes a link open this one request for the manager named on it."""
    return APPROVAL.sign(work.site.settings, approval_of(booking))


def not_agreed(work: Work, booking: Booking, *, is_refused: bool) -> Letter:
    """The line manager did not agree, or did not answer before booking closed."""
    letter = to_delegate(work, "not_agreed", booking)
    return replace(letter, context={**letter.context, "is_refused": is_refused, "reason": booking.cancel_reason})
