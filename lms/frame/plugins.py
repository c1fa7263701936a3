"""THE CONTRACT between host and plugin: a plugin is a value that says what it adds.

The site reads these values once, at the start (`lms.frame.site.assemble`), and refuses to start when something does
not fit.
There is nothing else: no overriding of templates or functions, no import of a plugin by the host.
`docs/writing-a-plugin.md` explains each part by an example that is tested.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, time, timedelta
from enum import StrEnum
from typing import Any

from flask import Blueprint

from lms.frame.access import Role
from lms.frame.work import Recorded, Work
from lms.kit.errors import NotFound
from lms.kit.figures import Cell, Question, SectionContent

NUMBER = re.compile(r"[0-9]{1,9}", re.ASCII)


@dataclass(frozen=True)
class Permission:
    """Something that a person may do. `name` is `<plugin>.<verb>`; `words` complete "may ...".

    The site refuses a permission that guards nothing, unless queries or services ask for it (`is_asked_in_code`).
    One that `is_for_people` is never held by a token of the API, whatever its role.
    """

    name: str
    words: str
    roles: frozenset[Role]
    is_asked_in_code: bool = False
    is_for_people: bool = False


class MenuGroup(StrEnum):
    """The words under which lines of the menu fold together, so that its top row stays one row."""

    LEARNING = "Learning"
    PEOPLE = "People"
    SURVEYS = "Surveys"
    RESULTS = "Results"
    OFFICE = "Office"


@dataclass(frozen=True)
class MenuItem:
    """A line of the menu, seen by those who hold the permission; `permission=None` is for everybody.

    A menu item without `position` would jump about: lower comes first, the host's own are multiples of 10. A line in
    a `group` stands under its word, which comes where its first line would; without, it stands in the top row.
    The line is current on its own page and on those whose addresses begin with its own; `also` names more beginnings.
    """

    title: str
    endpoint: str
    permission: str | None
    position: int
    group: MenuGroup | None = None
    also: tuple[str, ...] = ()


@dataclass(frozen=True)
class Setting:
    """A choice of the installation, read from the environment at the start.

    `name` is `<plugin>.<setting>`; `courses.letter_days` is typed as LMS_COURSES_LETTER_DAYS. `read` turns the text
    into a value and raises ValueError; `words` say what it should be.
    """

    name: str
    words: str
    default: Any
    read: Callable[[str], Any]

    @property
    def environment_name(self) -> str:
        return "LMS_" + self.name.replace(".", "_").upper()


@dataclass(frozen=True)
class Job:
    """Recurring work, safe to run twice. Either `every` so often, or `daily_at` a London wall time."""

    name: str
    words: str
    run: Callable[[Work], None]
    every: timedelta | None = None
    daily_at: time | None = None


@dataclass(frozen=True)
class Listener:
    """`hear(work, fact)` is called for each fact of this very class, inside the transaction that told it."""

    fact: type
    hear: Callable[[Work, Any], None]


@dataclass(frozen=True)
class PanelContent:
    """What a panel shows: a template of the plugin and plain values for it."""

    template: str
    context: Mapping[str, Any]


@dataclass(frozen=True)
class Panel:
    """A box that a plugin adds to another's page. `place` is named by that page, `people.person`.

    `show(work, thing_id)` answers None when it has nothing to say to this reader.
    """

    place: str
    show: Callable[[Work, int], PanelContent | None]


@dataclass(frozen=True)
class Column:
    """A column of a CSV kind. A key column identifies the row; a required one may not be empty."""

    name: str
    is_key: bool = False
    is_required: bool = False


@dataclass(frozen=True)
class Change:
    """What one row of an import does: "added", "changed" (with the columns that differ) or "unchanged".

    With `thing`, the import writes the audit's line for the row, `before` telling what its columns said; a reader
    then records nothing itself. (20,000 rows are one INSERT, and every kind is told in the same way.)
    """

    what: str
    columns: tuple[str, ...] = ()
    thing: Recorded | None = None
    before: Mapping[str, str] = field(default_factory=dict)


ADDED = Change("added")
UNCHANGED = Change("unchanged")
RowReader = Callable[[Mapping[str, str]], Change]


@dataclass(frozen=True)
class Import:
    """A kind of CSV file, in and out.

    `reader(work, rows)` looks up once what all rows need and answers a function that is called for each row, in the
    file's order; it writes through `work` and answers the Change, or raises Invalid with `field` naming the column.
    `lms.tables.cells` reads and writes cells. Key and required columns are never empty there, and keys come once.
    Nothing is saved when any row is refused, nor in a dry run. `export(work)` yields rows as `columns` names them.
    `position` orders kinds that need each other (agencies 10, people 20, courses 30, events 40, bookings 50).
    """

    kind: str
    words: str
    columns: tuple[Column, ...]
    reader: Callable[[Work, list[Mapping[str, str]]], RowReader]
    export: Callable[[Work], Iterable[Mapping[str, str]]]
    permission: str
    position: int


@dataclass(frozen=True)
class Export:
    """A table that leaves as CSV and XLSX, one flat row each, as a list on screen shows it to whoever asks.

    Kinds of `Import` leave too and need none of these. `rows(work)` yields a cell for each of `columns`; what counts
    people hides small numbers from those who are not entitled to rows, by the very function that the page uses.
    """

    kind: str
    words: str
    permission: str
    columns: tuple[str, ...]
    rows: Callable[[Work], Iterable[Mapping[str, Cell]]]


@dataclass(frozen=True)
class Asked:
    """What another system sent: the names in the `path`, and `query` and `body` as the operation's shapes."""

    path: Mapping[str, str]
    query: Any = None
    body: Any = None

    def number(self, name: str) -> int:
        """A record's number out of the path. Raises NotFound for what cannot be one."""
        if NUMBER.fullmatch(self.path[name]) is None:
            raise NotFound("There is no such thing. Check the number in the address.")
        return int(self.path[name])


