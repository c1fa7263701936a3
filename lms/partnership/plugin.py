"""What the partnership's own pages add to the site."""

from lms.frame.access import Role
from lms.frame.plugins import Check, Demonstration, MenuGroup, MenuItem, PanelPlace, Permission, Plugin
from lms.partnership.checks import names_that_nobody_has, telephones_that_are_none
from lms.partnership.demonstration import load
from lms.partnership.views import bp

PLUGIN = Plugin(
    name="partnership",
    title="The partnership",
    places=(PanelPlace("partnership.settings", "The list of settings, a line each (the number is 0)", is_list=True),),
    blueprints=(bp,),
    permissions=(
        Permission(
            name="partnership.manage",
            words="change the partnership’s settings",
            roles=frozenset({Role.COORDINATOR, Role.BUSINESS_MANAGER}),
        ),
    ),
    menu=(
        MenuItem(
            "Settings",
            "partnership.settings",
            "partnership.manage",
            position=80,
            group=MenuGroup.OFFICE,
            also=("/policies", "/retention", "/tokens", "/webhooks", "/lists", "/tables"),
        ),
        MenuItem("Help", "partnership.how_to", None, position=90),
    ),
    demonstrations=(Demonstration(load, 10),),
    checks=(
        Check("partnership.names", "no name of the partnership would do harm in an email", names_that_nobody_has),
        Check("partnership.telephones", "Every telephone of the partnership is a number", telephones_that_are_none),
    ),
)
