"""What the audit adds to the site."""

from lms.audit.personal_data import PERSONAL_DATA
from lms.audit.views import bp, show_latest
from lms.frame.access import Role
from lms.frame.plugins import MenuGroup, MenuItem, Panel, Permission, Plugin

PLUGIN = Plugin(
    name="audit",
    title="Audit",
    blueprints=(bp,),
    permissions=(
        Permission(
            "audit.read",
            "read who did what to which record",
            frozenset({Role.COORDINATOR, Role.BUSINESS_MANAGER}),
        ),
        Permission(
            "audit.read_confidential",
            "read lines of the audit that are confidential",
            frozenset({Role.BUSINESS_MANAGER, Role.REVIEW_OFFICER}),
            is_asked_in_code=True,
        ),
    ),
    menu=(MenuItem("Audit", "audit.audit", "audit.read", 75, group=MenuGroup.OFFICE),),
    panels=(Panel("people.person", show_latest),),
    personal_data=PERSONAL_DATA,
)
