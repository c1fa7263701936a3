"""What people may do with what was measured: impact, response, workforce surveys, observations."""

from lms.access import Role
from lms.plugins import Permission

COORDINATORS = frozenset({Role.COORDINATOR, Role.BUSINESS_MANAGER})
READ_IMPACT = "surveys.read_impact"

PERMISSIONS = (
    Permission(
        READ_IMPACT,
        "read whether training changed practice",
        COORDINATORS | {Role.CHAIR, Role.MEMBER, Role.SCRUTINEER, Role.REVIEW_OFFICER},
    ),
)
