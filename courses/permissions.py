"""What people may do with courses, events and bookings."""

from lms.frame.access import Role
from lms.frame.plugins import Permission

COORDINATORS = frozenset({Role.COORDINATOR, Role.BUSINESS_MANAGER})
READERS_OF_COVERAGE = COORDINATORS | {Role.REVIEW_OFFICER, Role.CHAIR, Role.MEMBER, Role.SCRUTINEER}

# Catalogue

CATALOGUE_PERMISSIONS = (
    Permission("courses.manage_catalogue", "write courses and approve them for the catalogue", COORDINATORS),
)

# Events

EVENT_PERMISSIONS = (
    Permission("courses.manage_events", "plan, publish, move and cancel events", COORDINATORS),
    Permission("courses.see_own_events", "see who comes to the events that they train at", frozenset({Role.TRAINER})),
)

# Bookings

BOOKING_PERMISSIONS = (
    Permission("courses.manage_bookings", "book, cancel and move people up for others", COORDINATORS),
    Permission(
        "courses.follow_bookings",
        "book for their people from another system, and follow what becomes of it",
        COORDINATORS | {Role.AGENCY_LEAD},
    ),
    Permission("courses.book_team", "book and cancel for the people of their agency", frozenset({Role.AGENCY_LEAD})),
)

# Coverage

COVERAGE_PERMISSIONS = (
    Permission("courses.manage_coverage", "write which learning from reviews a course covers", COORDINATORS),
    Permission("courses.read_coverage", "see which courses cover what reviews taught", READERS_OF_COVERAGE),
)

# Certificates

CERTIFICATE_PERMISSIONS = (
    Permission("courses.manage_certificates", "issue certificates again or by hand", COORDINATORS),
)

# Compliance

COMPLIANCE_PERMISSIONS = (
    Permission(
        "courses.see_compliance",
        "see how many of each agency’s people are up to date",
        COORDINATORS | {Role.AGENCY_LEAD, Role.CHAIR, Role.MEMBER, Role.SCRUTINEER},
    ),
)
