"""What keeping in step with other systems adds: people and agencies in the JSON API, and SCIM."""

from lms.frame.access import Role
from lms.frame.plugins import Listener, Permission, Plugin, Waiting
from lms.in_step.agencies.api import OPERATIONS as AGENCIES
from lms.in_step.leavers.queries import find_leavers
from lms.in_step.leavers.services import note_leaver
from lms.in_step.leavers.views import bp as leavers
from lms.in_step.people.api import OPERATIONS as PEOPLE
from lms.in_step.personal_data import PERSONAL_DATA
from lms.in_step.rules import KEEP
from lms.in_step.scim.rules import PROVISION
from lms.in_step.scim.views import bp as scim
from lms.people.facts import PersonLeft

KEEPERS = frozenset({Role.COORDINATOR, Role.BUSINESS_MANAGER, Role.AGENCY_LEAD})

PLUGIN = Plugin(
    name="in_step",
    title="People and agencies",
    blueprints=(leavers, scim),
    permissions=(
        Permission(
            KEEP, "keep people and agencies in step from another system, where its token was given that", KEEPERS
        ),
        Permission(PROVISION, "keep people in step from an identity provider, where its token was given that", KEEPERS),
    ),
    operations=(*PEOPLE, *AGENCIES),
    listeners=(Listener(PersonLeft, note_leaver),),
    waiting=(Waiting("in_step.leavers", "people.manage", 16, find_leavers),),
    personal_data=PERSONAL_DATA,
)
