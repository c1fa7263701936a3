"""Whom a link is for: the very person, at the address that we write to now."""

from courses.booking.bookings.models import Booking
from lms.frame.work import Work
from lms.kit.errors import NotAllowed, NotFound
from lms.mail.models import OutboxLetter
from lms.people.models import Person

SOMEBODY_ELSES = (
    "You are signed in, and this link is in an email to someone else. If the email was for you, sign out and open the "
    "link again. If it was passed on to you, ask the person it was for, or the training team."
)


def check_is_for(work: Work, booking: Booking, person_id: int, address: str, *, words: str) -> None:
    """Raises NotFound, in these words, once the booking is another person's record, the address is another or they have
    left; NotAllowed for whoever is signed in as somebody else."""
    person = booking.person
    if (person.id, person.email) != (person_id, address) or not person.is_here:
        raise NotFound(words)
    if work.actor.is_signed_in and work.actor.person_id != person_id:
        raise NotAllowed(SOMEBODY_ELSES)


def is_to(work: Work, letter: OutboxLetter, person_id: int) -> bool:
    """Whether a letter is to this person, also where it was written to a record that was merged into theirs."""
    if letter.person_id == person_id:
        return True
    written_to = work.session.get(Person, letter.person_id)
    return written_to is not None and written_to.merged_into_id == person_id
