"""What people may do with briefings."""

from lms.frame.access import Role
from lms.frame.plugins import Permission

OFFICE = frozenset({Role.COORDINATOR, Role.REVIEW_OFFICER, Role.BUSINESS_MANAGER})
APPROVERS = frozenset({Role.CHAIR, Role.BUSINESS_MANAGER})

WRITE = "briefings.write"
CHECK = "briefings.check"
APPROVE = "briefings.approve"

PERMISSIONS = (
    Permission(WRITE, "write, correct, publish and recall briefings", OFFICE),
    Permission(
        CHECK, "see drafts of briefings, and check the facts of what others wrote", OFFICE | {Role.CHAIR, Role.MEMBER}
    ),
    Permission(APPROVE, "approve briefings, for the sub-group or as business manager", APPROVERS),
)
