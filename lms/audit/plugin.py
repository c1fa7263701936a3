"""What the audit adds to the site."""

from lms.access import Role
from lms.audit.views import bp, show_latest
from lms.plugins import MenuItem, Panel, Permission, Plugin

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
    ),
    menu=(MenuItem("Audit", "audit.audit", "audit.read", 75),),
    panels=(Panel("people.person", show_latest),),
)
