"""Who plays in the demonstration's bookings: people of the right work, free on the day, some keener than others."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random

import sqlalchemy as sa
from sqlalchemy.orm import selectinload

from courses.booking.bookings.rules import BookingSource
from courses.programme.courses.models import Interest
from courses.programme.events.models import Event, EventTrainer
from lms.agencies.models import Agency
from lms.frame.access import Role
from lms.frame.demonstration import chance
from lms.frame.work import Work
from lms.kit.working_days import london_date
from lms.people.models import Person, RoleGrant

COORDINATOR = "DEMO-COORDINATOR"
STAFF_AGENCY = "RVSCP"
KEENNESS = (0.15, 0.6, 1, 1, 1.6, 3)


@dataclass
class Cast:
    """The people by reference, how keen each is, and what each is already busy with."""

    people: dict[str, Person]
    keenness: dict[int, float]
    outsiders: set[int]
    leads: dict[int, Person]
    agencies_before: dict[int, Agency]
    busy: set[tuple[int, date]] = field(default_factory=set)
    courses_had: set[tuple[int, int]] = field(default_factory=set)

    @property
    def coordinator(self) -> Person:
        return self.people[COORDINATOR]

    def reserve(self, event: Event, ref: str) -> None:
        """Keep somebody free for an event in which the table says what they do, and for no other of that day."""
        self._engage(self.people[ref], event)

    def choose(self, random: Random, event: Event, number: int) -> Iterator[Person]:
        """So many people for an event, nobody twice a day and nobody twice for the same course."""
        audience, days = {group.id for group in event.version.audience}, days_of(event)
        able = [person for person in self.people.values() if self._can_come(person, event, audience, days)]
        by_luck = sorted(able, key=lambda person: random.random() ** (1 / self.keenness[person.id]), reverse=True)
        chosen = by_luck[:number]
        if len(chosen) < number:
            raise ValueError(f"Too few invented people could come to {event.ref}: {len(chosen)} of {number}.")
        random.shuffle(chosen)
        for person in chosen:
            self._engage(person, event)
        return iter(chosen)

    def _can_come(self, person: Person, event: Event, audience: set[int], days: list[date]) -> bool:
        return (
            person.id not in self.outsiders
            and (not audience or person.role_group_id in audience)
            and (person.left_on is None or person.left_on > days[-1])
            and (person.id, event.course_id) not in self.courses_had
            and all((person.id, day) not in self.busy for day in days)
        )

    def _engage(self, person: Person, event: Event) -> None:
        self.courses_had.add((person.id, event.course_id))
        self.busy |= {(person.id, day) for day in days_of(event)}

    def who_books(self, source: BookingSource, person: Person) -> Person:
        """Who typed the booking: the person, the coordinator, or the agency's lead where there is one."""
        if source is BookingSource.COORDINATOR:
            return self.coordinator
        lead = self.leads.get(person.agency_id or 0)
        return lead if lead is not None and source is BookingSource.AGENCY_LEAD else person

    def agency_then(self, person: Person, day: date) -> int | None:
        """The agency on a day: bookings keep the agency of their time when it has merged into another since."""
        before = self.agencies_before.get(person.id)
        if before is not None and before.closed_on is not None and day <= before.closed_on:
            return before.id
        return person.agency_id


def gather_cast(work: Work) -> Cast:
    """Everybody, with what the bookings need to know of them, in a few queries."""
    session = work.session
    everybody = sa.select(Person).options(selectinload(Person.addresses)).order_by(Person.id)
    people = {person.ref: person for person in session.scalars(everybody)}
    random = chance("keenness")
    leads = sa.select(RoleGrant).where(RoleGrant.role == Role.AGENCY_LEAD).order_by(RoleGrant.id.desc())
    agencies = list(session.scalars(sa.select(Agency).options(selectinload(Agency.domains)).order_by(Agency.id)))
    closed = {each.domain: agency for agency in agencies if agency.closed_on for each in agency.domains}
    staff = {agency.id for agency in agencies if agency.code == STAFF_AGENCY}
    trainers = set(session.scalars(sa.select(EventTrainer.person_id)))
    asked = session.execute(sa.select(Interest.person_id, Interest.course_id).where(Interest.closed_at.is_(None)))
    return Cast(
        people=people,
        keenness={person.id: random.choice(KEENNESS) for person in people.values()},
        outsiders=trainers | {each.id for each in people.values() if each.agency_id in staff or _is_persona(each)},
        leads={grant.agency_id: grant.person for grant in session.scalars(leads) if grant.agency_id},
        agencies_before={
            person.id: closed[domain]
            for person in people.values()
            for each in person.addresses
            if (domain := each.address.partition("@")[2]) in closed
        },
        courses_had={(person_id, course_id) for person_id, course_id in asked},
    )


def _is_persona(person: Person) -> bool:
    return person.ref.startswith("DEMO-")


def days_of(event: Event) -> list[date]:
    """Every day from its first to its last."""
    first, last = london_date(event.starts_at), london_date(event.ends_at)
    return [first + timedelta(days=more) for more in range((last - first).days + 1)]
