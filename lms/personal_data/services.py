"""A copy of all that is kept of a person, and taking away what tells who they were."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from lms.frame.db import truncate_log_after
from lms.frame.locks import lock_rows
from lms.frame.tables_there import tables_there
from lms.frame.work import Work
from lms.kit.errors import Conflict, Invalid, NotAllowed
from lms.kit.words import listed
from lms.people.models import Person
from lms.personal_data.queries import identity_of, of_others_too, records_of, rows_naming, text_columns
from lms.personal_data.rules import Identity
from lms.personal_data.switched_off.services import empty_rows, rows_kept
from lms.retention.queries import holds_on, not_held

EVERYTHING_HELD = "personal_data.erase"
"""The name by which a hold on everybody stops erasures too."""


@dataclass(frozen=True)
class Erased:
    """What became of it: in how many further texts the person was named, and what was left because others share it."""

    person_id: int
    texts: int
    left: tuple[str, ...]


def export_person(work: Work, person: Person) -> dict[str, Any]:
    """All that every plugin keeps of a person, by heading, as plain JSON values."""
    if person.merged_into_id is not None:
        raise Conflict("This record was merged into another. Ask for a copy of that one: it holds everything.")
    found: dict[str, Any] = {}
    for record_id in reversed(records_of(work.session, person.id)):
        for part in work.site.personal_data:
            for heading, values in part.export(work, record_id).items():
                _add(found, heading, values)
    for heading, rows in rows_kept(work.session, records_of(work.session, person.id)).items():
        _add(found, heading, rows)
    work.record("copy of personal data made", person)
    return {
        "person": {"reference": person.ref, "name": person.name},
        "made_at": work.now.isoformat(),
        "data": {heading: values for heading, values in found.items() if values},
    }


def _add(found: dict[str, Any], heading: str, values: Any) -> None:
    """Lists of one heading are put together; what a merged record says besides stands under a heading of its own."""
    if heading not in found:
        found[heading] = values
    elif isinstance(found[heading], list) and isinstance(values, list):
        found[heading] = [*found[heading], *values]
    elif values:
        _add(found, f"{heading}, in a record that was merged", values)


def what_prevents(work: Work, person: Person) -> list[str]:
    """Why a person cannot be erased now, in sentences; nothing when they can."""
    return list(_hindrances(work, person))


def _hindrances(work: Work, person: Person) -> Iterator[str]:
    if person.erased_at is not None:
        yield "This record was erased already."
        return
    if person.merged_into_id is not None:
        yield "This record was merged into another. Erase that one: this goes with it."
        return
    if work.actor.person_id == person.id:
        yield "You cannot erase your own record. Ask a colleague to do it."
    ids = records_of(work.session, person.id)
    held = holds_on(work.session, ids)
    if held or not work.session.scalar(sa.select(not_held(EVERYTHING_HELD, sa.null()))):
        why = listed([hold.reason for hold in held]) if held else "nobody is erased at present"
        yield f"A hold stands: {why}. Lift it first."
    for part in work.site.personal_data:
        for record_id in ids:
            yield from part.prevents(work, record_id)


def erase_person(work: Work, person: Person, *, reason: str) -> Erased:
    """Take away for good what tells who a person was. Their rows stay, and so does every count.

    Raises Invalid without a reason, and Conflict when something must be done first.
    """
    if not reason.strip():
        raise Invalid("Say why this person is erased: who asked, and when.", field="reason")
    if not work.actor.may("personal_data.erase"):
        raise NotAllowed("Only a business manager erases somebody.")
    lock_rows(work.session, Person, records_of(work.session, person.id))
    hindrances = what_prevents(work, person)
    if hindrances:
        raise Conflict(" ".join(hindrances))
    return _erase(work, person, reason)


def _erase(work: Work, person: Person, reason: str) -> Erased:
    whole = identity_of(work.session, person.id)
    shared = of_others_too(work.session, whole, person.id)
    ids = records_of(work.session, person.id)
    for part in reversed(work.site.personal_data):
        for record_id in ids:
            part.erase(work, record_id)
    empty_rows(work.session, ids)
    work.session.flush()
    own = whole.without(shared)
    texts = _erase_from_texts(work, own)
    work.session.expire_all()
    truncate_log_after(work.session)
    work.record("person erased", person, texts=texts, reason=whole.erased_from(reason.strip()))
    left = tuple(sorted({each.casefold() for each in shared}))
    return Erased(person.id, texts, left)


def _erase_from_texts(work: Work, identity: Identity) -> int:
    """Look through every text of every table, and take out what names the person. How many texts were changed."""
    changed = 0
    for table in tables_there(work.session):
        keys, columns = list(table.primary_key.columns), text_columns(table)
        for row in rows_naming(work.session, table, identity):
            key, values = row[: len(keys)], row[len(keys) :]
            told = {column.name: value for column, value in zip(columns, values, strict=True)}
            after = {name: identity.erased_from_json(value) for name, value in told.items()}
            new = {name: value for name, value in after.items() if value != told[name]}
            if new:
                here = (column == value for column, value in zip(keys, key, strict=True))
                work.session.execute(sa.update(table).where(*here).values(new))
                changed += len(new)
    return changed