@dataclass(frozen=True)
class Operation:
    """One thing that another system can ask of the JSON API: the one source of its route, its checks and its document.

    `name` is `<plugin>.<verb>`, `path` is under /api/v1 (`/events/{event_id}`). `query`, `body` and `answer` are shapes
    (`lms.api.shapes`). `permission` is what the token's role must hold; None: any token. `run(work, asked)` answers the
    `answer` shape, or raises a refusal. All but GET write: they need a token that may, and a repeat with the same
    Idempotency-Key answers the same.
    """

    name: str
    method: str
    path: str
    words: str
    answer: Any
    run: Callable[[Work, Asked], Any]
    permission: str | None = None
    query: Any = None
    body: Any = None
    status: int = 200


@dataclass(frozen=True)
class ToldFact:
    """A fact that other systems may follow by webhook, called `<plugin>.<what_happened>`.

    `tell(work, fact)` answers plain JSON values as far as `work.actor` may know them: ids and references, never more
    of a person. None: this reader hears nothing of it. It is asked when the fact is told, and again when it is sent.
    """

    name: str
    words: str
    fact: type
    permission: str
    tell: Callable[[Work, Any], Mapping[str, Any] | None]


@dataclass(frozen=True)
class Check:
    """Something that must be true. `find(work)` names what breaks it, one line each; nothing means that all is well."""

    name: str
    words: str
    find: Callable[[Work], Iterable[str]]


class ReportPart(StrEnum):
    """The three questions that a yearly report answers, in this order."""

    HOW_MUCH = "how_much"
    HOW_WELL = "how_well"
    DIFFERENCE = "difference"


@dataclass(frozen=True)
class ReportSection:
    """Figures that a plugin adds to reports. `gather(work, question)` answers them in a fixed number of queries.

    The reader may be a chair or a scrutineer: a section hides small numbers of people, and names nobody.
    """

    name: str
    title: str
    part: ReportPart
    position: int
    gather: Callable[[Work, Question], SectionContent]


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


@dataclass(frozen=True)
class Retention:
    """Something kept only for a time. `run(work)` removes what is past it and answers how many.

    What a hold covers stays: `lms.retention.queries.not_held(name, person_column)` is the condition for that.
    """

    name: str
    words: str
    run: Callable[[Work], int]


@dataclass(frozen=True)
class PersonalData:
    """What a plugin keeps of people. Mandatory for a plugin with a table that names a person.

    `export(work, person_id)` answers plain JSON values by heading, only such as `work.actor` may know of.
    `erase(work, person_id)` takes away what tells who they were and leaves every count as it is; `prevents(work,
    person_id)` says in sentences what must be done first. `tables` names the tables that these answer for.

    Plugins erase before those that they require, and the person's own record is last. After all of them the host looks
    through every text column for the person's names, addresses and reference and takes those out (`lms.personal_data`);
    a plugin need only care for what it alone knows to be about the person.
    """

    tables: tuple[str, ...]
    export: Callable[[Work, int], Mapping[str, Any]]
    erase: Callable[[Work, int], None]
    retention: tuple[Retention, ...] = ()
    prevents: Callable[[Work, int], Iterable[str]] = lambda _work, _person_id: ()


@dataclass(frozen=True)
class WaitingLine:
    """What waits for a person today: how many, in words for one and for many, and the page where it is done."""

    number: int
    one: str
    many: str
    url: str
    note: str = ""
    is_urgent: bool = False


@dataclass(frozen=True)
class Waiting:
    """What a plugin puts on the desk of those who hold a permission. `find(work)` answers lines."""

    name: str
    permission: str
    position: int
    find: Callable[[Work], Iterable[WaitingLine]]


@dataclass(frozen=True)
class Demonstration:
    """Invented records for the demonstration partnership, loaded in `position` order; deterministic."""

    load: Callable[[Work], None]
    position: int


@dataclass(frozen=True)
class Plugin:
    """Everything that a plugin adds. Read a plugin's `plugin.py` first."""

    name: str
    title: str
    requires: tuple[str, ...] = ()
    blueprints: tuple[Blueprint, ...] = ()
    permissions: tuple[Permission, ...] = ()
    menu: tuple[MenuItem, ...] = ()
    settings: tuple[Setting, ...] = ()
    jobs: tuple[Job, ...] = ()
    listeners: tuple[Listener, ...] = ()
    panels: tuple[Panel, ...] = ()
    imports: tuple[Import, ...] = ()
    exports: tuple[Export, ...] = ()
    operations: tuple[Operation, ...] = ()
    told_facts: tuple[ToldFact, ...] = ()
    checks: tuple[Check, ...] = ()
    demonstrations: tuple[Demonstration, ...] = ()
    report_sections: tuple[ReportSection, ...] = ()
    mailing_lists: tuple[MailingList, ...] = ()
    record_sources: tuple[RecordSource, ...] = ()
    waiting: tuple[Waiting, ...] = ()
    personal_data: PersonalData | None = field(default=None)
