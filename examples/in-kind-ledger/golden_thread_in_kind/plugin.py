"""What the ledger adds to the site: read this first."""

from golden_thread_in_kind.demonstration import load
from golden_thread_in_kind.letters import EXAMPLES
from golden_thread_in_kind.personal_data import PERSONAL_DATA
from golden_thread_in_kind.rules import Kind
from golden_thread_in_kind.sections import SECTIONS
from golden_thread_in_kind.tables import IMPORT
from golden_thread_in_kind.views import bp, person_panel
from lms.frame.access import Role
from lms.frame.plugins import Demonstration, MenuGroup, MenuItem, Panel, Permission, Plugin, Setting

OFFICE = frozenset({Role.COORDINATOR, Role.BUSINESS_MANAGER, Role.FINANCE})


def whole_pounds(typed: str) -> int:
    if int(typed) < 0:
        raise ValueError
    return int(typed)


PLUGIN = Plugin(
    name="in_kind",
    title="In-kind ledger",
    package=__package__,
    contract="1.0",
    requires=("courses",),
    blueprints=(bp,),
    permissions=(
        Permission("in_kind.see", "see what agencies give and use", OFFICE | {Role.AGENCY_LEAD}),
        Permission("in_kind.record", "note what agencies give", OFFICE),
    ),
    menu=(MenuItem("In kind", "in_kind.ledger", "in_kind.see", 65, group=MenuGroup.OFFICE),),
    settings=tuple(
        Setting(f"in_kind.pounds_for_{kind}", "whole pounds, 0 or more", default=pounds, read=whole_pounds)
        for kind, pounds in ((Kind.TRAINER, 175), (Kind.ROOM, 120), (Kind.PLACES, 60))
    ),
    panels=(Panel("people.person", person_panel),),
    letters=EXAMPLES,
    imports=(IMPORT,),
    report_sections=SECTIONS,
    demonstrations=(Demonstration(load, 95),),
    personal_data=PERSONAL_DATA,
)
