"""Who may read the figures, and from when what waits is worth a word."""

import ipaddress
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta

METRICS_FROM = "monitoring.metrics_from"
BEAT = "monitoring.beat"
"""The job that does nothing but have been run: by it the worker is known to be there."""
WORKER_MISSED_AFTER = timedelta(minutes=15)
LETTERS_LATE_AFTER = timedelta(hours=1)
LATELY = timedelta(hours=1)
REFUSED_TOO_MANY = 20

Network = ipaddress.IPv4Network | ipaddress.IPv6Network


@dataclass(frozen=True)
class Readiness:
    """What `/health/ready` says. `schema` is the database's revision; numbers are None where nothing is known.

    `why_not` is "" when it is ready.
    """

    why_not: str
    schema: str | None
    worker_seconds: int | None = None
    oldest_due_letter_seconds: int | None = None
    refused_last_hour: int | None = None

    @property
    def is_ready(self) -> bool:
        """Whether the database answers and has the schema of this version. All else is a figure."""
        return not self.why_not


def read_networks(typed: str) -> tuple[Network, ...]:
    """Addresses and networks with commas between them. Raises ValueError for what is neither."""
    return tuple(ipaddress.ip_network(each.strip(), strict=False) for each in typed.split(",") if each.strip())


def is_from(address: str, networks: Iterable[Network]) -> bool:
    """Whether an address is in one of the networks. One that cannot be read is in none."""
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return False
    if found.version == 6 and found.ipv4_mapped is not None:
        found = found.ipv4_mapped
    return any(found in network for network in networks if network.version == found.version)
