"""What a provider's word is worth: against a real one, and against what an attacker makes of its answers."""

import base64
import hmac
import json
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from joserfc import jwt
from joserfc.jwk import KeySet
from werkzeug.wrappers import Response

from lms.kit.providers import OidcProvider, read_providers
from lms.signin.providers.rules import (
    FromElsewhere,
    NotProved,
    ProvedIdentity,
    identity_of,
    is_issuer,
    issuers_of,
    secrets_of,
)
from lms.signin.providers.services import Providers, Silent
from tests.providers import CLIENT, Claims, Provider, configured, key_called

KEY = "the browser's key"
Ask = Callable[..., ProvedIdentity]


def now() -> datetime:
    """The provider's clock is the real one."""
    return datetime.now(UTC)


@pytest.fixture
def ask(provider: Provider) -> Ask:
    """A whole round trip; who came back."""
    provider.knows("amara", email="amara@rvch.example", email_verified=True, name="Amara Fenwick-Osei")
    providers = Providers([configured(provider)], "http://localhost/sign-in/with/{}/back")

    def asked(
        *, browser: str = KEY, back_in: str = KEY, twice: bool = False, at: datetime | None = None
    ) -> ProvedIdentity:
        one, trip = providers.find("nhs"), secrets_of(browser, "state")
        back = provider.shows(providers.way_there(one, "state", trip, now=at or now()), "amara")
        code = parse_qs(urlsplit(back).query)["code"][0]
        if twice:
            providers.identity(one, code, trip, now=at or now())
        return providers.identity(one, code, secrets_of(back_in, "state"), now=at or now())

    return asked


def test_a_round_trip_tells_who_somebody_is(ask: Ask, provider: Provider) -> None:
    assert ask() == ProvedIdentity("nhs", provider.url, "amara", "amara@rvch.example", "Amara Fenwick-Osei")


def changed(**claims: Any) -> Callable[[Claims], Claims]:
    return lambda said: {**said, **claims}


def without(name: str) -> Callable[[Claims], Claims]:
    return lambda said: {key: value for key, value in said.items() if key != name}


LONG_AGO, FAR_AHEAD = int(now().timestamp()) - 100_000, int(now().timestamp()) + 100_000
HOSTILE: dict[str, tuple[Callable[[Claims], Claims], str]] = {
    "wrong nonce": (changed(nonce="another"), "nonce"),
    "no nonce": (without("nonce"), "nonce"),
    "wrong issuer": (changed(iss="https://login.example.org"), "iss"),
    "wrong audience": (changed(aud="another service"), "aud"),
    "also for another service, without saying who asked": (changed(aud=[CLIENT, "another service"]), "azp"),
    "asked for by another service": (changed(azp="another service"), "azp"),
    "expired": (changed(exp=LONG_AGO), "expired"),
    "never expires": (without("exp"), "exp"),
    "of a time to come": (changed(iat=FAR_AHEAD), "in the future"),
    "not valid yet": (changed(nbf=FAR_AHEAD), "not yet valid"),
    "no subject": (without("sub"), "sub"),
    "an empty subject": (changed(sub=""), "sub"),
    "a subject that is no text": (changed(sub=["amara"]), "sub"),
}


@pytest.mark.parametrize(("spoil", "named"), HOSTILE.values(), ids=HOSTILE)
def test_claims_that_are_not_for_us_prove_nothing(
    ask: Ask, provider: Provider, spoil: Callable[[Claims], Claims], named: str
) -> None:
    provider.rotate("ours")
    assert ask().subject == "amara"  # honest, and signed as what follows
    provider.spoil = spoil
    with pytest.raises(NotProved, match=named):
        ask()


def part(said: Any) -> str:
    return base64.urlsafe_b64encode(json.dumps(said).encode()).decode().rstrip("=")


def by_a_stranger(claims: Claims) -> str:
    """With the identifier of a key that is published."""
    return jwt.encode({"alg": "RS256", "kid": "ours"}, claims, key_called("a stranger's"))


def by_the_public_half(provider: Provider) -> Callable[[Claims], str]:
    """The published half of the key, taken for a shared secret."""

    def signed(claims: Claims) -> str:
        assert provider.key is not None
        text = f"{part({'alg': 'HS256', 'kid': 'ours'})}.{part(claims)}"
        mark = hmac.digest(provider.key.as_pem(private=False), text.encode(), "sha256")
        return f"{text}.{base64.urlsafe_b64encode(mark).decode().rstrip('=')}"

    return signed


FORGED: dict[str, Callable[[Provider], Callable[[Claims], str]]] = {
    "alg none": lambda provider: lambda claims: f"{part({'alg': 'none', 'kid': 'ours'})}.{part(claims)}.",
    "by a key of their own": lambda provider: by_a_stranger,
    "by the public half of the key": by_the_public_half,
    "no token": lambda provider: lambda claims: "",
}


@pytest.mark.parametrize("forge", FORGED.values(), ids=FORGED)
def test_a_signature_by_anybody_else_proves_nothing(
    ask: Ask, provider: Provider, forge: Callable[[Provider], Callable[[Claims], str]]
) -> None:
    provider.rotate("ours")
    assert ask().subject == "amara"
    provider.sign = forge(provider)
    with pytest.raises(NotProved):
        ask()


