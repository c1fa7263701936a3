"""What people may do with what was measured: impact, response, workforce surveys, observations."""

from lms.frame.access import Role
from lms.frame.plugins import Permission

COORDINATORS = frozenset({Role.COORDINATOR, Role.BUSINESS_MANAGER})
READ_IMPACT = "surveys.read_impact"
READ_EVALUATIONS = "surveys.read_evaluations"
MANAGE_OBSERVATIONS = "surveys.manage_observations"
SEE_RESPONSE = "surveys.see_response"
WRITE_CHANGES = "surveys.write_changes"
OPEN_ROUNDS = "surveys.open_rounds"

PERMISSIONS = (
    Permission(
        READ_IMPACT,
        "read whether training changed practice",
        COORDINATORS | {Role.CHAIR, Role.MEMBER, Role.SCRUTINEER, Role.REVIEW_OFFICER},
    ),
    Permission(READ_EVALUATIONS, "read what people said of their own events", COORDINATORS | {Role.TRAINER}),
    Permission(MANAGE_OBSERVATIONS, "ask for observations of training, and read them", COORDINATORS),
    Permission(SEE_RESPONSE, "see how many of an agency have not answered", COORDINATORS | {Role.AGENCY_LEAD}),
    Permission(OPEN_ROUNDS, "open workforce surveys, and see their links", COORDINATORS),
    Permission(WRITE_CHANGES, "say what changed thanks to answers", COORDINATORS),
)
