"""What signing in adds to the site."""

from datetime import time

from lms.frame.access import Role
from lms.frame.plugins import Job, Keyed, MenuGroup, MenuItem, Permission, Plugin, Setting, Waiting
from lms.signin.account.views import bp as account
from lms.signin.at_work.views import bp as at_work
from lms.signin.jobs import forget_old_codes
from lms.signin.linked.checks import CHECK
from lms.signin.personal_data import PERSONAL_DATA
from lms.signin.registrations.rules import OUTSIDE_A_DAY, read_cap
from lms.signin.registrations.services import CAP, find_registrations
from lms.signin.registrations.views import bp as registrations
from lms.signin.renewing import services as renewing
from lms.signin.views import bp


def read_proxies(typed: str) -> int:
    """A small number. Raises ValueError for anything else."""
    if typed not in {"0", "1", "2", "3"}:
        raise ValueError(typed)
    return int(typed)


PLUGIN = Plugin(
    name="signin",
    title="Signing in",
    blueprints=(bp, account, registrations, at_work),
    permissions=(
        Permission(
            "signin.approve_registrations",
            "decide who gets an account when their address belongs to no agency",
            frozenset({Role.COORDINATOR}),
        ),
    ),
    menu=(
        MenuItem("Registrations", "registrations.waiting", "signin.approve_registrations", 85, group=MenuGroup.PEOPLE),
    ),
    settings=(
        Setting(
            "signin.trusted_proxies",
            "how many reverse proxies of yours stand before this server, 0 to 3; they say whose request it is",
            0,
            read_proxies,
        ),
        Setting(
            CAP,
            "how many emails a day go to people who register from outside the agencies' domains",
            OUTSIDE_A_DAY,
            read_cap,
        ),
    ),
    keyed=(
        Keyed(
            "signin.second_factors",
            "second factors and recovery codes",
            renewing.waiting,
            renewing.renew,
            renewing.proves,
        ),
    ),
    waiting=(Waiting("signin.registrations", "signin.approve_registrations", 15, find_registrations),),
    checks=(CHECK,),
    jobs=(
        Job(
            "signin.forget_old_codes",
            "forgets sign-in codes, unconfirmed registrations and round trips to providers of yesterday",
            forget_old_codes,
            daily_at=time(3, 10),
        ),
    ),
    personal_data=PERSONAL_DATA,
)
