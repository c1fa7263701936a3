"""What somebody who leaves would leave behind, by the plugins that know of it."""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session

from lms.frame.plugins import Leaving, LeavingChoice, LeftOpen
from lms.frame.work import Work
from lms.kit.errors import Invalid
from lms.kit.portions import portions
from lms.people.models import Person


@dataclass(frozen=True)
class LeftBehind:
    """Things of one kind."""

    kind: Leaving
    things: tuple[LeftOpen, ...]


@dataclass(frozen=True)
class Chosen:
    """What somebody chose for one thing, and whom they named for it, as typed."""

    what: LeavingChoice
    receiver: str = ""


def left_behind(work: Work, person_id: int) -> list[LeftBehind]:
    """Everything by kind, kinds without any left out."""
    return left_behind_by(work, [person_id])[person_id]


def left_behind_by(work: Work, person_ids: Collection[int]) -> dict[int, list[LeftBehind]]:
    """The same of several who leave together, in as many queries as for one: who leaves takes nothing over."""
    found: dict[int, list[LeftBehind]] = {each: [] for each in sorted(person_ids)}
    for some in portions(found):
        for kind in work.site.leaving:
            things: dict[int, list[LeftOpen]] = {}
            for person_id, thing in kind.found(work, some):
                things.setdefault(person_id, []).append(thing)
            for person_id, those in things.items():
                found[person_id].append(LeftBehind(kind, tuple(those)))
    return found


def each_thing(behind: Iterable[LeftBehind]) -> Iterator[tuple[Leaving, LeftOpen]]:
    """One after the other, each with its kind."""
    return ((each.kind, thing) for each in behind for thing in each.things)


def receiver_of(session: Session, typed: str, *, leaver_id: int, field: str) -> Person:
    """Somebody who is here, by reference or by an address that one alone has. Raises Invalid at the field."""
    words = typed.strip().lower()
    if not words:
        raise Invalid("Enter the reference or email address of the person who takes this over.", field=field)
    asked = sa.select(Person).where(sa.or_(sa.func.lower(Person.ref) == words, Person.email == words), Person.is_here)
    found = session.scalars(asked.where(Person.id != leaver_id).order_by(Person.id).limit(2)).all()
    if len(found) != 1:
        raise Invalid("No one here has this reference, or this address alone. Check the spelling.", field=field)
    return found[0]


def choice_field(key: str) -> str:
    """The name of the page's field for what becomes of a thing."""
    return f"choice-{key}"


def receiver_field(key: str) -> str:
    """The name of the page's field for who takes a thing."""
    return f"to-{key}"
