"""Somebody leaves, and all that they would leave behind is settled in the same step."""

from collections.abc import Collection, Iterable, Mapping
from datetime import date

from lms.frame.db import Base
from lms.frame.locks import lock_rows, place_of
from lms.frame.plugins import LeavingChoice, LeftOpen
from lms.frame.work import Work
from lms.kit.errors import Invalid, Refused
from lms.people.facts import PersonLeft
from lms.people.leaving.queries import (
    Chosen,
    choice_field,
    each_thing,
    left_behind,
    receiver_field,
    receiver_of,
    usual_ends,
)
from lms.people.models import Person
from lms.people.services import mark_left


def leave(work: Work, person: Person, *, on: date, chosen: Mapping[str, Chosen] | None = None) -> None:
    """They have left. Whatever nobody chose for, its usual end.

    Raises Invalid, at the field that the page has for the thing, for somebody who cannot be given it.
    """
    chosen = chosen or {}
    receivers = {
        key: receiver_of(work.session, each.receiver, leaver_id=person.id, field=receiver_field(key)).id
        for key, each in chosen.items()
        if each.what is LeavingChoice.GIVE
    }
    behind = left_behind(work, person.id)
    lock_for(work, (thing for _, thing in each_thing(behind)), {person.id, *receivers.values()})
    mark_left(work, person, on=on)
    for kind, thing in each_thing(left_behind(work, person.id)):
        what = chosen[thing.key].what if thing.key in chosen else thing.usual
        if what not in thing.choices:
            raise Invalid("This can no longer be chosen. Choose again.", field=choice_field(thing.key))
        try:
            kind.settle(work, thing, what, receivers.get(thing.key) if what is LeavingChoice.GIVE else None)
        except Invalid as refusal:
            at = receiver_field(thing.key) if what is LeavingChoice.GIVE else choice_field(thing.key)
            raise Invalid(refusal.words, field=at) from refusal
    work.tell(PersonLeft(person.id))


def leave_as_usual(work: Work, person: Person, *, on: date) -> tuple[str, ...]:
    """As a file or another system says it: what they leave behind gets its usual end. Answers what that is, in words.

    The one service for files (`lms.people.tables`) and for the API; in a transaction that is rolled back it is the dry
    run. Whoever notes several in one transaction calls `lock_leavers` first. Raises Invalid at `left_on` whatever
    stands in the way: a record that is entrusted and not this actor's to change, the last coordinator, a day to come.
    """
    try:
        usual = usual_ends(work, person.id)
        leave(work, person, on=on)
    except Refused as refusal:
        raise Invalid(refusal.words, field="left_on") from refusal
    return usual


def lock_leavers(work: Work, leaver_ids: Collection[int], others: Iterable[int] = ()) -> None:
    """All that these people would leave behind, and the records of others that are changed beside, in the one order."""
    found = [left_behind(work, each) for each in sorted(leaver_ids)]
    lock_for(work, (thing for behind in found for _, thing in each_thing(behind)), {*leaver_ids, *others})


def lock_for(work: Work, things: Iterable[LeftOpen], people: Iterable[int]) -> None:
    """All rows that settling these needs, table by table in the order that everybody keeps."""
    wanted: dict[type[Base], set[int]] = {Person: set(people)}
    for thing in things:
        for model, row_id in thing.locks:
            wanted.setdefault(model, set()).add(row_id)
    for model in sorted(wanted, key=lambda each: place_of(each.__tablename__)):
        lock_rows(work.session, model, wanted[model])
