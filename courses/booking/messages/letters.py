"""A message as a letter to each of its readers."""

from typing import Any

from courses.booking.messages.models import Message
from courses.booking.messages.queries import MessageAbout
from courses.booking.messages.rules import STATES_OF, MessageReader
from lms.kit.letters import Letter


def message_letter(message: Message, about: MessageAbout, reader: MessageReader) -> Letter:
    """The words as they were written. `while_in` says as what they were written to: in none of it, it does not go."""
    return Letter(
        kind="courses.message",
        key=f"courses.message:{reader.person_id}:{message.id}:1",
        person_id=reader.person_id,
        context={**_about(about), "subject": message.subject, "lines": lines_of(message.body), **_reason(reader)},
        booking_id=reader.booking_id,
        event_id=about.event_id,
    )


def lines_of(body: str) -> list[str]:
    """Its paragraphs."""
    return [line.strip() for line in body.splitlines() if line.strip()]


def _about(about: MessageAbout) -> dict[str, Any]:
    return {
        "course": about.title,
        "course_code": about.course_code,
        "when": about.when,
        "first_day": about.first_day,
        "event_id": about.event_id,
    }


def _reason(reader: MessageReader) -> dict[str, Any]:
    """Why they are written to, and until when that is so."""
    while_in = sorted(state.value for state in STATES_OF.get(reader.group, ()))
    return {
        "why": reader.group.value,
        "booking_id": reader.booking_id,
        "interest_id": reader.interest_id,
        "while_in": while_in,
    }
