"""An event as every page about a booking tells it: places, deadline, how it was counted."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from courses.booking.bookings.places.queries import places_of, room_of
from courses.booking.bookings.queries import event_with_days, free_until_by, reminder_days
from courses.booking.bookings.rules import Reminder, reminder_moments
from courses.programme import words
from courses.programme.events.models import Event
from courses.programme.events.rules import EventState
from courses.questions import Places
from lms.frame.access import Actor
from lms.kit.errors import NotFound
from lms.kit.words import pounds
from lms.kit.working_days import CountedDay, counted_days, is_late, london_date
from lms.people.models import Person
from lms.policies.queries import policy_in_force, terms_of
from lms.policies.rules import charge_for_day


@dataclass(frozen=True)
class EventToBook:
    """What every page about a booking says of its event."""

    event: Event
    when: str
    where: list[str]
    places: Places
    free_until: datetime
    counted_days: tuple[CountedDay, ...]
    reminders: dict[Reminder, datetime]
    charge: str
    now: datetime
    open_places: int = 0
    needs_kept_days: int = 30

    @property
    def is_free_now(self) -> bool:
        """Whether a booking made now could be cancelled free of charge."""
        return not is_late(self.now, self.free_until)

    @property
    def left(self) -> int:
        """Places that somebody new can have: none while others wait."""
        return 0 if self.places.waiting > self.places.offered else self.open_places


def event_to_book_by(
    session: Session, event_id: int, now: datetime, actor: Actor, person: Person | None = None
) -> EventToBook:
    """An event for somebody who may want to book it: one that is only planned is nobody's business yet."""
    about = event_to_book(session, event_id, now, person)
    if about.event.state is EventState.PLANNED and not actor.may("courses.manage_bookings"):
        raise NotFound("We cannot find that event. Choose one from the courses page.")
    return about


def event_to_book(session: Session, event_id: int, now: datetime, person: Person | None = None) -> EventToBook:
    """An event with its deadline and how it was counted, under the terms in force now. Raises NotFound.

    `person`: whose sector's held places count as open.
    """
    event = event_with_days(session, event_id)
    policy = terms_of(policy_in_force(session, now))
    first, first_day = event.days[0], london_date(event.starts_at)
    return EventToBook(
        event=event,
        when=words.when(event),
        where=words.where_in_full(event),
        places=places_of(session, [event.id])[event.id],
        free_until=free_until_by(policy, event),
        counted_days=counted_days(first_day, policy.notice_working_days),
        reminders=reminder_moments(first_day, reminder_days(policy)),
        charge=pounds(charge_for_day(policy, first.starts_at, first.ends_at)),
        now=now,
        needs_kept_days=policy.access_needs_kept_days,
        open_places=room_of(session, event, now).open_to(person.agency.sector_id if person and person.agency else None),
    )
