"""What briefings add to the site: read this first."""

from briefings import checks
from briefings.approving.views import bp as approving
from briefings.demonstration import load
from briefings.library.views import bp as library
from briefings.library.views import course_panel
from briefings.permissions import PERMISSIONS
from briefings.personal_data import PERSONAL_DATA
from briefings.sending import plugin as distribution
from briefings.told import TOLD_FACTS
from briefings.waiting import WAITING
from briefings.writing.recalling.services import recall_for_embargo
from briefings.writing.recalling.views import bp as recalling
from briefings.writing.views import bp as writing
from lms.frame.plugins import (
    Check,
    Demonstration,
    Listener,
    MenuGroup,
    MenuItem,
    Panel,
    PanelPlace,
    Plugin,
    Setting,
    Written,
)
from reviews.facts import EmbargoSet


def some_words(typed: str) -> str:
    """A name."""
    if not typed.strip():
        raise ValueError(typed)
    return typed.strip()


PLUGIN = Plugin(
    name="briefings",
    package=__package__,
    title="7-minute briefings",
    requires=("courses",),
    places=(
        PanelPlace("briefings.briefing", "A briefing as everyone reads it, by its id"),
        PanelPlace("briefings.desk", "The same briefing as its writers manage it"),
    ),
    blueprints=(library, writing, approving, recalling, *distribution.BLUEPRINTS),
    permissions=(*PERMISSIONS, *distribution.PERMISSIONS),
    told_facts=TOLD_FACTS,
    menu=(MenuItem("Briefings", "library.library", None, 14, group=MenuGroup.LEARNING), *distribution.MENU),
    settings=(
        Setting(
            "briefings.sub_group",
            "the name of the sub-group that approves briefings, after “the”",
            "Learning and Improvement sub-group",
            some_words,
        ),
    ),
    jobs=distribution.JOBS,
    listeners=(Listener(EmbargoSet, recall_for_embargo), *distribution.LISTENERS),
    panels=(Panel("courses.course", course_panel), *distribution.PANELS),
    checks=(
        Check("briefings.embargo", "No briefing is out while an embargo stands behind it", checks.out_under_embargo),
        Check("briefings.second_person", "No one checked or approved their own words", checks.passed_by_a_writer),
        Check("briefings.parts", "Every 7-minute briefing has seven parts", checks.seven_parts),
        *distribution.CHECKS,
    ),
    demonstrations=(Demonstration(load, 70), *distribution.DEMONSTRATIONS),
    links=distribution.LINKS,
    report_sections=distribution.REPORT_SECTIONS,
    record_sources=distribution.RECORD_SOURCES,
    mailing_lists=(distribution.LIST,),
    waiting=WAITING,
    personal_data=PERSONAL_DATA,
    written=(Written("briefing_part", "briefings"), Written("briefing_version", "briefings")),
)
