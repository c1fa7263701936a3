"""The code that books, and what became of a wish that could not be kept."""

from courses.booking.wishes.models import BookingWish
from courses.programme import words
from courses.programme.events.models import Event
from lms.kit.letters import Letter
from lms.people.models import Person
from lms.signin.letters import good_until
from lms.signin.models import SignInCode


def booking_code(row: SignInCode, event: Event, *, code: str, address: str) -> Letter:
    """To the address that was typed, known or not. Carries no word of whoever typed it."""
    person = row.person
    context = {
        "code": code,
        "token": row.token,
        "event_id": event.id,
        "course": event.version.title,
        "when": words.when(event),
    }
    key = f"courses.booking_code:{address}:{row.id}"
    until = good_until(row)
    if person is not None and person.email == address:
        return Letter("courses.booking_code", key, context, person_id=person.id, secret=True, good_until=until)
    name = person.name if person is not None else ""
    return Letter("courses.booking_code", key, context, to_name=name, to_address=address, secret=True, good_until=until)


def wish_not_kept(wish: BookingWish, event: Event, person: Person, why: str) -> Letter:
    """The office agreed, but the event takes no booking any more: why, and where to look for another date."""
    return Letter(
        "courses.wish_not_kept",
        f"courses.wish_not_kept:{person.id}:{wish.id}",
        {
            "course": event.version.title,
            "course_code": event.course.code,
            "event_id": event.id,
            "when": words.when(event),
            "why": why,
        },
        person_id=person.id,
    )
