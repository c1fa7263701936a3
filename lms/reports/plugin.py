"""What reports add to the site."""

from lms.access import Role
from lms.plugins import Permission, Plugin
from lms.reports.api import OPERATIONS
from lms.reports.queries import READ, SEE_ROWS

OFFICE = frozenset({Role.COORDINATOR, Role.BUSINESS_MANAGER})
READERS = OFFICE | {Role.REVIEW_OFFICER, Role.CHAIR, Role.MEMBER, Role.SCRUTINEER}

PLUGIN = Plugin(
    name="reports",
    title="Reports",
    operations=OPERATIONS,
    permissions=(
        Permission(READ, "read reports and figures", READERS),
        Permission(SEE_ROWS, "see the rows behind figures, and choose any dates", OFFICE, is_asked_in_code=True),
    ),
)
