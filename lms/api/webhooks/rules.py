"""Where facts may be sent, how they are signed, and what an answer means. Signed as www.standardwebhooks.com has it."""

import base64
import hashlib
import hmac
import ipaddress
import re
import secrets
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from http import HTTPStatus
from urllib.parse import SplitResult, urlsplit

from cryptography.fernet import InvalidToken

from lms.kit.errors import Invalid
from lms.kit.keys import Keys
from lms.kit.working_days import wall_time


class DeliveryState(StrEnum):
    """`waiting -> sending -> delivered`, back to waiting when it failed for now; the rest are ends."""

    WAITING = "waiting"
    SENDING = "sending"
    DELIVERED = "delivered"
    GIVEN_UP = "given_up"  # tried for three days without success
    WITHDRAWN = "withdrawn"  # this reader may not hear of it any more: an embargo, a revoked token


Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Network = ipaddress.IPv4Network | ipaddress.IPv6Network

SEALED = "sealed:"
PURPOSE = "webhook secret"
LONGEST_URL = 500
LONGEST_ANSWER = 500
HOST = re.compile(r"[a-z0-9]([a-z0-9.-]*[a-z0-9])?|[0-9a-f:.]+", re.ASCII)


INSIDE = (".local", ".localhost", ".localdomain", ".internal", ".intranet", ".lan", ".home.arpa", ".corp", ".home")
INSIDE_WORDS = (
    "This address is inside a network that facts cannot be sent to. Use one on the internet, or ask the "
    "person who runs the server to name your own network in LMS_API_WEBHOOK_NETWORKS."
)


def _networks(*typed: str) -> tuple[Network, ...]:
    return tuple(ipaddress.ip_network(each) for each in typed)


OF_THE_CLOUD = _networks(
    "168.63.129.16/32",  # Azure: the host's agent, its settings and certificates
    "169.254.0.0/16",  # nearly everybody's metadata: Amazon, Azure, Google, Oracle, DigitalOcean, Hetzner, OpenStack
    "192.0.0.0/24",  # Oracle's metadata at 192.0.0.192
    "100.100.100.200/32",  # Alibaba
    "161.26.0.0/16", "166.8.0.0/14",  # IBM: services of the private network, under numbers that look public
    "199.36.153.4/30", "199.36.153.8/30", "34.126.0.0/18",  # Google: its interfaces, from inside
    "fd00:ec2::/32",  # Amazon's metadata and services
    "fd20:ce::/32",  # Google's metadata
    "fe80::/10",  # whoever stands beside us, OpenStack's metadata too
)  # fmt: skip
"""Where clouds tell the machines in them who they are and what they may. Some look like the internet.

Never reached, not even when an installation names a network around them.
"""
HIDES_ANOTHER = _networks("64:ff9b::/96", "64:ff9b:1::/48", "2002::/16", "2001::/32", "::/96", "192.88.99.0/24")
"""Addresses that lead on to another one of anybody's choice: translation, tunnels, the old form of IPv4 in IPv6."""


def check_url(url: str, networks: Sequence[Network]) -> SplitResult:
    """An address that facts could be sent to, by its looks. Raises Invalid.

    https always; http only where the installation named networks of its own. Whether its machine may be reached is
    asked when it is, because names change what they stand for.
    """
    try:
        parts = urlsplit(url.strip())
        port = parts.port
    except ValueError:
        raise Invalid("This is not an address. Enter one like https://hr.example.org/facts.", field="url") from None
    schemes = {"https", "http"} if networks else {"https"}
    if parts.scheme not in schemes or not HOST.fullmatch(parts.hostname or "") or len(url) > LONGEST_URL:
        raise Invalid("Enter an address that begins with https://, like https://hr.example.org/facts.", field="url")
    if parts.username or parts.password or parts.fragment or not url.isascii() or not url.strip().isprintable():
        raise Invalid("Leave passwords, # and anything that is no plain letter out of the address.", field="url")
    if port == 0 or any(each.isspace() for each in url.strip()):
        raise Invalid("We cannot find that port or path. Check the address.", field="url")
    return parts


