"""Attempts counted, and the latest of them."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from lms.attempts.models import Attempt
from lms.attempts.rules import PERIODS, WORDS, What
from lms.people.models import Person

MOST_SHOWN = 20
LATEST_SHOWN = 50
REFUSED = Attempt.what != What.SIGNED_IN


@dataclass(frozen=True)
class AttemptsCounted:
    """How often one thing happened, in each of `PERIODS`."""

    words: str
    numbers: tuple[int, ...]


@dataclass(frozen=True)
class FromNetwork:
    """An address of the network from which much was refused."""

    network: str
    refused: int
    people: int
    last_at: datetime


@dataclass(frozen=True)
class AboutPerson:
    """Somebody whom many refusals concern."""

    person_id: int
    name: str
    refused: int
    networks: int
    last_at: datetime


@dataclass(frozen=True)
class AttemptLine:
    """One attempt."""

    at: datetime
    words: str
    person_id: int | None
    name: str
    network: str
    page: str


def counted(session: Session, now: datetime) -> list[AttemptsCounted]:
    """Each kind, in each period."""
    sums = [sa.func.count().filter(Attempt.at > now - period) for period in PERIODS]
    rows = session.execute(sa.select(Attempt.what, *sums).group_by(Attempt.what))
    found: dict[What, tuple[int, ...]] = defaultdict(lambda: (0,) * len(PERIODS), {row[0]: row[1:] for row in rows})
    return [AttemptsCounted(words, tuple(found[what])) for what, words in WORDS.items()]


def busiest_networks(session: Session, *, since: datetime) -> list[FromNetwork]:
    """Where most refusals came from."""
    number = sa.func.count()
    rows = session.execute(
        sa.select(Attempt.network, number, sa.func.count(sa.distinct(Attempt.person_id)), sa.func.max(Attempt.at))
        .where(REFUSED, Attempt.at > since)
        .group_by(Attempt.network)
        .order_by(number.desc(), Attempt.network)
        .limit(MOST_SHOWN)
    )
    return [FromNetwork(*row) for row in rows]


def most_concerned(session: Session, *, since: datetime) -> list[AboutPerson]:
    """Whom most refusals concern."""
    number = sa.func.count()
    rows = session.execute(
        sa.select(Person.id, Person.name, number, sa.func.count(sa.distinct(Attempt.network)), sa.func.max(Attempt.at))
        .join(Person, Person.id == Attempt.person_id)
        .where(REFUSED, Attempt.at > since)
        .group_by(Person.id, Person.name)
        .order_by(number.desc(), Person.name, Person.id)
        .limit(MOST_SHOWN)
    )
    return [AboutPerson(*row) for row in rows]


def latest(session: Session) -> list[AttemptLine]:
    """The last refusals, newest first."""
    rows = session.execute(
        sa.select(Attempt, Person.name)
        .outerjoin(Person, Person.id == Attempt.person_id)
        .where(REFUSED)
        .order_by(Attempt.at.desc(), Attempt.id.desc())
        .limit(LATEST_SHOWN)
    )
    return [
        AttemptLine(each.at, each.what.value, each.person_id, name or "", each.network, each.page)
        for each, name in rows
    ]
