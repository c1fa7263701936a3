"""Writing to the people of an event, or to those who ask for a date."""

from collections.abc import Sequence

import sqlalchemy as sa

from courses.booking.messages.letters import message_letter
from courses.booking.messages.models import Message, MessageCopy
from courses.booking.messages.queries import MessageAbout, readers_of
from courses.booking.messages.rules import MessageReader, MessageWritten, readers_chosen, to_words
from lms.frame.work import Work
from lms.kit.errors import Invalid, NotAllowed
from lms.kit.names import clean_words

NOBODY = "Choose who the message goes to."
OTHERS_NOW = (
    "Since you looked, someone has come or gone. It would go to {now} now. Look at the names again, then send it."
)


def choose_readers(everybody: Sequence[MessageReader], written: MessageWritten) -> list[MessageReader]:
    """Who to of these it would go. Raises Invalid when that is nobody."""
    found = readers_chosen(everybody, written)
    if not found:
        raise Invalid(NOBODY, field="groups")
    return found


def send_message(
    work: Work, about: MessageAbout, written: MessageWritten, *, seen: frozenset[int], key: str
) -> Message:
    """Send it to exactly those whom the writer saw in the preview, `seen` by the ids of persons.

    The same key sends nothing a second time. Raises Invalid when the readers have changed since.
    """
    if not work.actor.may("courses.manage_bookings"):
        raise NotAllowed("Only the training team writes to the people of an event.")
    sent = work.session.scalar(sa.select(Message).where(Message.key == key))
    if sent is not None:
        return sent
    everybody = readers_of(work.session, about)
    readers = choose_readers(everybody, written)
    if {each.person_id for each in readers} != seen:
        raise Invalid(OTHERS_NOW.format(now=_number(readers)), field="groups")
    message = Message(
        key=key,
        event_id=about.event_id,
        course_id=about.course_id,
        sent_to=to_words(everybody, written),
        number_of_readers=len(readers),
        subject=clean_words(written.subject),
        body=clean_words(written.body),
        written_at=work.now,
        written_by_id=work.actor.person_id,
    )
    work.session.add(message)
    work.session.flush()
    letters = [message_letter(message, about, each) for each in readers]
    copies = [
        MessageCopy(message_id=message.id, letter_key=letter.key, person_id=letter.person_id) for letter in letters
    ]
    work.session.add_all(copies)
    work.send_all(letters)
    work.record("message sent", message, to=message.sent_to, readers=len(readers))
    return message


def _number(readers: Sequence[MessageReader]) -> str:
    return "one person" if len(readers) == 1 else f"{len(readers)} people"