def check_name_is_outside(parts: SplitResult, networks: Sequence[Network]) -> None:
    """Refuse, before anything is looked up, what can only be inside: a number of ours, or a name without a country.

    Raises Invalid. Where the installation named networks of its own, a name may stand for something in them.
    """
    host = (parts.hostname or "").rstrip(".")
    try:
        number = ipaddress.ip_address(host)
    except ValueError:
        is_inside = not networks and ("." not in host or host.endswith(INSIDE))
    else:
        is_inside = not may_reach(number, networks)
    if is_inside:
        raise Invalid(INSIDE_WORDS, field="url")


def may_reach(address: Address, networks: Sequence[Network]) -> bool:
    """Whether facts may go to a machine: one on the internet, or one in a network that the installation named.

    Never this machine, the inside of the network it stands in, or a cloud's own services, whatever a name stands for.
    """
    mapped = getattr(address, "ipv4_mapped", None)
    real: Address = mapped or address
    if _is_in(real, OF_THE_CLOUD):
        return False
    if _is_in(real, networks):
        return True
    if _is_in(real, HIDES_ANOTHER):
        return False
    return real.is_global and not real.is_multicast and not real.is_reserved


def _is_in(address: Address, networks: Sequence[Network]) -> bool:
    return any(address in network for network in networks if network.version == address.version)


def read_networks(typed: str) -> tuple[Network, ...]:
    """10.20.0.0/16,192.168.5.7. Raises ValueError for what is no network."""
    return tuple(ipaddress.ip_network(each.strip()) for each in typed.split(",") if each.strip())


def new_secret() -> str:
    """A webhook's secret, drawn at random."""
    return "whsec_" + base64.b64encode(secrets.token_bytes(32)).decode()


def sealed(keys: Keys, secret: str) -> str:
    """A webhook's secret as it is kept."""
    return SEALED + keys.cipher(PURPOSE).encrypt(secret.encode()).decode()


def is_sealed_newly(keys: Keys, salt: str) -> bool:
    """Whether a secret is sealed with the key in force."""
    return salt.startswith(SEALED) and opened(keys.alone(), salt) is not None


def opened(keys: Keys, salt: str) -> str | None:
    """A secret that was sealed with one of these keys; None for any other."""
    try:
        return keys.cipher(PURPOSE).decrypt(salt.removeprefix(SEALED).encode()).decode()
    except InvalidToken:
        return None


def signing_secret(secret_key: str, webhook_id: int, salt: str) -> str:
    """The secret of a webhook of before: it followed from the installation's own key."""
    made = hmac.digest(secret_key.encode(), f"webhook\0{webhook_id}\0{salt}".encode(), hashlib.sha256)
    return "whsec_" + base64.b64encode(made).decode()


def signature(secret: str, uid: str, timestamp: int, body: bytes) -> str:
    """The HMAC-SHA256 of id, time and body: who has the secret can tell that it is ours, whole and fresh."""
    key = base64.b64decode(secret.removeprefix("whsec_"))
    return "v1," + base64.b64encode(hmac.digest(key, f"{uid}.{timestamp}.".encode() + body, hashlib.sha256)).decode()


def is_taken(status: int) -> bool:
    """Whether an answer says that the fact has arrived. A redirection does not: it is never followed."""
    return 200 <= status < 300


def ends_it(status: int) -> bool:
    """Whether an answer says that nothing should ever be sent there again."""
    return status == HTTPStatus.GONE


def span(from_on: date, to_on: date, today: date) -> tuple[datetime, datetime]:
    """From the beginning of one day to the end of another, in London. Raises Invalid at the field."""
    if from_on > today:
        raise Invalid("This date is in the future.", field="from_on")
    if to_on < from_on:
        raise Invalid("The last day has to be the first one or later.", field="to_on")
    return wall_time(from_on, time(0, 0)), wall_time(to_on + timedelta(days=1), time(0, 0))


def plain_answer(text: str) -> str:
    """What is kept of an answer: its beginning, on one line."""
    return " ".join("".join(each if each.isprintable() else " " for each in text).split())[:LONGEST_ANSWER]
