"""What keeping in step with other systems adds: people and agencies in the JSON API."""

from lms.frame.access import Role
from lms.frame.plugins import Permission, Plugin
from lms.in_step.agencies.api import OPERATIONS as AGENCIES
from lms.in_step.people.api import OPERATIONS as PEOPLE
from lms.in_step.rules import KEEP

PLUGIN = Plugin(
    name="in_step",
    title="People and agencies",
    permissions=(
        Permission(
            KEEP,
            "keep people and agencies in step from another system, where its token was given that",
            frozenset({Role.COORDINATOR, Role.BUSINESS_MANAGER, Role.AGENCY_LEAD}),
        ),
    ),
    operations=(*PEOPLE, *AGENCIES),
)
