"""People without a name under a new secret key: whose bookings go to them later still find them."""

from collections.abc import Sequence
from random import SystemRandom

import sqlalchemy as sa

from courses.desk.nobody.rules import nobodys_refs
from lms.frame.work import Work
from lms.kit.keys import Keys
from lms.people.models import Person


def waiting(work: Work) -> list[tuple[str, str]]:
    """References not made with the key in force and what they become, shuffled: their order would tell whose they are.

    What none of the keys made becomes nothing else.
    """
    renamed: dict[str, str] = {}
    for person_id in work.session.scalars(sa.select(Person.id).order_by(Person.id)):
        new, *old = nobodys_refs(work.site.settings.keys, person_id)
        renamed |= dict.fromkeys(old, new) | {new: ""}
    there = {ref: renamed.get(ref, ref) for ref in _refs(work)}
    found = [(ref, new) for ref, new in there.items() if new]
    SystemRandom().shuffle(found)
    return found


def renew(work: Work, some: Sequence[tuple[str, str]]) -> int:
    """Give them their references of the key in force."""
    renamed = [(old, new) for old, new in some if old != new]
    for old, new in renamed:
        work.session.execute(sa.update(Person).where(Person.ref == old).values(ref=new))
    return len(renamed)


def proves(work: Work, key: str) -> bool:
    """Whether one of them was named with this key."""
    there, people = set(_refs(work)), sa.select(Person.id).order_by(Person.id)
    return bool(there) and any(nobodys_refs(Keys(key), each)[0] in there for each in work.session.scalars(people))


def _refs(work: Work) -> Sequence[str]:
    return work.session.scalars(sa.select(Person.ref).where(Person.ref.like("ERASED-%")).order_by(Person.ref)).all()
