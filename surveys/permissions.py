"""What people may do with surveys."""

from lms.access import Role
from lms.plugins import Permission

COORDINATORS = frozenset({Role.COORDINATOR, Role.BUSINESS_MANAGER})
MANAGE = "surveys.manage"
CODE_TEXTS = "surveys.code_texts"
READ_HELD = "surveys.read_held"
NAME_LEAD = "surveys.name_lead"

PERMISSIONS: tuple[Permission, ...] = ()
