"""What noting attempts adds to the site."""

from lms.attempts.personal_data import PERSONAL_DATA
from lms.attempts.views import bp
from lms.frame.access import Role
from lms.frame.plugins import MenuGroup, MenuItem, Permission, Plugin

PLUGIN = Plugin(
    name="attempts",
    title="Sign-ins and refusals",
    blueprints=(bp,),
    permissions=(
        Permission(
            "attempts.read",
            "read who signed in or was refused, and from which network",
            frozenset({Role.BUSINESS_MANAGER}),
            is_for_people=True,
        ),
    ),
    menu=(MenuItem("Sign-ins and refusals", "attempts.attempts", "attempts.read", 76, group=MenuGroup.OFFICE),),
    personal_data=PERSONAL_DATA,
)
