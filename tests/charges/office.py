"""A training office for tests of charges and invoices: bookings with outcomes, and people who decide."""

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, time, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from charges.charge.models import Charge
from courses.attendance.register.models import Mark
from courses.attendance.register.rules import MarkKind
from courses.booking.bookings.models import Booking
from courses.booking.bookings.rules import BookingSource, BookingState, Outcome
from courses.facts import RegisterFinalised
from courses.programme.events.models import Event
from courses.programme.events.rules import EventState
from lms.frame.access import Actor, Role
from lms.frame.site import Site
from lms.frame.work import Work
from lms.kit.working_days import wall_time
from lms.mail.models import OutboxLetter
from lms.people.models import Person
from lms.policies.queries import policy_in_force
from tests.make import Make

HELD_ON = datetime(2026, 3, 3).date()  # noqa: DTZ001
DAY_AFTER = datetime(2026, 3, 4, 11, 5, tzinfo=UTC)
CONFIRMED_AT = datetime(2026, 1, 12, 10, 42, tzinfo=UTC)


@dataclass
class Office:
    """The partnership on the day after an event: who works there, and how things happen."""

    session: Session
    make: Make
    site: Site
    now: datetime = DAY_AFTER
    people: dict[str, Person] = field(default_factory=dict)

    def person(self, role: Role, agency: Any = None) -> Person:
        """The one who holds this role; made when first asked for."""
        name = role.value if agency is None else f"{role.value} {agency.id}"
        if name not in self.people:
            more = {} if agency is None else {"agency": agency}
            self.people[name] = self.make.person(f"Robin {name}", roles=(role,), **more)
        return self.people[name]

    def work(self, person: Person | None = None, *, now: datetime | None = None) -> Work:
        """Work by somebody, with all that their roles allow; by the coordinator unless said otherwise."""
        who = person or self.person(Role.COORDINATOR)
        roles = frozenset(grant.role for grant in who.roles)
        led = frozenset(grant.agency_id for grant in who.roles if grant.agency_id is not None)
        actor = Actor(who.name, who.id, roles, self.site.permissions_of(roles), led)
        return Work(self.session, actor, now or self.now, self.site)

    def event(self, **values: Any) -> Event:
        """An event on Tuesday 3 March 2026 at 09:30."""
        return self.make.event(**{"starts": wall_time(HELD_ON, time(9, 30)), **values})

    def booking(self, event: Event, person: Person | None = None, **values: Any) -> Booking:
        """A place booked on 12 January, under the terms in force."""
        who = person or self.make.person(manager_name="Colette Barraclough-Ames", manager_email="colette@rvch.example")
        state = values.get("state", BookingState.CONFIRMED)
        number = self.session.scalar(sa.select(sa.func.count(Booking.id)).where(Booking.event_id == event.id)) or 0
        usual: dict[str, Any] = {
            "agency": who.agency,
            "role_group_id": who.role_group_id,
            "policy_version": policy_in_force(self.session, self.now),
            "state": state,
            "source": BookingSource.DELEGATE,
            "place_number": number + 1 if state is BookingState.CONFIRMED else None,
            "booked_at": CONFIRMED_AT,
            "booked_by_id": who.id,
            "confirmed_at": values.get("booked_at", CONFIRMED_AT),
            "free_until": event.free_until,
            "manager_name": who.manager_name,
            "manager_email": who.manager_email,
        }
        booking = Booking(event=event, person=who, **{**usual, **values})
        self.session.add(booking)
        self.session.flush()
        return booking

    def mark(self, booking: Booking, *kinds: MarkKind) -> None:
        """What the register says of each day."""
        for day, kind in zip(booking.event.days, kinds, strict=True):
            self.session.add(Mark(booking=booking, day=day, kind=kind, marked_at=day.starts_at + timedelta(minutes=16)))
        self.session.flush()

    def finalise(self, event: Event, outcomes: dict[int, Outcome]) -> list[Charge]:
        """Give bookings their outcomes, others attended, and tell that the register is finalised."""
        event.state, event.finalised_at = EventState.DELIVERED, self.now
        for booking in self.session.scalars(sa.select(Booking).where(Booking.event_id == event.id)):
            if booking.state is BookingState.CONFIRMED:
                booking.outcome = outcomes.get(booking.id, Outcome.ATTENDED)
        self.session.flush()
        self.work().tell(RegisterFinalised(event.id))
        self.session.flush()
        return self.charges()

    def charges(self) -> list[Charge]:
        return list(self.session.scalars(sa.select(Charge).order_by(Charge.id)))

    def missed(self, **values: Any) -> Charge:
        """A charge as it stands after somebody did not attend."""
        event = self.event(**values)
        booking = self.booking(event)
        self.finalise(event, {booking.id: Outcome.DID_NOT_ATTEND})
        return self.session.scalars(sa.select(Charge).where(Charge.booking_id == booking.id)).one()

    def letters(self, kind: str) -> list[OutboxLetter]:
        query = sa.select(OutboxLetter).where(OutboxLetter.kind == f"courses.{kind}").order_by(OutboxLetter.id)
        return list(self.session.scalars(query))

    def later(self, moment: datetime) -> "Office":
        """The same office at another moment."""
        return replace(self, now=moment)
