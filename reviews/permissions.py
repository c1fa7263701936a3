"""What people may do with reviews and what is learned from them."""

from lms.frame.access import Role
from lms.frame.plugins import Permission

OFFICERS = frozenset({Role.REVIEW_OFFICER, Role.BUSINESS_MANAGER})
READERS = OFFICERS | {Role.COORDINATOR, Role.CHAIR, Role.MEMBER, Role.SCRUTINEER}

MANAGE = "reviews.manage"
READ = "reviews.read"
READ_EMBARGOED = "reviews.read_embargoed"
SEE_OWNERS = "reviews.see_owners"
ANSWER_ACTIONS = "reviews.answer_actions"

PERMISSIONS = (
    Permission(MANAGE, "write reviews, learning points, recommendations and actions", OFFICERS),
    Permission(READ, "read reviews that are not under embargo, and what was learned", READERS),
    Permission(
        READ_EMBARGOED, "read reviews that are under embargo", OFFICERS, is_asked_in_code=True, is_for_people=True
    ),
    Permission(SEE_OWNERS, "see who owns an action", OFFICERS | {Role.COORDINATOR}, is_asked_in_code=True),
    Permission(ANSWER_ACTIONS, "answer the actions of the agency that they lead", frozenset({Role.AGENCY_LEAD})),
)
