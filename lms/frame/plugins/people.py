"""What concerns one person: letters that they choose, their training record, and what is kept of them."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

import sqlalchemy as sa

from lms.frame.db import Base
from lms.frame.work import Work


@dataclass(frozen=True)
class LetterExample:
    """A kind of letter that a plugin sends, with a context as it would have: by this, checks can read the letter.

    `kind` is `<plugin>.<letter>`; its words are in `templates/email/<plugin>/<letter>/`. A kind that reads differently
    in different cases has an example for each.
    """

    kind: str
    context: Mapping[str, Any]


@dataclass(frozen=True)
class MailingList:
    """Letters that people may choose: every one, those meant for them, none. `title` and `words` say what they are.

    A `ForMany` letter that names the list goes to nobody who left it, and has the headers to leave by one click.
    """

    name: str
    title: str
    words: str


@dataclass(frozen=True)
class RecordEntry:
    """Something that a person did without a booking: a line of their training record.

    `outcome` says what, in a word or two: "Read", "Discussed"; `url` leads to the thing, "" when it is gone.
    """

    title: str
    on: date
    outcome: str
    url: str = ""
    agency: str = ""
    cpd_minutes: int = 0


@dataclass(frozen=True)
class RecordSource:
    """Entries for the training record of a person. `entries(work, person_id)` answers them in any order."""

    name: str
    entries: Callable[[Work, int], Iterable[RecordEntry]]


class LeavingChoice(StrEnum):
    """What becomes of something that somebody who leaves would leave behind."""

    END = "end"  # released, taken off, asked of others
    GIVE = "give"  # somebody else has it from here on
    KEEP = "keep"


@dataclass(frozen=True)
class LeftOpen:
    """One thing that somebody who leaves would leave behind: a place on a coming event, an action that they owe.

    `key` is its own (`courses.booking:17`), `words` say what it is. `choices` are what can become of it, each with its
    words; the first is what happens where nobody chooses, as when a file says who has left. `receiver` says who can be
    given it. `locks` are the rows to be locked before it is settled, as (model, id).
    """

    key: str
    words: str
    choices: Mapping[LeavingChoice, str]
    receiver: str = ""
    locks: tuple[tuple[type[Base], int], ...] = ()

    @property
    def usual(self) -> LeavingChoice:
        """What happens where nobody chooses."""
        return next(iter(self.choices))


@dataclass(frozen=True)
class Leaving:
    """Things of one kind that a person who leaves would leave behind; `title` is their heading.

    `find(work, person_id)` answers what there is now, `settle(work, thing, choice, receiver_id)` does what was chosen,
    with the rows locked and the person marked as having left; `receiver_id` is whom it is given to, by `GIVE` alone.
    `find_many(work, person_ids)` answers it for several who leave together, each with whose it is, in as many queries
    as for one (`Leaving.of_many`); where a plugin has none, `find` is asked for each.
    """

    name: str
    title: str
    find: Callable[[Work, int], Iterable[LeftOpen]]
    settle: Callable[[Work, LeftOpen, LeavingChoice, int | None], None]
    find_many: Callable[[Work, Collection[int]], Iterable[tuple[int, LeftOpen]]] | None = None

    @classmethod
    def of_many(
        cls,
        name: str,
        title: str,
        find_many: Callable[[Work, Collection[int]], Iterable[tuple[int, LeftOpen]]],
        settle: Callable[[Work, LeftOpen, LeavingChoice, int | None], None],
    ) -> "Leaving":
        """A kind whose things are found for several people at once."""
        return cls(name, title, lambda work, one: [thing for _, thing in find_many(work, [one])], settle, find_many)

    def found(self, work: Work, person_ids: Collection[int]) -> Iterator[tuple[int, LeftOpen]]:
        """What there is now of these people, each with whose it is."""
        if self.find_many is not None:
            yield from self.find_many(work, person_ids)
        else:
            yield from ((each, thing) for each in person_ids for thing in self.find(work, each))


@dataclass(frozen=True)
class Retention:
    """Something kept only for a time. `run(work)` removes what is past it and answers how many.

    What a hold covers stays: `lms.retention.queries.not_held(name, person_column)` is the condition for that.
    """

    name: str
    words: str
    run: Callable[[Work], int]


@dataclass(frozen=True)
class StillNeeded:
    """Rows of another plugin that stay whole beyond their time, because this plugin is not done with them.

    `by` is the name of the retention that would remove them; `ids()` selects their ids.
    """

    by: str
    ids: Callable[[], sa.Select[int]]


@dataclass(frozen=True)
class Written:
    """A table of what is written for everybody: a catalogue, questions, briefings. `words` say what it is.

    Erasing somebody never changes it; whoever erases is shown where the person may be named in it. `columns` are those
    of its texts for which that is so; all of them, where none is named.
    """

    table: str
    words: str
    columns: tuple[str, ...] = ()


@dataclass(frozen=True)
class PersonalData:
    """What a plugin keeps of people. Mandatory for a plugin with a table that names a person.

    `export(work, person_id)` answers plain JSON values by heading, only such as `work.actor` may know of.
    `erase(work, person_id)` takes away what tells who they were and leaves every count as it is; `prevents(work,
    person_id)` says in sentences what must be done first. `tables` names the tables that these answer for.

    Plugins erase before those that they require, and the person's own record is last. After all of them the host takes
    what can be nothing but this person out of every text (`lms.personal_data`), but for what a plugin declares as
    `Written`; a plugin need only care for what it alone knows to be about the person. `not_shown` names tables whose
    words few may read: whoever erases is told that the person is named there, never how.
    """

    tables: tuple[str, ...]
    export: Callable[[Work, int], Mapping[str, Any]]
    erase: Callable[[Work, int], None]
    retention: tuple[Retention, ...] = ()
    prevents: Callable[[Work, int], Iterable[str]] = lambda _work, _person_id: ()
    still_needed: tuple[StillNeeded, ...] = ()
    not_shown: tuple[str, ...] = ()
