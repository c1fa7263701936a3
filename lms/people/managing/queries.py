"""Whose line manager somebody is, by the addresses that records name."""

from collections.abc import Iterator, Sequence

import sqlalchemy as sa
from sqlalchemy.orm import Session

from lms.frame.plugins import LeavingChoice, LeftOpen
from lms.frame.work import Work
from lms.kit.words import count
from lms.people.models import Person


def addresses_to_leave(session: Session, person_id: int) -> list[str]:
    """The addresses of a person that nobody else who is here has: a shared mailbox goes on without them."""
    person = session.get_one(Person, person_id)
    own = [each for each in person.own_addresses if each]
    others = sa.select(Person.email).where(Person.email.in_(own), Person.id != person_id, Person.is_here)
    shared = set(session.scalars(others))
    return [each for each in own if each not in shared]


def people_managed_at(session: Session, addresses: Sequence[str], *, other_than: int) -> list[Person]:
    """Everybody here whose record names one of these addresses as their line manager's."""
    asked = sa.select(Person).where(Person.manager_email.in_(addresses), Person.id != other_than, Person.is_here)
    return list(session.scalars(asked.order_by(Person.id)))


def managed_people(work: Work, person_id: int) -> Iterator[LeftOpen]:
    """Records that name them as line manager, in one line."""
    addresses = addresses_to_leave(work.session, person_id)
    people = people_managed_at(work.session, addresses, other_than=person_id) if addresses else []
    if people:
        yield LeftOpen(
            key="managed",
            words=f"{count(len(people), 'record')} name them as line manager",
            choices={
                LeavingChoice.END: "Take their name off these records",
                LeavingChoice.GIVE: "Name somebody else",
                LeavingChoice.KEEP: "Leave it: no email goes to them",
            },
            receiver="The new line manager’s reference or email address, if they have a record here.",
            locks=tuple((Person, each.id) for each in people),
        )
