"""What reports add to the site."""

from lms.frame.access import Role
from lms.frame.plugins import (
    Demonstration,
    MenuGroup,
    MenuItem,
    Permission,
    Plugin,
    Written,
)
from lms.reports.api import OPERATIONS
from lms.reports.behind.views import bp as behind
from lms.reports.demonstration import load
from lms.reports.queries import READ, SEE_ROWS, WRITE
from lms.reports.views import PUBLISH, bp

OFFICE = frozenset({Role.COORDINATOR, Role.BUSINESS_MANAGER})
READERS = OFFICE | {Role.REVIEW_OFFICER, Role.CHAIR, Role.MEMBER, Role.SCRUTINEER}

PLUGIN = Plugin(
    name="reports",
    title="Reports",
    blueprints=(bp, behind),
    operations=OPERATIONS,
    permissions=(
        Permission(READ, "read reports and figures", READERS),
        Permission(WRITE, "write the yearly report", OFFICE),
        Permission(PUBLISH, "publish the yearly report", frozenset({Role.BUSINESS_MANAGER})),
        Permission(SEE_ROWS, "see the rows behind figures, and choose any dates", OFFICE),
    ),
    menu=(MenuItem("Reports", "reports.reports", READ, 54, group=MenuGroup.RESULTS, also=("/quarter",)),),
    demonstrations=(Demonstration(load, 95),),
    written=(Written("report_text", "reports"), Written("yearly_report", "reports", ("title", "frozen"))),
)
