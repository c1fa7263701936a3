"""Who wants what: asked when letters are queued, and again when each goes."""

import sqlalchemy as sa
from sqlalchemy.orm import Session

from lms.lists.models import MailChoice, OwnCopy
from lms.lists.rules import Leaver, Wish, wants_none
from lms.people.models import Person


def choice_of(session: Session, leaver: Leaver) -> MailChoice | None:
    """What a person, or an address, has chosen."""
    who = MailChoice.person_id == leaver.person_id if leaver.person_id else MailChoice.address == leaver.address
    return session.scalar(sa.select(MailChoice).where(who, MailChoice.list_name == leaver.list_name))


def wishes_of_person(session: Session, person_id: int) -> dict[str, Wish]:
    """What a person has chosen, by list."""
    rows = session.execute(
        sa.select(MailChoice.list_name, MailChoice.wish)
        .where(MailChoice.person_id == person_id)
        .order_by(MailChoice.list_name)
    )
    return {row.list_name: row.wish for row in rows}


def has_left(session: Session, list_name: str, *, person_id: int | None, address: str) -> bool:
    """Whether somebody at this address wants no letters of a list, by their record or by the address's own link."""
    who = MailChoice.address == address if address else sa.false()
    if person_id is not None:
        who = sa.or_(who, MailChoice.person_id == person_id)
    return wants_none(session.scalars(sa.select(MailChoice.wish).where(who, MailChoice.list_name == list_name)))


def people_with_wish(list_name: str, wish: Wish) -> sa.Select[int | None]:
    """The ids of people who chose this of a list, as a subquery."""
    return sa.select(MailChoice.person_id).where(
        MailChoice.list_name == list_name, MailChoice.wish == wish, MailChoice.person_id.is_not(None)
    )


def addresses_that_left(session: Session, list_name: str) -> set[str]:
    """Shared addresses whose letters were stopped."""
    rows = session.scalars(
        sa.select(MailChoice.address).where(
            MailChoice.list_name == list_name, MailChoice.wish == Wish.NONE, MailChoice.address != ""
        )
    )
    return set(rows)


def people_with_own_copy(session: Session) -> set[int]:
    """Who wants a copy of their own although they share a mailbox."""
    return set(session.scalars(sa.select(OwnCopy.person_id)))


def has_own_copy(session: Session, person_id: int) -> bool:
    """Whether this person does."""
    return session.get(OwnCopy, person_id) is not None


def shares_address(session: Session, person_id: int) -> bool:
    """Whether somebody else who is here has the same address."""
    own = sa.select(Person.email).where(Person.id == person_id, Person.email != "").scalar_subquery()
    other = sa.select(Person.id).where(Person.email == own, Person.id != person_id, Person.is_here)
    return session.scalar(other.limit(1)) is not None
