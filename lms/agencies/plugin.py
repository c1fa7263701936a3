"""What agencies add to the site."""

from lms.agencies.checks import names_that_nobody_has, successors_that_lead_nowhere
from lms.agencies.demonstration import load
from lms.agencies.tables import IMPORT
from lms.agencies.views import bp
from lms.frame.access import Role
from lms.frame.plugins import Check, Demonstration, MenuGroup, MenuItem, PanelPlace, Permission, Plugin

PLUGIN = Plugin(
    name="agencies",
    title="Agencies",
    places=(PanelPlace("agencies.agency", "The page of an agency, by its id"),),
    blueprints=(bp,),
    permissions=(
        Permission(
            name="agencies.manage",
            words="add and change agencies, sectors and role groups",
            roles=frozenset({Role.COORDINATOR, Role.BUSINESS_MANAGER}),
        ),
    ),
    menu=(MenuItem("Agencies", "agencies.agencies", "agencies.manage", position=35, group=MenuGroup.PEOPLE),),
    imports=(IMPORT,),
    checks=(
        Check("agencies.successors", "Merged agencies are closed and lead to one", successors_that_lead_nowhere),
        Check("agencies.names", "no name of an agency would do harm in an email's head", names_that_nobody_has),
    ),
    demonstrations=(Demonstration(load, 20),),
)
