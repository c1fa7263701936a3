"""What people may do with surveys."""

from lms.frame.access import Role
from lms.frame.plugins import Permission

COORDINATORS = frozenset({Role.COORDINATOR, Role.BUSINESS_MANAGER})
MANAGE = "surveys.manage"
CODE_TEXTS = "surveys.code_texts"
READ_HELD = "surveys.read_held"
NAME_LEAD = "surveys.name_lead"

PERMISSIONS: tuple[Permission, ...] = (
    Permission(MANAGE, "write surveys, see who is asked, and type in paper sheets", COORDINATORS),
    Permission(CODE_TEXTS, "say what people's own words are about", COORDINATORS),
    Permission(
        READ_HELD,
        "read what is held back while no safeguarding lead is named",
        frozenset({Role.BUSINESS_MANAGER}),
        is_asked_in_code=True,
    ),
    Permission(NAME_LEAD, "name the safeguarding lead", frozenset({Role.BUSINESS_MANAGER})),
)