def test_a_new_key_is_fetched_when_it_is_first_seen_and_no_oftener_than_once_a_minute(
    ask: Ask, provider: Provider
) -> None:
    begin = now()
    ask(at=begin)
    ask(at=begin)
    assert provider.asked.count("/jwks") == 1
    provider.rotate("new")
    later = begin + timedelta(seconds=61)
    assert ask(at=later).subject == "amara"
    assert provider.asked.count("/jwks") == 2
    provider.rotate("never published")
    provider.published = KeySet([key_called("new")])
    for _ in range(3):
        with pytest.raises(NotProved):
            ask(at=later + timedelta(seconds=30))
    assert provider.asked.count("/jwks") == 2  # the last one was read half a minute ago
    with pytest.raises(NotProved):
        ask(at=later + timedelta(seconds=61))
    assert provider.asked.count("/jwks") == 3


def test_a_code_works_once_and_only_in_the_browser_that_set_out(ask: Ask) -> None:
    with pytest.raises(NotProved):
        ask(twice=True)
    with pytest.raises(NotProved):
        ask(back_in="another browser's key")


def test_userinfo_fills_in_the_address_and_of_somebody_else_proves_nothing(ask: Ask, provider: Provider) -> None:
    provider.spoil = without("email")
    assert ask().address == "amara@rvch.example"
    provider.answers["/userinfo"] = Response('{"sub": "denzil", "email": "denzil@rvch.example"}')
    with pytest.raises(NotProved):
        ask()


def test_the_clocks_may_differ_by_two_minutes(ask: Ask, provider: Provider) -> None:
    provider.spoil = changed(iat=int(now().timestamp()) + 100)
    assert ask().subject == "amara"


@pytest.mark.parametrize(
    ("path", "answer"),
    [
        ("/.well-known/openid-configuration", Response("down", status=503)),
        ("/.well-known/openid-configuration", Response("<p>Welcome</p>")),
        ("/.well-known/openid-configuration", Response(status=302, headers={"Location": "/elsewhere"})),
        ("/.well-known/openid-configuration", Response("[" + "1," * 600_000 + "1]")),
        ("/jwks", Response("[]")),
        ("/oauth2/token", Response("down", status=503)),
    ],
)  # fmt: skip
def test_a_provider_that_does_not_answer_is_silent_and_left_alone_for_a_moment(
    ask: Ask, provider: Provider, path: str, answer: Response
) -> None:
    provider.answers[path] = answer
    begin = now()
    with pytest.raises(Silent):
        ask(at=begin)
    times = provider.asked.count(path)
    with pytest.raises(Silent):
        ask(at=begin)
    assert provider.asked.count(path) == times
    provider.answers.clear()
    assert ask(at=begin + timedelta(seconds=31)).subject == "amara"


def test_metadata_of_somebody_else_or_without_safe_addresses_are_not_taken(provider: Provider) -> None:
    def check(**more: Any) -> None:
        asked = Providers([configured(provider, **more)], "{}")
        asked.check(asked.find("nhs"), now=now())

    check()
    with pytest.raises(Silent, match="calls itself"):
        check(issuer=f"{provider.url}/")
    told = {"issuer": provider.url, "authorization_endpoint": "http://login.example.org/", "jwks_uri": provider.url}
    provider.answers["/.well-known/openid-configuration"] = Response(json.dumps(told))
    with pytest.raises(Silent, match="no safe address as authorization_endpoint, token_endpoint"):
        check()


ENTRA = OidcProvider(
    "entra", "Work", "https://login.microsoftonline.com/organizations/v2.0", CLIENT, "secret",
    domains=("rvch.example",), tenants=("tenant-1",),
)  # fmt: skip


def entra(**more: Any) -> OidcProvider:
    return replace(ENTRA, **more)


def said(**more: Any) -> Claims:
    return {"sub": "s", "iss": "i", "tid": "tenant-1", "email": "Amara@RVCH.example ", **more}


@pytest.mark.parametrize(
    ("claims", "trusts_tenant", "address"),
    [
        (said(), False, ""),  # anybody can write any address into a directory of their own
        (said(), True, "amara@rvch.example"),
        (said(email_verified=True), False, "amara@rvch.example"),
        (said(email_verified="true"), False, "amara@rvch.example"),
        (said(email_verified=False), True, ""),
        (said(email_verified="false"), True, ""),
        (said(email_verified=1), False, "amara@rvch.example"),
        (said(xms_edov=True), False, "amara@rvch.example"),
        (said(xms_edov=False), True, ""),
        (said(acct=1), True, ""),  # a guest in the tenant
        (said(email="amara@elsewhere.example", email_verified=True), True, ""),
        (said(email="amara@rvch.example.evil.example", email_verified=True), True, ""),
        (said(email="a@rvch.example, b@rvch.example", email_verified=True), True, ""),
        (said(email=["amara@rvch.example"], email_verified=True), True, ""),
        ({"sub": "s", "iss": "i", "tid": "tenant-1", "preferred_username": "amara@rvch.example"}, True, ""),
    ],
)
def test_an_address_is_theirs_only_where_somebody_answers_for_it(
    claims: Claims, trusts_tenant: bool, address: str
) -> None:
    assert identity_of(entra(trusts_tenant=trusts_tenant), claims).address == address


