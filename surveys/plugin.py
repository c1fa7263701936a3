"""What surveys add to the site: read this first."""

from lms.plugins import Check, PersonalData, Plugin
from surveys import measuring
from surveys.answers import models as _answers  # noqa: F401
from surveys.free_text import models as _free_text  # noqa: F401
from surveys.invitations import checks
from surveys.measuring_permissions import PERMISSIONS as MEASURING_PERMISSIONS
from surveys.observation import personal_data as observations_kept
from surveys.permissions import PERMISSIONS

PLUGIN = Plugin(
    name="surveys",
    title="Surveys and impact",
    requires=("courses",),
    blueprints=(*measuring.BLUEPRINTS,),
    permissions=(*PERMISSIONS, *MEASURING_PERMISSIONS),
    menu=(*measuring.MENU,),
    panels=(*measuring.PANELS,),
    jobs=(*measuring.JOBS,),
    report_sections=measuring.REPORT_SECTIONS,
    personal_data=PersonalData(measuring.PERSONAL_TABLES, observations_kept.export, observations_kept.erase),
    checks=(
        Check(
            "surveys.invited",
            "Everybody who attended or part attended has an invitation, or a reason why not",
            checks.not_invited,
        ),
        Check("surveys.attended", "Nobody is asked about what they did not attend", checks.invited_without_attending),
        Check("surveys.answered", "Only what was sent counts as answered", checks.answered_unasked),
    ),
)
