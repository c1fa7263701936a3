"""What the audit adds to the site."""

from datetime import timedelta

from lms.audit.chain.checks import broken_seals
from lms.audit.chain.jobs import seal_what_was_written
from lms.audit.personal_data import PERSONAL_DATA
from lms.audit.views import bp, show_latest
from lms.frame.access import Role
from lms.frame.plugins import Check, Job, MenuGroup, MenuItem, Panel, Permission, Plugin

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
    jobs=(Job("audit.seal", "Seal the audit's lines", seal_what_was_written, every=timedelta(minutes=10)),),
    checks=(Check("audit.chain", "The audit is as it was sealed", broken_seals),),
)
