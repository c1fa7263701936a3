"""What somebody who leaves would leave behind, by the plugins that know of it."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session

from lms.frame.plugins import Leaving, LeavingChoice, LeftOpen
from lms.frame.work import Work
from lms.kit.errors import Invalid
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
    found = (LeftBehind(kind, tuple(kind.find(work, person_id))) for kind in work.site.leaving)
    return [each for each in found if each.things]


def each_thing(behind: Iterable[LeftBehind]) -> Iterator[tuple[Leaving, LeftOpen]]:
    """One after the other, each with its kind."""
    return ((each.kind, thing) for each in behind for thing in each.things)


def usual_ends(work: Work, person_id: int) -> tuple[str, ...]:
    """What becomes of everything where nobody chooses, a sentence or two for each thing."""
    found = (thing for _, thing in each_thing(left_behind(work, person_id)))
    return tuple(f"{thing.words}. {thing.choices[thing.usual]}." for thing in found)


def receiver_of(session: Session, typed: str, *, leaver_id: int, field: str) -> Person:
    """Somebody who is here, by reference or by an address that one alone has. Raises Invalid at the field."""
    words = typed.strip().lower()
    if not words:
        raise Invalid("Enter the reference or email address of whoever takes this.", field=field)
    asked = sa.select(Person).where(sa.or_(sa.func.lower(Person.ref) == words, Person.email == words), Person.is_here)
    found = session.scalars(asked.where(Person.id != leaver_id).order_by(Person.id).limit(2)).all()
    if len(found) != 1:
        raise Invalid("Nobody here has this reference, or this address alone. Check the spelling.", field=field)
    return found[0]


def choice_field(key: str) -> str:
    """The name of the page's field for what becomes of a thing."""
    return f"choice-{key}"


def receiver_field(key: str) -> str:
    """The name of the page's field for who takes a thing."""
    return f"to-{key}"
