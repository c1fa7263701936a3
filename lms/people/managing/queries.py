"""Whose line manager somebody is, by the addresses that records name."""

from collections.abc import Collection, Iterator

import sqlalchemy as sa
from sqlalchemy.orm import Session, selectinload

from lms.frame.plugins import LeavingChoice, LeftOpen
from lms.frame.work import Work
from lms.kit.words import count
from lms.people.models import Person


def addresses_to_leave(session: Session, person_ids: Collection[int]) -> dict[str, int]:
    """The addresses of people who leave together that nobody else who is here has, each with whose it is.

    A shared mailbox goes on without them; where all who share it leave, it goes with the last.
    """
    asked = sa.select(Person).where(Person.id.in_(person_ids)).options(selectinload(Person.addresses))
    own = {
        address: person.id
        for person in session.scalars(asked.order_by(Person.id))
        for address in person.own_addresses
        if address
    }
    others = sa.select(Person.email).where(Person.email.in_(own), Person.id.not_in(person_ids), Person.is_here)
    shared = set(session.scalars(others.order_by(Person.id))) if own else set()
    return {address: person_id for address, person_id in own.items() if address not in shared}


def managed_people(work: Work, person_ids: Collection[int]) -> Iterator[tuple[int, LeftOpen]]:
    """Records that name them as line manager, for each of them in one line."""
    addresses = addresses_to_leave(work.session, person_ids)
    asked = sa.select(Person).where(Person.manager_email.in_(addresses), Person.is_here).order_by(Person.id)
    managed: dict[int, list[Person]] = {}
    for person in work.session.scalars(asked) if addresses else ():
        manager_id = addresses[person.manager_email]
        if person.id != manager_id:
            managed.setdefault(manager_id, []).append(person)
    for manager_id, people in managed.items():
        yield (
            manager_id,
            LeftOpen(
                key="managed",
                words=f"{count(len(people), 'record')} name them as line manager",
                choices={
                    LeavingChoice.END: "Remove their name from these records",
                    LeavingChoice.GIVE: "Name someone else",
                    LeavingChoice.KEEP: "Leave it as it is and send them no email",
                },
                receiver="The new line manager’s reference or email address, if they have a record here.",
                locks=tuple((Person, each.id) for each in people),
            ),
        )
