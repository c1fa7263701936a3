"""THE CONTRACT between host and plugin: a plugin is a value that says what it adds.

The site reads these values once, at the start (`lms.frame.site.assemble`), and refuses to start when something does
not fit.
There is nothing else: no overriding of templates or functions, no import of a plugin by the host.
`docs/writing-a-plugin.md` explains each part by an example that is tested.
"""

from dataclasses import dataclass, field

from flask import Blueprint

from lms.frame.plugins.files import ADDED, UNCHANGED, Change, Column, Export, Import, RowReader
from lms.frame.plugins.happenings import (
    Answer,
    Check,
    Demonstration,
    Job,
    Keyed,
    LinksOut,
    Listener,
    Mend,
    OwnLinks,
    Portion,
    StillTrue,
)
from lms.frame.plugins.pages import (
    MenuGroup,
    MenuItem,
    Panel,
    PanelContent,
    PanelPlace,
    Permission,
    Setting,
    Waiting,
    WaitingLine,
)
from lms.frame.plugins.people import (
    Leaving,
    LeavingChoice,
    LeftOpen,
    LetterExample,
    MailingList,
    PersonalData,
    RecordEntry,
    RecordSource,
    Retention,
    StillNeeded,
    Written,
)
from lms.frame.plugins.reports import ReportPart, ReportSection
from lms.frame.plugins.systems import Asked, Operation, ToldFact

__all__ = [
    "ADDED",
    "CONTRACT",
    "UNCHANGED",
    "Answer",
    "Asked",
    "Change",
    "Check",
    "Column",
    "Demonstration",
    "Export",
    "Import",
    "Job",
    "Keyed",
    "Leaving",
    "LeavingChoice",
    "LeftOpen",
    "LetterExample",
    "LinksOut",
    "Listener",
    "MailingList",
    "Mend",
    "MenuGroup",
    "MenuItem",
    "Operation",
    "OwnLinks",
    "Panel",
    "PanelContent",
    "PanelPlace",
    "Permission",
    "PersonalData",
    "Plugin",
    "Portion",
    "RecordEntry",
    "RecordSource",
    "ReportPart",
    "ReportSection",
    "Retention",
    "RowReader",
    "Setting",
    "StillNeeded",
    "StillTrue",
    "ToldFact",
    "Waiting",
    "WaitingLine",
    "Written",
]


CONTRACT = "1.2"
"""The version of this contract. The second number rises when something is added, the first when something that a plugin
may rely on is taken away or means something else. A plugin for 1.2 starts on 1.2 and every later 1."""


@dataclass(frozen=True)
class Plugin:
    """Everything that a plugin adds. Read a plugin's `plugin.py` first.

    `package` is the Python package that it comes in, `__package__`: its models are the plugin's tables, and in it lie
    `templates/`, `static/` and `migrations/`. `contract` is the version of the contract that it was written for; those
    that come with the host are always of this very one.
    """

    name: str
    title: str
    package: str | None = None
    contract: str = ""
    requires: tuple[str, ...] = ()
    blueprints: tuple[Blueprint, ...] = ()
    permissions: tuple[Permission, ...] = ()
    menu: tuple[MenuItem, ...] = ()
    settings: tuple[Setting, ...] = ()
    jobs: tuple[Job, ...] = ()
    listeners: tuple[Listener, ...] = ()
    still_true: tuple[StillTrue, ...] = ()
    own_links: tuple[OwnLinks, ...] = ()
    answers: tuple[Answer, ...] = ()
    panels: tuple[Panel, ...] = ()
    places: tuple[PanelPlace, ...] = ()
    letters: tuple[LetterExample, ...] = ()
    imports: tuple[Import, ...] = ()
    exports: tuple[Export, ...] = ()
    operations: tuple[Operation, ...] = ()
    told_facts: tuple[ToldFact, ...] = ()
    checks: tuple[Check, ...] = ()
    keyed: tuple[Keyed, ...] = ()
    links: tuple[LinksOut, ...] = ()
    demonstrations: tuple[Demonstration, ...] = ()
    report_sections: tuple[ReportSection, ...] = ()
    mailing_lists: tuple[MailingList, ...] = ()
    record_sources: tuple[RecordSource, ...] = ()
    leaving: tuple[Leaving, ...] = ()
    waiting: tuple[Waiting, ...] = ()
    personal_data: PersonalData | None = field(default=None)
    written: tuple[Written, ...] = ()
