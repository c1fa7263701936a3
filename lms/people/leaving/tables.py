"""The column `left_on` of a file of people: who has left, who is back, and what becomes of what they leave behind."""

from collections.abc import Callable, Collection, Iterable, Mapping
from datetime import date

from lms.frame import cells
from lms.frame.work import Work
from lms.kit.errors import Invalid, Refused
from lms.kit.words import long_date
from lms.kit.working_days import london_date
from lms.people.leaving.services import leave_as_usual
from lms.people.models import Person
from lms.people.rules import why_not_decide
from lms.people.services import come_back

Row = Mapping[str, str]
Said = tuple[str, ...]
"""What becomes of what somebody leaves behind, in sentences."""

NOT_YET = "{name} leaves on {day}. Nothing is noted before: send the file again on that day or later."
NOTHING_OPEN = "Nothing is open."
IS_BACK = "{name} is back: they can sign in again, with the roles that they had."
ASK = "Leave the day as it is here, and ask on the person’s page."


def read_left_on(
    work: Work, people: Mapping[str, Person], entrusted: Collection[int], rows: Iterable[Row]
) -> Callable[[Person, Row], Said]:
    """All who leave do so at once, locked in the one order, before anything else of the rows is read.

    The function that is answered raises Invalid at the column. A file without it changes nothing.
    """
    told = [(people[ref], row) for row in rows if "left_on" in row and (ref := cells.text(row, "ref")) in people]
    changing = [(person, row) for person, row in told if row["left_on"].strip() != cells.said_date(person.left_on)]
    leavers = {person: day for person, row in changing if (day := _leaves_on(work, person, row, entrusted)) is not None}
    left: Mapping[int, Said | Invalid] = {}
    if changing:
        left = leave_as_usual(work, leavers, [person.id for person in people.values()])
    done = {person.id: _tried(work, person, row, entrusted, left) for person, row in changing}

    def said(person: Person, row: Row) -> Said:
        found = done.get(person.id, ()) if person.id is not None else _tried(work, person, row, entrusted, left)
        if isinstance(found, Invalid):
            raise found
        return found

    return said


def _leaves_on(work: Work, person: Person, row: Row, entrusted: Collection[int]) -> date | None:
    """The day on which a row says that somebody who is here has left, where nothing in it stands in the way."""
    try:
        day = cells.iso_date(row, "left_on")
    except Invalid:
        return None
    has_been = day is not None and day <= london_date(work.now) and person.is_here
    return day if has_been and not why_not_decide(work.actor, {person.id} & set(entrusted)) else None


def _tried(
    work: Work, person: Person, row: Row, entrusted: Collection[int], left: Mapping[int, Said | Invalid]
) -> Said | Invalid:
    try:
        return _note(work, person, row, entrusted, left)
    except Refused as refusal:
        return Invalid(refusal.words, field="left_on")


def _note(work: Work, person: Person, row: Row, entrusted: Collection[int], left: Mapping[int, Said | Invalid]) -> Said:
    if person.id in left:
        usual = left[person.id]
        if isinstance(usual, Invalid):
            raise usual
        return tuple(f"{person.name} leaves. {each}" for each in usual or (NOTHING_OPEN,))
    left_on, is_new = cells.iso_date(row, "left_on") if "left_on" in row else None, person.id is None
    if left_on is not None and left_on > london_date(work.now):
        return (NOT_YET.format(name=row.get("name") or person.name, day=long_date(left_on)),)
    if words := why_not_decide(work.actor, {person.id} & set(entrusted)):
        raise Invalid(f"{words} {ASK}")
    if is_new or left_on is not None:
        person.left_on = left_on
        return ()
    come_back(work, person)
    return (IS_BACK.format(name=person.name),)
