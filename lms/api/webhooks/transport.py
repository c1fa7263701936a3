"""Sending one fact: to the very machine that was looked up and allowed, without following anywhere else."""

import http.client
import ipaddress
import socket
import ssl
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import SplitResult

from lms.api.webhooks.rules import LONGEST_ANSWER, Network, check_url, may_reach
from lms.kit.errors import Invalid

STEP_SECONDS = 5.0
WHOLE_SECONDS = 10.0
NOT_ALLOWED = "This address is inside a network that facts may not be sent to."


class NotSent(Exception):
    """It did not arrive, or nobody answered."""


@dataclass(frozen=True)
class Answer:
    """What the other system said."""

    status: int
    text: str


def post(url: str, body: bytes, headers: Mapping[str, str], networks: Sequence[Network]) -> Answer:
    """Send it, and wait for an answer, ten seconds at most. Raises NotSent."""
    try:
        parts = check_url(url, networks)
        connection = _connection(parts, _machine(parts, networks))
    except Invalid as refusal:
        raise NotSent(refusal.words) from None
    stop = threading.Timer(WHOLE_SECONDS, _hang_up, [connection])
    stop.start()
    try:
        path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        connection.request("POST", path, body, dict(headers))
        answer = connection.getresponse()
        return Answer(answer.status, answer.read(LONGEST_ANSWER * 4).decode("utf-8", "replace"))
    except (OSError, http.client.HTTPException, ValueError) as failed:
        raise NotSent(f"Nobody answered: {failed or type(failed).__name__}.") from None
    finally:
        stop.cancel()
        connection.close()


def _port(parts: SplitResult) -> int:
    return parts.port or (443 if parts.scheme == "https" else 80)


def _machine(parts: SplitResult, networks: Sequence[Network]) -> str:
    """The machine's number. All that the name stands for must be allowed: otherwise it could be the other one."""
    try:
        found = socket.getaddrinfo(parts.hostname, _port(parts), type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        raise NotSent(f"There is no machine called {parts.hostname}.") from None
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


def _connection(parts: SplitResult, number: str) -> http.client.HTTPConnection:
    """To this number, whatever the name stands for by now; the certificate is the name's."""
    host, port = str(parts.hostname), _port(parts)
    if parts.scheme == "http":
        plain = http.client.HTTPConnection(host, port, timeout=STEP_SECONDS)
        plain._create_connection = _to(number)  # type: ignore[attr-defined]
        return plain
    secure = http.client.HTTPSConnection(host, port, timeout=STEP_SECONDS, context=ssl.create_default_context())
    secure._create_connection = _to(number)  # type: ignore[attr-defined]
    return secure


def _to(number: str):  # type: ignore[no-untyped-def]
    def connect(address: tuple[str, int], timeout: float, source: tuple[str, int] | None = None) -> socket.socket:
        return socket.create_connection((number, address[1]), timeout, source)

    return connect


def _hang_up(connection: http.client.HTTPConnection) -> None:
    if connection.sock is not None:
        connection.sock.close()
