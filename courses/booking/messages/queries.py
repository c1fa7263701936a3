"""Who to one can write about an event or a course, and what was written."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from courses.booking.bookings.models import Booking
from courses.booking.bookings.rules import LIVE_STATES
from courses.booking.messages.models import Message, MessageCopy
from courses.booking.messages.rules import GROUP_OF, MessageReader, ReaderGroup
from courses.programme import words
from courses.programme.courses.models import Interest
from courses.programme.courses.queries import course_by_id
from courses.programme.demand.queries import is_open
from courses.programme.events.models import EventTrainer
from courses.programme.events.queries import event_with_days
from lms.agencies.models import Agency
from lms.kit.errors import NotFound
from lms.kit.names import clean_name
from lms.kit.words import long_date
from lms.mail.models import OutboxLetter
from lms.mail.rules import LetterState
from lms.people.models import Person


@dataclass(frozen=True)
class MessageAbout:
    """What one writes about: an event, or a course of which people ask for a date."""

    title: str
    course_code: str
    when: str = ""
    first_day: str = ""
    event_id: int | None = None
    course_id: int | None = None


def about_event(session: Session, event_id: int) -> MessageAbout:
    """An event. Raises NotFound."""
    event = event_with_days(session, event_id)
    return MessageAbout(
        title=event.version.title,
        course_code=event.course.code,
        when=words.when(event),
        first_day=long_date(event.starts_at),
        event_id=event.id,
    )


def about_course(session: Session, course_id: int) -> MessageAbout:
    """A course. Raises NotFound."""
    course = course_by_id(session, course_id)
    return MessageAbout(title=course.versions[-1].title, course_code=course.code, course_id=course.id)


def readers_of(session: Session, about: MessageAbout) -> list[MessageReader]:
    """Everybody who can be written to: those with a claim in the order of the list, then the trainers; or who asks."""
    if about.event_id is None:
        return _asking(session, about.course_id)
    return [*_with_claims(session, about.event_id), *_trainers(session, about.event_id)]


def _with_claims(session: Session, event_id: int) -> list[MessageReader]:
    query = (
        _people(Booking.state, Booking.id)
        .join(Booking, Booking.person_id == Person.id)
        .where(Booking.event_id == event_id, Booking.state.in_(LIVE_STATES))
        .order_by(Booking.place_number.is_(None), Booking.place_number, Booking.queued_at, Booking.id)
    )
    return [
        MessageReader(person_id, name, agency, GROUP_OF[state], bool(email), booking_id=booking_id)
        for person_id, name, agency, email, state, booking_id in session.execute(query)
    ]


def _trainers(session: Session, event_id: int) -> list[MessageReader]:
    query = (
        _people()
        .join(EventTrainer, EventTrainer.person_id == Person.id)
        .where(EventTrainer.event_id == event_id)
        .order_by(Person.name, Person.id)
    )
    return [
        MessageReader(person_id, name, agency, ReaderGroup.TRAINERS, bool(email))
        for person_id, name, agency, email in session.execute(query)
    ]


def _asking(session: Session, course_id: int | None) -> list[MessageReader]:
    query = (
        _people(Interest.id)
        .join(Interest, Interest.person_id == Person.id)
        .where(Interest.course_id == course_id, is_open())
        .order_by(Interest.asked_at, Interest.id)
    )
    return [
        MessageReader(person_id, name, agency, ReaderGroup.ASKING, bool(email), interest_id=interest_id)
        for person_id, name, agency, email, interest_id in session.execute(query)
    ]


def _people(*more: Any) -> sa.Select[*tuple[Any, ...]]:
    """People who are still here, with their agency and address."""
    who: tuple[Any, ...] = (Person.id, Person.name, sa.func.coalesce(Agency.name, ""), Person.email, *more)
    return sa.select(*who).select_from(Person).outerjoin(Agency, Agency.id == Person.agency_id).where(Person.is_here)


# What was written


@dataclass(frozen=True)
class MessageRow:
    """A message in the list."""

    id: int
    subject: str
    sent_to: str
    readers: int
    written_at: datetime
    written_by: str


def messages_about(session: Session, about: MessageAbout, *, most: int | None = None) -> list[MessageRow]:
    """What was written about it, newest first."""
    author = aliased(Person)
    query = (
        sa.select(
            Message.id,
            Message.subject,
            Message.sent_to,
            Message.number_of_readers,
            Message.written_at,
            sa.func.coalesce(author.name, "The training team"),
        )
        .outerjoin(author, author.id == Message.written_by_id)
        .where(_is_about(about))
        .order_by(Message.written_at.desc(), Message.id.desc())
        .limit(most)
    )
    return [MessageRow(*values) for values in session.execute(query)]


def _is_about(about: MessageAbout) -> sa.ColumnElement[bool]:
    return Message.event_id == about.event_id if about.event_id is not None else Message.course_id == about.course_id


def message_about(session: Session, about: MessageAbout, message_id: int) -> Message:
    """One of the messages about it. Raises NotFound."""
    found = session.scalar(sa.select(Message).where(Message.id == message_id, _is_about(about)))
    if found is None:
        raise NotFound("We cannot find that message. Look at the list of messages.")
    return found


@dataclass(frozen=True)
class CopyRow:
    """What became of somebody's copy. `state` is None for whoever has no address, and once letters are put away."""

    name: str
    state: LetterState | None
    sent_at: datetime | None
    why_not: str


def copies_of(session: Session, message: Message) -> Sequence[CopyRow]:
    """Whom a message went to, by name."""
    query = (
        sa.select(Person.name, OutboxLetter.state, OutboxLetter.sent_at, OutboxLetter.last_error)
        .select_from(MessageCopy)
        .join(Person, Person.id == MessageCopy.person_id)
        .outerjoin(OutboxLetter, OutboxLetter.key == MessageCopy.letter_key)
        .where(MessageCopy.message_id == message.id)
        .order_by(Person.name, Person.id)
    )
    return [CopyRow(clean_name(name), state, at, why or "") for name, state, at, why in session.execute(query)]
