"""Somebody leaves, and all that they would leave behind is settled in the same step."""

from collections.abc import Collection, Iterable, Mapping
from datetime import date

from lms.frame.db import Base
from lms.frame.locks import lock_rows, place_of
from lms.frame.plugins import LeavingChoice, LeftOpen
from lms.frame.work import Work
from lms.kit.errors import Invalid, Refused
from lms.people.facts import PeopleLeft, PersonLeft
from lms.people.leaving.queries import (
    Chosen,
    LeftBehind,
    choice_field,
    each_thing,
    left_behind,
    left_behind_by,
    receiver_field,
    receiver_of,
)
from lms.people.models import Person
from lms.people.services import mark_all_left, mark_left


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
    _lock_for(work, left_behind(work, person.id), {person.id, *receivers.values()})
    mark_left(work, person, on=on)
    _settle(work, person, left_behind(work, person.id), chosen, receivers)
    work.tell(PeopleLeft((person.id,)))


def leave_as_usual(
    work: Work, leavers: Mapping[Person, date], others: Iterable[int] = ()
) -> dict[int, tuple[str, ...] | Invalid]:
    """As a file or another system says it: what they leave behind gets its usual end. What that is in words, by id.

    The one service for files (`lms.people.tables`) and for other systems; in a transaction that is rolled back it is
    the dry run. All leave together: looked up, locked beside the `others`, and looked up again under the locks, so
    that what is asked does not grow with who leaves. What stands in the way of one (an entrusted record, the last
    coordinator, a day to come) is answered instead, as Invalid at `left_on`.
    """
    ids = [person.id for person in leavers]
    before = left_behind_by(work, ids)
    _lock_for(work, [each for behind in before.values() for each in behind], {*ids, *others})
    refused: dict[int, Refused] = mark_all_left(work, leavers)
    going = [person for person in leavers if person.id not in refused]
    behind = left_behind_by(work, [person.id for person in going])
    done: dict[int, tuple[str, ...]] = {}
    for person in going:
        try:
            done[person.id] = _settle(work, person, behind[person.id], {}, {})
        except Refused as refusal:
            refused[person.id] = refusal
    if done:
        work.tell(PeopleLeft(tuple(done)))
    return {**done, **{each: Invalid(why.words, field="left_on") for each, why in refused.items()}}


def _settle(
    work: Work,
    person: Person,
    behind: Collection[LeftBehind],
    chosen: Mapping[str, Chosen],
    receivers: Mapping[str, int],
) -> tuple[str, ...]:
    """Each thing as was chosen for it, or as usual; then it is told that they have left. Each thing in words."""
    said = []
    for kind, thing in each_thing(behind):
        what = chosen[thing.key].what if thing.key in chosen else thing.usual
        if what not in thing.choices:
            raise Invalid("You can no longer choose this. Choose again.", field=choice_field(thing.key))
        said.append(f"{thing.words}. {thing.choices[what]}.")
        try:
            kind.settle(work, thing, what, receivers.get(thing.key) if what is LeavingChoice.GIVE else None)
        except Invalid as refusal:
            at = receiver_field(thing.key) if what is LeavingChoice.GIVE else choice_field(thing.key)
            raise Invalid(refusal.words, field=at) from refusal
    work.tell(PersonLeft(person.id, tuple(said)))
    return tuple(said)


def _lock_for(work: Work, behind: Iterable[LeftBehind], people: Iterable[int]) -> None:
    """All rows that settling these needs, table by table in the order that everybody keeps."""
    wanted: dict[type[Base], set[int]] = {Person: set(people)}
    for _, thing in each_thing(behind):
        _want(wanted, thing)
    for model in sorted(wanted, key=lambda each: place_of(each.__tablename__)):
        lock_rows(work.session, model, wanted[model])


def _want(wanted: dict[type[Base], set[int]], thing: LeftOpen) -> None:
    for model, row_id in thing.locks:
        wanted.setdefault(model, set()).add(row_id)
