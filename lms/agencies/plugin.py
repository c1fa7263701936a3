"""What agencies add to the site."""

from lms.access import Role
from lms.agencies.demonstration import load
from lms.agencies.tables import IMPORT
from lms.agencies.views import bp
from lms.groups.views import bp as groups
from lms.plugins import Demonstration, MenuItem, Permission, Plugin

PLUGIN = Plugin(
    name="agencies",
    title="Agencies",
    blueprints=(bp, groups),
    permissions=(
        Permission(
            name="agencies.manage",
            words="add and change agencies, sectors and role groups",
            roles=frozenset({Role.COORDINATOR, Role.BUSINESS_MANAGER}),
        ),
    ),
    menu=(MenuItem("Agencies", "agencies.agencies", "agencies.manage", position=35),),
    imports=(IMPORT,),
    demonstrations=(Demonstration(load, 20),),
)
