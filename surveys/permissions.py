"""What people may do with surveys."""

from lms.frame.access import Role
from lms.frame.plugins import Permission

COORDINATORS = frozenset({Role.COORDINATOR, Role.BUSINESS_MANAGER})
MANAGE = "surveys.manage"
CODE_TEXTS = "surveys.code_texts"
READ_HELD = "surveys.read_held"
NAME_LEAD = "surveys.name_lead"

READ_IMPACT = "surveys.read_impact"
READ_EVALUATIONS = "surveys.read_evaluations"
MANAGE_OBSERVATIONS = "surveys.manage_observations"
SEE_RESPONSE = "surveys.see_response"
WRITE_CHANGES = "surveys.write_changes"
OPEN_ROUNDS = "surveys.open_rounds"
RECORD_GROUPS = "surveys.record_groups"
READ_OWN_ROUNDS = "surveys.read_own_rounds"

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
MEASURING_PERMISSIONS: tuple[Permission, ...] = (
    Permission(
        READ_IMPACT,
        "read whether training changed practice",
        COORDINATORS | {Role.CHAIR, Role.MEMBER, Role.SCRUTINEER, Role.REVIEW_OFFICER},
    ),
    Permission(READ_EVALUATIONS, "read what people said of their own events", COORDINATORS | {Role.TRAINER}),
    Permission(MANAGE_OBSERVATIONS, "ask for observations of training, and read them", COORDINATORS),
    Permission(SEE_RESPONSE, "see how many of an agency have not answered", COORDINATORS | {Role.AGENCY_LEAD}),
    Permission(OPEN_ROUNDS, "open workforce surveys, and see their links", COORDINATORS),
    Permission(READ_OWN_ROUNDS, "read what surveys of its people told an agency", frozenset({Role.AGENCY_LEAD})),
    Permission(RECORD_GROUPS, "record impact focus groups", COORDINATORS | {Role.REVIEW_OFFICER}),
    Permission(WRITE_CHANGES, "say what changed thanks to answers", COORDINATORS),
)
