"""Who is meant by what was typed, whose session it is, and what was mailed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload, selectinload

from lms.frame.access import ROLE_WORDS
from lms.people.accounts.models import Account
from lms.people.models import Person, PersonAddress
from lms.sessions.models import SignInSession
from lms.sessions.rules import key_digest
from lms.signin.models import SignInCode
from lms.signin.rules import CodeAsked


def people_meant(session: Session, identifier: str) -> Sequence[Person]:
    """The people that an address or a reference stands for, as far as they may sign in and have a mailbox."""
    by_address = sa.select(PersonAddress.person_id).where(PersonAddress.address == identifier)
    meant = (
        sa.or_(Person.email == identifier, Person.id.in_(by_address))
        if "@" in identifier
        else sa.func.lower(Person.ref) == identifier
    )
    return session.scalars(
        sa.select(Person).where(meant, Person.is_here, Person.email != "").order_by(Person.name, Person.id)
    ).all()


def account_in_session(session: Session, key: str) -> tuple[Account, SignInSession] | None:
    """The session that a browser's key opens, and its account, with its person and their roles."""
    roles = joinedload(Account.person).options(selectinload(Person.roles))
    asked = sa.select(Account, SignInSession).join(SignInSession, SignInSession.person_id == Account.person_id)
    found = session.execute(asked.options(roles).where(SignInSession.digest == key_digest(key))).one_or_none()
    return (found[0], found[1]) if found else None


def code_by_token(session: Session, token: str) -> SignInCode | None:
    """What was mailed for a page where a code is typed."""
    return session.scalar(sa.select(SignInCode).where(SignInCode.token == token))


def newest_long_code(session: Session, asked: CodeAsked, *, since: datetime) -> SignInCode | None:
    """The last letter with a long code that went to the same mailbox for the same person, if it may still be used."""
    return session.scalar(
        sa.select(SignInCode)
        .where(
            SignInCode.counted_as == asked.counted_as,
            SignInCode.sent_to == asked.sent_to,
            SignInCode.is_long,
            SignInCode.letter_id.is_(None),
            SignInCode.used_at.is_(None),
            SignInCode.made_at > since,
        )
        .order_by(SignInCode.id.desc())
        .limit(1)
    )


@dataclass(frozen=True)
class AboutMe:
    """What is known about a person, for themselves."""

    name: str
    ref: str
    email: str
    addresses: tuple[str, ...]
    agency: str
    job: str
    roles: tuple[str, ...]


def about(session: Session, person_id: int) -> AboutMe:
    """What is known about a person, for themselves."""
    person = session.get_one(
        Person,
        person_id,
        options=[joinedload(Person.agency), joinedload(Person.role_group), selectinload(Person.addresses)],
        populate_existing=True,
    )
    group = person.role_group.name if person.role_group else ""
    return AboutMe(
        name=person.name,
        ref=person.ref,
        email=person.email,
        addresses=tuple(each.address for each in person.addresses),
        agency=person.agency.name if person.agency else "",
        job=", ".join(each for each in (person.job_title, group) if each),
        roles=tuple(
            f"{ROLE_WORDS[grant.role]}, {grant.agency.name}" if grant.agency else ROLE_WORDS[grant.role]
            for grant in person.roles
        ),
    )
