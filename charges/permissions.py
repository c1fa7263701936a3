"""What people may do with charges and invoices."""

from lms.frame.access import Role
from lms.frame.plugins import Permission

COORDINATORS = frozenset({Role.COORDINATOR, Role.BUSINESS_MANAGER})
FINANCE = COORDINATORS | {Role.FINANCE}

PERMISSIONS = (
    Permission("charges.see_charges", "see the charges and invoices that concern them", FINANCE | {Role.AGENCY_LEAD}),
    Permission("charges.manage_charges", "approve and waive charges", COORDINATORS),
    Permission(
        "charges.answer_charges", "answer charges for their agency, and appeal", COORDINATORS | {Role.AGENCY_LEAD}
    ),
    Permission("charges.decide_appeals", "decide appeals against charges", frozenset({Role.BUSINESS_MANAGER})),
    Permission("charges.manage_invoices", "issue invoices, credit them and record payments", FINANCE),
)
