"""The host's own topics, shipped through the same contract as any plugin, and the chrome around every page."""

from lms.agencies.plugin import PLUGIN as AGENCIES
from lms.api.plugin import PLUGIN as API
from lms.attempts.plugin import PLUGIN as ATTEMPTS
from lms.audit.plugin import PLUGIN as AUDIT
from lms.contradictions.plugin import PLUGIN as CONTRADICTIONS
from lms.dashboards.plugin import PLUGIN as DASHBOARDS
from lms.entrusting.plugin import PLUGIN as ENTRUSTING
from lms.frame.access import ROLE_WORDS, Actor, Role
from lms.frame.menu import MenuLine
from lms.frame.web import site_url
from lms.groups.plugin import PLUGIN as GROUPS
from lms.in_step.plugin import PLUGIN as IN_STEP
from lms.jobs.plugin import PLUGIN as JOBS
from lms.keys.plugin import PLUGIN as KEYS
from lms.limits.plugin import PLUGIN as LIMITS
from lms.lists.plugin import PLUGIN as LISTS
from lms.mail.plugin import PLUGIN as MAIL
from lms.monitoring.plugin import PLUGIN as MONITORING
from lms.partnership.plugin import PLUGIN as PARTNERSHIP
from lms.people.plugin import PLUGIN as PEOPLE
from lms.personal_data.plugin import PLUGIN as PERSONAL_DATA
from lms.policies.plugin import PLUGIN as POLICIES
from lms.quarterly.plugin import PLUGIN as QUARTERLY
from lms.reports.plugin import PLUGIN as REPORTS
from lms.retention.plugin import PLUGIN as RETENTION
from lms.sessions.plugin import PLUGIN as SESSIONS
from lms.signin.plugin import PLUGIN as SIGNIN
from lms.tables.plugin import PLUGIN as TABLES
from lms.unsent.plugin import PLUGIN as UNSENT

PLUGINS = (
    PARTNERSHIP,
    POLICIES,
    AGENCIES,
    GROUPS,
    PEOPLE,
    KEYS,
    LIMITS,
    SESSIONS,
    UNSENT,
    SIGNIN,
    ENTRUSTING,
    MAIL,
    LISTS,
    JOBS,
    MONITORING,
    CONTRADICTIONS,
    AUDIT,
    ATTEMPTS,
    TABLES,
    REPORTS,
    DASHBOARDS,
    QUARTERLY,
    RETENTION,
    PERSONAL_DATA,
    API,
    IN_STEP,
)
ROLES_SAID = (
    Role.BUSINESS_MANAGER,
    Role.COORDINATOR,
    Role.REVIEW_OFFICER,
    Role.CHAIR,
    Role.MEMBER,
    Role.SCRUTINEER,
    Role.FINANCE,
    Role.AGENCY_LEAD,
    Role.TRAINER,
)


def footer_links(*, with_charges: bool) -> list[MenuLine]:
    """What stands under every page."""
    return [
        MenuLine("Contact the training team", site_url("partnership.contact")),
        MenuLine("Privacy", site_url("partnership.privacy")),
        MenuLine("Accessibility statement", site_url("partnership.accessibility")),
        MenuLine("Booking and charging policy" if with_charges else "Booking policy", site_url("policies.policy")),
    ]


def role_words(actor: Actor) -> str:
    """The weightiest of a person's roles, for the account line; nothing for a delegate."""
    return next((ROLE_WORDS[role] for role in ROLES_SAID if role in actor.roles), "")
