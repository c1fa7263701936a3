"""A copy of all that is kept of a person, and taking away what tells who they were."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from lms.frame.db import truncate_log_after
from lms.frame.doors import door
from lms.frame.folding import folded_with
from lms.frame.keeping import ERASE
from lms.frame.locks import ORDER, lock_rows, place_of
from lms.frame.plugins import PersonalData
from lms.frame.tables_there import tables_there
from lms.frame.work import Work
from lms.kit.errors import Conflict, Invalid, NotAllowed
from lms.kit.portions import portions
from lms.kit.words import listed
from lms.people.models import Person
from lms.personal_data.mentions.queries import about, is_link, kept_columns, rows_naming
from lms.personal_data.mentions.rules import LOOK_TWICE_ABOVE, Needles
from lms.personal_data.queries import identity_of, longer_names_of_others, mentions_of, of_others_too, records_of
from lms.personal_data.switched_off.services import empty_rows, rows_kept
from lms.retention.queries import holds_on, not_held

EVERYTHING_HELD = "personal_data.erase"
"""The name by which a hold on everybody stops erasures too."""


@dataclass(frozen=True)
class Erased:
    """What happened: how many texts of others lost a name, and what was left because others share it."""

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
        yield "This record has already been erased."
        return
    if person.merged_into_id is not None:
        yield "This record was merged into another. Erase that one: this goes with it."
        return
    if work.actor.person_id == person.id:
        yield "You cannot erase your own record. Ask a colleague to do it."
    ids = records_of(work.session, person.id)
    held = holds_on(work.session, ids)
    if held or not work.session.scalar(sa.select(not_held(EVERYTHING_HELD, sa.null()))):
        why = listed([hold.reason for hold in held]) if held else "no one is erased at present"
        yield f"A hold stands: {why}. Lift it first."
    for part in work.site.personal_data:
        for record_id in ids:
            yield from part.prevents(work, record_id)


def erase_person(
    work: Work,
    person: Person,
    *,
    reason: str,
    texts_seen: int | None = None,
    leave: Collection[str] = (),
    elsewhere: bool = True,
) -> Erased:
    """Take away for good what tells who a person was. Their rows stay, and so does every count.

    What other people wrote loses a whole name that can be nothing else, unless it is among those to `leave`; without
    `elsewhere` only the person's own rows are touched. When such texts are many, `texts_seen` says how many somebody
    looked at. Raises Invalid without a reason or a second look, and Conflict when something must be done first.
    """
    if not reason.strip():
        raise Invalid("Enter why this person is being erased: who asked, and when.", field="reason")
    if not work.actor.may("personal_data.erase"):
        raise NotAllowed("Only a business manager erases someone.")
    if elsewhere:
        _lock_what_names(work, person)
    lock_rows(work.session, Person, records_of(work.session, person.id))
    hindrances = what_prevents(work, person)
    if hindrances:
        raise Conflict(" ".join(hindrances))
    if elsewhere:
        _check_looked_at(len(mentions_of(work, person.id).texts), texts_seen)
    return _erase(work, person, reason, leave=leave, elsewhere=elsewhere)


def _lock_what_names(work: Work, person: Person) -> None:
    """Others' texts that may lose words, of tables that everybody locks before people."""
    needles, ids = identity_of(work, person.id).own(), records_of(work.session, person.id)
    for table in sorted(tables_there(work.session), key=lambda each: place_of(each.name)):
        if place_of(table.name) < place_of("person"):
            keys = [row.key[0] for row in rows_naming(work.session, table, needles, ids)]
            (key,) = table.primary_key.columns
            for some in portions(keys):
                work.session.execute(sa.select(key).where(key.in_(some)).order_by(key).with_for_update(key_share=True))


def _check_looked_at(number: int, seen: int | None) -> None:
    """Above a few texts somebody looks twice, at just as many as there are now."""
    if number > LOOK_TWICE_ABOVE and seen != number:
        raise Invalid(
            f"{number:,} texts about other people would lose words. Look at each of them, then confirm that you have.",
            field="texts_seen",
        )


def _erase(work: Work, person: Person, reason: str, *, leave: Collection[str], elsewhere: bool) -> Erased:
    whole = identity_of(work, person.id)
    shared = of_others_too(work.session, whole, person.id)
    ids, own = records_of(work.session, person.id), whole.without(shared)
    _lock_theirs(work, ids)
    there = (
        own.without(leave).elsewhere(longer_names_of_others(work.session, own, person.id)) if elsewhere else Needles()
    )
    with door(work.session, ERASE, now=work.now):
        for part in reversed(work.site.personal_data):
            for record_id in ids:
                part.erase(work, record_id)
        empty_rows(work.session, ids)
        work.session.flush()
        texts = _erase_from_texts(work, ids, own.own(), there)
    work.session.expire_all()
    truncate_log_after(work.session)
    work.record("person erased", person, texts=texts, reason=whole.own().erased_from(reason.strip()))
    left = tuple(sorted({each.casefold() for each in shared}))
    return Erased(person.id, texts, left)


def _lock_theirs(work: Work, ids: Sequence[int]) -> None:
    """What is about them, in the order that everybody keeps: plugins erase in an order of their own."""
    for table in sorted(tables_there(work.session), key=lambda each: place_of(each.name)):
        if place_of("person") < place_of(table.name) < len(ORDER):
            keys = list(table.primary_key.columns)
            theirs = sa.select(*keys).where(about(table, ids)).order_by(*keys)
            work.session.execute(theirs.with_for_update(key_share=True)).all()


def erase_again(work: Work, parts: Sequence[PersonalData]) -> None:
    """Let plugins take away what they kept of people who were erased while they were switched off. Safe to repeat."""
    erased = work.session.scalars(sa.select(Person.id).where(Person.erased_at.is_not(None)).order_by(Person.id)).all()
    with door(work.session, ERASE, now=work.now):
        for part in parts:
            for person_id in (each for one in erased for each in records_of(work.session, one)):
                part.erase(work, person_id)


def _erase_from_texts(work: Work, ids: Sequence[int], here: Needles, there: Needles) -> int:
    """Take `here` out of what is about the person, and `there` out of everything else but what is for everybody.

    How many texts of others were changed.
    """
    changed = 0
    for table in tables_there(work.session):
        kept = kept_columns(work.site.written, table)
        for row in rows_naming(work.session, table, here | there, ids):
            needles = here if row.is_own else there
            after = {
                name: needles.erased_from_json(value)
                for name, value in row.texts.items()
                if name not in kept and not is_link(name)
            }
            new = {name: value for name, value in after.items() if value != row.texts[name]}
            if new:
                keys = zip(table.primary_key.columns, row.key, strict=True)
                changes = folded_with(table, new)
                is_it = (column == value for column, value in keys)
                work.session.execute(sa.update(table).where(*is_it).values(changes))
                changed += 0 if row.is_own else len(new)
    return changed
