"""What the API adds to the site: tokens, webhooks, and what it keeps. Routes are made from the plugins' operations."""

from collections.abc import Iterator
from datetime import time

from lms.api.demonstration import load
from lms.api.personal_data import PERSONAL_DATA
from lms.api.rates import read_most
from lms.api.reference.views import bp as reference
from lms.api.services import forget_answers
from lms.api.tokens.views import bp as tokens
from lms.api.webhooks.queries import given_up
from lms.api.webhooks.rules import read_networks
from lms.api.webhooks.services import forget_deliveries, reseal_secrets, secrets_prove, secrets_waiting
from lms.api.webhooks.views import bp as webhooks
from lms.frame.access import Role
from lms.frame.plugins import Check, Demonstration, Job, Keyed, Permission, Plugin, Setting
from lms.frame.work import Work


def _find_given_up(work: Work) -> Iterator[str]:
    for url, fact in given_up(work.session, work.now):
        yield f"{fact} did not arrive at {url} in three days"


PLUGIN = Plugin(
    name="api",
    title="For other systems",
    blueprints=(tokens, webhooks, reference),
    permissions=(
        Permission(
            "api.manage_tokens",
            "let other systems in, and tell them facts",
            frozenset({Role.BUSINESS_MANAGER}),
            is_for_people=True,
        ),
    ),
    jobs=(
        Job(
            "api.forget_answers",
            "Forget what was answered to other systems a week ago",
            forget_answers,
            daily_at=time(3, 40),
        ),
        Job(
            "api.forget_facts",
            "Forget what other systems were told a month ago",
            forget_deliveries,
            daily_at=time(3, 45),
        ),
    ),
    settings=(
        Setting("api.requests_a_minute", "how many requests each token may make in a minute", 1200, read_most),
        Setting(
            "api.webhook_networks",
            "networks of your own that facts may be sent into, with commas between them: 10.20.0.0/16,192.168.5.7",
            (),
            read_networks,
        ),
    ),
    personal_data=PERSONAL_DATA,
    demonstrations=(Demonstration(load, 95),),
    keyed=(Keyed("api.webhooks", "webhooks' secrets", secrets_waiting, reseal_secrets, secrets_prove),),
    checks=(Check("api.webhooks", "every fact told to another system in the last week arrived", _find_given_up),),
)
