"""Where facts may go, and how the other system knows that they are ours."""

import ipaddress
import socket

import pytest

from lms.api.webhooks.rules import (
    check_url,
    may_reach,
    plain_answer,
    read_networks,
    signature,
    signing_secret,
)
from lms.api.webhooks.transport import check_outside
from lms.kit.errors import Invalid

OWN = read_networks("10.20.0.0/16,fd00::/8")


@pytest.mark.parametrize(
    "url",
    [
        "", "hr.example.org", "ftp://hr.example.org", "http://hr.example.org", "https://", "https://a b.example",
        "https://user:secret@hr.example.org", "https://hr.example.org/#part", "https://hr.example.org:99999/",
        "https://hr.example.org:0/", "https://[::1", "https://hr.example.org/\n", "https://hr.exämple.org/",
        "https://hr.example.org/" + "x" * 500, "javascript:alert(1)", "file:///etc/passwd",
    ],
)  # fmt: skip
def test_what_is_no_address_of_another_system_is_refused(url: str) -> None:
    if url.endswith("\n"):
        url = url[:-1] + "\x01"
    with pytest.raises(Invalid) as refusal:
        check_url(url, ())
    assert refusal.value.field == "url"


def test_plain_http_is_for_networks_of_ones_own() -> None:
    assert check_url("http://hr.inside.example/facts", OWN).hostname == "hr.inside.example"
    assert check_url(" https://hr.example.org:8443/facts?of=x ", ()).port == 8443


@pytest.mark.parametrize(
    ("address", "may"),
    [
        ("93.184.216.34", True), ("2606:2800:220:1:248:1893:25c8:1946", True),
        ("127.0.0.1", False), ("0.0.0.0", False), ("10.0.0.1", False), ("172.16.3.4", False), ("192.168.1.1", False),
        ("169.254.169.254", False), ("100.64.0.1", False), ("224.0.0.1", False), ("255.255.255.255", False),
        ("::1", False), ("::", False), ("fe80::1", False), ("fd12::1", False), ("ff02::1", False),
        ("168.63.129.16", False), ("168.63.129.17", True), ("::ffff:168.63.129.16", False), ("192.0.0.192", False),
        ("100.100.100.200", False), ("161.26.0.7", False), ("166.9.12.1", False), ("199.36.153.8", False),
        ("fd00:ec2::254", False), ("fd20:ce::254", False), ("fe80::a9fe:a9fe", False), ("64:ff9b::a83f:8110", False),
        ("64:ff9b:1::a83f:8110", False), ("2002:a83f:8110::1", False), ("::a83f:8110", False), ("::7f00:1", False),
        ("2001:0:a83f:8110::1", False), ("192.88.99.1", False),
        ("::ffff:127.0.0.1", False), ("::ffff:10.0.0.1", False), ("64:ff9b::a00:1", False), ("2002:7f00:1::", False),
    ],
)  # fmt: skip
def test_facts_go_to_the_internet_and_never_inside(address: str, may: bool) -> None:
    assert may_reach(ipaddress.ip_address(address), ()) is may


@pytest.mark.parametrize(
    "url",
    [
        "https://localhost/", "https://intranet/facts", "https://hr.council.local", "https://10.1.2.3/facts",
        "https://[::1]:8443/", "https://169.254.169.254/latest", "https://192.168.1.9",
    ],
)  # fmt: skip
def test_what_can_only_be_inside_is_refused_when_it_is_typed(url: str) -> None:
    with pytest.raises(Invalid, match="inside a network") as refusal:
        check_outside(url, ())
    assert refusal.value.field == "url"


def test_a_name_that_stands_for_something_inside_is_refused_when_it_is_typed(monkeypatch: pytest.MonkeyPatch) -> None:
    known = {"hr.example.org": "93.184.216.34", "rebound.example.org": "10.0.0.5", "own.example.org": "10.20.0.5"}

    def look_up(name: str, *_: object) -> list[tuple[object, ...]]:
        if name not in known:
            raise socket.gaierror
        return [(2, 1, 6, "", (known[name], 443))]

    monkeypatch.setattr(socket, "getaddrinfo", look_up)
    with pytest.raises(Invalid, match="inside a network"):
        check_outside("https://rebound.example.org/", ())
    check_outside("https://hr.example.org/", ())
    check_outside("https://not-yet.example.org/", ())
    check_outside("http://own.example.org/", OWN)
    check_outside("https://intranet/", OWN)


@pytest.mark.parametrize("address", ["168.63.129.16", "169.254.169.254", "fd00:ec2::254", "::ffff:169.254.169.254"])
def test_a_clouds_own_services_are_never_reached_even_inside_a_network_that_is_named(address: str) -> None:
    around = read_networks("168.63.0.0/16,169.254.0.0/16,fd00::/8")
    assert not may_reach(ipaddress.ip_address(address), around)


def test_facts_go_into_the_networks_that_the_installation_names() -> None:
    assert may_reach(ipaddress.ip_address("10.20.3.4"), OWN)
    assert may_reach(ipaddress.ip_address("fd12::1"), OWN)
    assert may_reach(ipaddress.ip_address("::ffff:10.20.3.4"), OWN)
    assert not may_reach(ipaddress.ip_address("10.21.0.1"), OWN)
    assert not may_reach(ipaddress.ip_address("127.0.0.1"), OWN)
    with pytest.raises(ValueError, match="not appear"):
        read_networks("the office")


def test_the_signature_is_that_of_standard_webhooks() -> None:
    """The example of the specification's own libraries."""
    secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
    body = b'{"test": 2432232314}'
    assert signature(secret, "msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330, body) == (
        "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="
    )


def test_a_secret_is_one_webhooks_own_until_it_is_renewed() -> None:
    secrets = {signing_secret("key", 1, "a"), signing_secret("key", 2, "a"), signing_secret("key", 1, "b")}
    assert len(secrets) == 3
    assert signing_secret("key", 1, "a") in secrets


def test_an_answer_is_kept_as_one_short_line() -> None:
    assert plain_answer("<b>\x00no\n\tthing</b> " + "x" * 999).startswith("<b> no thing</b> x")
    assert len(plain_answer("x" * 999)) == 500
