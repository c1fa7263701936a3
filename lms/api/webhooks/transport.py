"""Sending one fact: to the very machine that was looked up and allowed, without following anywhere else."""

import http.client
import ipaddress
import socket
import ssl
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import SplitResult

from lms.api.webhooks.rules import (
    INSIDE_WORDS,
    LONGEST_ANSWER,
    Network,
    check_name_is_outside,
    check_url,
    may_reach,
)
from lms.frame.deadlines import Deadline, TooSlow
from lms.kit.errors import Invalid

STEP_SECONDS = 5.0
WHOLE_SECONDS = 10.0
LOOK_UP_SECONDS = 3.0
NOT_ALLOWED = "This address is inside a network that facts cannot be sent to."


class NotSent(Exception):
    """It did not arrive, or nobody answered."""


@dataclass(frozen=True)
class Reply:
    """What the other system said."""

    status: int
    text: str


def post(url: str, body: bytes, headers: Mapping[str, str], networks: Sequence[Network]) -> Reply:
    """Send it, and wait for an answer: ten seconds at most for all of it, however slowly bytes come. Raises NotSent."""
    with Deadline(WHOLE_SECONDS) as deadline:
        try:
            return _talk(url, body, headers, networks, deadline)
        except Invalid as refusal:
            raise NotSent(refusal.words) from None
        except (OSError, http.client.HTTPException, ValueError) as failed:
            if deadline.is_over:
                raise _took_too_long() from None
            raise NotSent(f"No one answered: {failed or type(failed).__name__}.") from None


def check_outside(url: str, networks: Sequence[Network]) -> None:
    """Refuse an address whose name stands for something inside, when it is typed. Raises Invalid.

    A name that nobody knows is taken: it may be on its way. Ask this where no transaction is open, as it looks around.
    """
    parts = check_url(url, networks)
    check_name_is_outside(parts, networks)
    with Deadline(LOOK_UP_SECONDS) as deadline:
        try:
            _machine(parts, networks, deadline)
        except NotSent as refusal:
            if str(refusal) == NOT_ALLOWED:
                raise Invalid(INSIDE_WORDS, field="url") from None
        except OSError:
            return


def _talk(url: str, body: bytes, headers: Mapping[str, str], networks: Sequence[Network], deadline: Deadline) -> Reply:
    parts = check_url(url, networks)
    connection = _connection(parts, _machine(parts, networks, deadline), deadline)
    try:
        path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        connection.request("POST", path, body, dict(headers))
        answer = connection.getresponse()
        if deadline.has_cut:  # half a head may have been read as a whole one
            raise _took_too_long()
        return Reply(answer.status, _beginning(answer))
    finally:
        connection.close()


def _took_too_long() -> NotSent:
    return NotSent(f"It took longer than {WHOLE_SECONDS:g} seconds.")


def _beginning(answer: http.client.HTTPResponse) -> str:
    """What the other system says beside its answer, as far as it comes in time. Its answer holds without it."""
    said = bytearray()
    try:
        while len(said) < LONGEST_ANSWER * 4 and (more := answer.read1(LONGEST_ANSWER)):
            said += more
    except (OSError, http.client.HTTPException, ValueError):
        pass
    return said.decode("utf-8", "replace")


def _port(parts: SplitResult) -> int:
    return parts.port or (443 if parts.scheme == "https" else 80)


def _machine(parts: SplitResult, networks: Sequence[Network], deadline: Deadline) -> str:
    """The machine's number. All that the name stands for must be allowed: otherwise it could be the other one."""
    try:
        found = deadline.ask(socket.getaddrinfo, parts.hostname, _port(parts), 0, socket.SOCK_STREAM)
    except TooSlow:
        raise
    except (OSError, UnicodeError):
        raise NotSent(f"There is no computer called {parts.hostname}.") from None
    numbers = list(dict.fromkeys(str(each[4][0]).partition("%")[0] for each in found))
    is_inside = parts.scheme == "http"
    for number in numbers:
        address = ipaddress.ip_address(number)
        if not may_reach(address, networks) or (is_inside and not _is_named(address, networks)):
            raise NotSent(NOT_ALLOWED)
    return numbers[0]


def _is_named(address: ipaddress.IPv4Address | ipaddress.IPv6Address, networks: Sequence[Network]) -> bool:
    """Without encryption only inside the networks that the installation named."""
    return any(address in network for network in networks if network.version == address.version)


class PinnedConnection(http.client.HTTPConnection):
    """To this number, whatever the name stands for by now, with all that is said before one deadline."""

    def __init__(self, parts: SplitResult, number: str, deadline: Deadline) -> None:
        super().__init__(str(parts.hostname), _port(parts))
        self.number, self.deadline = number, deadline

    def connect(self) -> None:
        self.sock = self.deadline.connect(self.number, self.port, each=STEP_SECONDS)


class SecureConnection(PinnedConnection):
    """The same, encrypted; the certificate is the name's."""

    default_port = http.client.HTTPSConnection.default_port

    def connect(self) -> None:
        super().connect()
        self.sock = ssl.create_default_context().wrap_socket(self.sock, server_hostname=self.host)


def _connection(parts: SplitResult, number: str, deadline: Deadline) -> PinnedConnection:
    return (PinnedConnection if parts.scheme == "http" else SecureConnection)(parts, number, deadline)
