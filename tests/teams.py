"""An agency lead books several of their people, as the page does once the lines are read."""

from collections.abc import Sequence

import sqlalchemy as sa

from courses.booking.bookings.models import Booking
from courses.booking.team.reading.rules import LineRead, OwnPerson
from courses.booking.team.rules import Comes, LinePlanned
from courses.booking.team.services import book_lines
from lms.frame.work import Work
from lms.kit.errors import Conflict
from lms.people.models import Person


def own_person(person: Person) -> OwnPerson:
    """As a line names them."""
    return OwnPerson(person.id, person.name, person.ref, "", (person.email,))


def book_team(work: Work, event_id: int, person_ids: Sequence[int]) -> list[Booking]:
    """The bookings that they have of the event afterwards, in this order. Raises Conflict where one was refused."""
    people = {each.id: each for each in work.session.scalars(sa.select(Person).where(Person.id.in_(person_ids)))}
    own = [own_person(people[each]) for each in person_ids]
    ready = [LinePlanned(LineRead(number, each.name, each), Comes.READY, "") for number, each in enumerate(own)]
    for line in book_lines(work, event_id, ready):
        if line.comes is Comes.REFUSED:
            raise Conflict(line.why)
    found = sa.select(Booking).where(Booking.event_id == event_id, Booking.person_id.in_(person_ids))
    bookings = {each.person_id: each for each in work.session.scalars(found)}
    return [bookings[each] for each in person_ids if each in bookings]
