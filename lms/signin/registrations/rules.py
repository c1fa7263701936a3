"""What somebody new says, and how many letters go to addresses that nobody has confirmed. Pure."""

from dataclasses import dataclass
from datetime import timedelta

DAY, HOUR = timedelta(days=1), timedelta(hours=1)


@dataclass(frozen=True)
class Cap:
    """So many in a time; `words` say what to do when they are used up."""

    what: str
    most: int
    per: timedelta
    words: str


ASK_US = "If you cannot wait, ask the training team: the help page says how."
OUTSIDE_A_NETWORK = Cap(
    "registrations: network, outside",
    30,
    DAY,
    f"Many people have registered from your network today. Try again tomorrow. {ASK_US}",
)
INSIDE_A_NETWORK = Cap(
    "registrations: network, inside",
    60,
    HOUR,
    f"Many people have registered from your network recently. Try again in an hour. {ASK_US}",
)
A_MAILBOX = Cap(
    "registrations: mailbox",
    10,
    DAY,
    f"Several emails have gone to this address today. Look for the newest one, or try again tomorrow. {ASK_US}",
)
OUTSIDE_IN_ALL = "registrations: outside the agencies' domains"
OUTSIDE_USED_UP = f"We cannot send more codes to new addresses today. Try again tomorrow. {ASK_US}"
OUTSIDE_A_DAY = 200


def read_cap(typed: str) -> int:
    """A whole number from 1 on. Raises ValueError for anything else."""
    number = int(typed)
    if not 1 <= number <= 100_000:
        raise ValueError(typed)
    return number


@dataclass(frozen=True)
class Newcomer:
    """What somebody says of themselves, and what they came for: `wants` in our words, `wanted_path` the page for it."""

    name: str
    email: str
    job_title: str = ""
    agency_words: str = ""
    role_group_id: int | None = None
    wants: str = ""
    wanted_path: str = ""
