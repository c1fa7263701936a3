"""What the policies add to the site."""

from lms.frame.access import Role
from lms.frame.plugins import (
    Check,
    Demonstration,
    Panel,
    PanelPlace,
    Permission,
    Plugin,
    Written,
)
from lms.policies.checks import versions_out_of_order
from lms.policies.demonstration import load
from lms.policies.personal_data import PERSONAL_DATA
from lms.policies.views import bp, settings_panel

PLUGIN = Plugin(
    name="policies",
    title="Policies",
    places=(PanelPlace("policies.draft", "A draft of the next policy, by its id"),),
    blueprints=(bp,),
    permissions=(
        Permission(
            "policies.read",
            "read the versions of the policy and why each was approved",
            frozenset({Role.COORDINATOR, Role.BUSINESS_MANAGER}),
        ),
        Permission("policies.manage", "prepare and approve the policy", frozenset({Role.BUSINESS_MANAGER})),
    ),
    panels=(Panel("partnership.settings", settings_panel),),
    checks=(Check("policies.order", "Policy versions follow each other, with terms that hold", versions_out_of_order),),
    demonstrations=(Demonstration(load, 15),),
    personal_data=PERSONAL_DATA,
    written=(Written("policy_draft", "policies"), Written("policy_version", "policies")),
)