def test_only_people_of_the_tenants_that_are_named_come_in() -> None:
    for claims in (said(tid="tenant-2"), said(tid=None), {"sub": "s", "iss": "i"}, {**said(tid="x"), "hd": "tenant-1"}):
        with pytest.raises(FromElsewhere):
            identity_of(entra(), claims)
    assert identity_of(entra(tenants=("rvch.example",)), {"sub": "s", "iss": "i", "hd": "rvch.example"}).subject == "s"


def test_microsofts_shared_endpoint_speaks_for_the_named_tenants_alone() -> None:
    template = "https://login.microsoftonline.com/{tenantid}/v2.0"
    assert is_issuer(entra(), template)
    assert not is_issuer(entra(), "https://login.example.org/{tenantid}/v2.0")
    assert not is_issuer(entra(tenants=()), template)
    assert issuers_of(entra(), template) == ["https://login.microsoftonline.com/tenant-1/v2.0"]


def test_a_second_factor_counts_where_the_setting_names_how_it_is_said() -> None:
    one = entra(factors=(("amr", "mfa"), ("acr", "AAL3")))
    assert identity_of(one, said(amr=["pwd", "mfa"])).has_second_factor
    assert identity_of(one, said(acr="AAL3")).has_second_factor
    for claims in (said(), said(amr=["pwd"]), said(amr="pwd mfa"), said(acr="AAL33"), said(acr="mfa"), said(amr=None)):
        assert not identity_of(one, claims).has_second_factor
    assert not identity_of(entra(), said(amr=["mfa"])).has_second_factor


def test_a_name_that_is_none_is_not_filled_in() -> None:
    assert identity_of(entra(), said(name="  Amara \n Fenwick-Osei")).name == "Amara Fenwick-Osei"
    for name in ("http://evil.example", "x" * 300, 7, None, ""):
        assert identity_of(entra(), said(name=name)).name == ""


GOOD = {
    "LMS_OIDC_NHS_ISSUER": "https://login.example.org/",
    "LMS_OIDC_NHS_CLIENT_ID": "id",
    "LMS_OIDC_NHS_CLIENT_SECRET": "secret",
    "LMS_OIDC_NHS_DOMAINS": "NHS.net, .nhs.uk",
}


def test_settings_name_providers() -> None:
    values = {**GOOD, "LMS_OIDC_NHS_TITLE": "NHSmail", "LMS_OIDC_NHS_TRUST_SECOND_FACTOR": "amr:mfa, acr:urn:x:aal3"}
    (one,), wrong = read_providers(values)
    assert wrong == []
    assert (one.name, one.title, one.domains) == ("nhs", "NHSmail", ("nhs.net", ".nhs.uk"))
    assert one.factors == (("amr", "mfa"), ("acr", "urn:x:aal3"))
    assert [one.speaks_for(each) for each in ("a@nhs.net", "a@x.nhs.uk", "a@nhs.uk", "a@evilnhs.uk")] == [
        True, True, True, False,
    ]  # fmt: skip
    assert "secret" not in repr(one)
    assert read_providers({}) == ((), [])


@pytest.mark.parametrize(
    ("changes", "named"),
    [
        ({"ISSUER": "http://login.example.org"}, "ISSUER should be"),
        ({"ISSUER": ""}, "ISSUER should be"),
        ({"ISSUER": "https://login.microsoftonline.com/common/v2.0"}, "TENANT should name your tenants"),
        ({"CLIENT_ID": ""}, "CLIENT_ID is missing"),
        ({"CLIENT_SECRET": ""}, "CLIENT_SECRET is missing"),
        ({"DOMAINS": ""}, "DOMAINS should name"),
        ({"DOMAINS": "nhs.net; nhs.uk"}, "DOMAINS should name"),
        ({"TRUST_ADDRESSES": "yes"}, "TRUST_ADDRESSES should be"),
        ({"TRUST_ADDRESSES": "tenant"}, "TENANT should name the tenant"),
        ({"TRUST_SECOND_FACTOR": "1"}, "TRUST_SECOND_FACTOR should name"),
        ({"TRUST_SECOND_FACTOR": "scope:mfa"}, "TRUST_SECOND_FACTOR should name"),
        ({"PROMPT": "consent"}, "PROMPT should be"),
        ({"SECRET": "x"}, "LMS_OIDC_NHS_SECRET is set, but nothing here reads it"),
    ],
)
def test_a_wrong_setting_stops_the_start_by_its_name(changes: dict[str, str], named: str) -> None:
    providers, wrong = read_providers({**GOOD, **{f"LMS_OIDC_NHS_{key}": value for key, value in changes.items()}})
    assert providers == ()
    assert len(wrong) == 1
    assert wrong[0].startswith("LMS_OIDC_NHS_")
    assert named in wrong[0]
