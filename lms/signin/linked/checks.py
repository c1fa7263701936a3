"""Whether the providers that the settings name are there, and are who they should be."""

from collections.abc import Iterator

from lms.frame.plugins import Check
from lms.frame.work import Work
from lms.signin.providers.services import Providers, Silent


def _find(work: Work) -> Iterator[str]:
    """Asks each of them what it publishes: the one check that leaves this machine, and only where one is named."""
    providers = Providers(work.site.settings.providers, "{}")
    for each in providers.all:
        try:
            providers.check(each, now=work.now)
        except Silent as silent:
            yield f"LMS_OIDC_{each.name.upper().replace('-', '_')}_ISSUER: {silent}"


CHECK = Check(
    "signin.providers",
    "every provider of accounts at work answers, is the one that the settings name, and publishes its keys",
    _find,
)
