"""What reports add to the site."""

from lms.access import Role
from lms.plugins import Permission, Plugin
from lms.reports.queries import SEE_ROWS

OFFICE = frozenset({Role.COORDINATOR, Role.BUSINESS_MANAGER})

PLUGIN = Plugin(
    name="reports",
    title="Reports",
    permissions=(
        Permission(SEE_ROWS, "see the rows behind figures, and choose any dates", OFFICE, is_asked_in_code=True),
    ),
)
