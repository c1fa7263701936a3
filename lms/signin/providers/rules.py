"""What a provider's word is worth: which issuer, which tenant, which address, and whether a second factor was asked."""

import hashlib
import hmac
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from lms.kit.addresses import LONGEST_ADDRESS, is_mailbox
from lms.kit.names import why_no_name
from lms.kit.providers import OidcProvider

ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA")
"""Signatures by a key of which the provider publishes only the half that checks. Never `none`, never our own secret."""
LEEWAY_SECONDS = 120
"""How far the provider's clock may be off."""
LONGEST_SUBJECT = 255
ANY_TENANT = "{tenantid}"
"""What stands in the issuer of Microsoft's shared endpoints."""
LONGEST_NAME = 100


class NotProved(Exception):
    """A provider's answer proves nothing. `why` is for whoever runs the server; no word of it is shown to people."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


class FromElsewhere(NotProved):
    """Somebody of an organisation that the settings do not name."""


@dataclass(frozen=True)
class TripSecrets:
    """What only the browser that set out can know: by these the answer is bound to it."""

    nonce: str
    verifier: str


def secrets_of(browser_key: str, state: str) -> TripSecrets:
    """Those of one round trip of one browser."""
    return TripSecrets(_derived(browser_key, f"nonce\0{state}"), _derived(browser_key, f"verifier\0{state}"))


def _derived(key: str, purpose: str) -> str:
    return hmac.digest(key.encode(), purpose.encode(), hashlib.sha256).hex()


@dataclass(frozen=True)
class ProvedIdentity:
    """Somebody, as a provider knows them. `address` is one that we take from it as theirs; "" where it gives none."""

    provider: str
    issuer: str
    subject: str
    address: str = ""
    name: str = ""
    has_second_factor: bool = False


def issuers_of(provider: OidcProvider, published: str) -> list[str]:
    """Whose signature on a token is taken, given the issuer that the provider's metadata name."""
    if ANY_TENANT in published:
        return [published.replace(ANY_TENANT, tenant) for tenant in provider.tenants]
    return [published]


def is_issuer(provider: OidcProvider, published: str) -> bool:
    """Whether metadata are those of the issuer that the settings name. Microsoft's shared ones name any tenant."""
    if ANY_TENANT in published:
        return bool(provider.tenants) and published.partition("/{")[0] == provider.issuer.rsplit("/", 2)[0]
    return published == provider.issuer


def identity_of(provider: OidcProvider, claims: Mapping[str, Any]) -> ProvedIdentity:
    """Who it is, by claims that are the provider's own words. Raises NotProved."""
    subject, issuer = claims.get("sub"), claims.get("iss")
    if not isinstance(subject, str) or not 0 < len(subject) <= LONGEST_SUBJECT or not isinstance(issuer, str):
        raise NotProved("no subject")
    if provider.tenants and claims.get("tid", claims.get("hd")) not in provider.tenants:
        raise FromElsewhere("another tenant")
    return ProvedIdentity(
        provider=provider.name,
        issuer=issuer,
        subject=subject,
        address=_address(provider, claims),
        name=_name(claims),
        has_second_factor=any(_says(claims, claim, value) for claim, value in provider.factors),
    )


def _address(provider: OidcProvider, claims: Mapping[str, Any]) -> str:
    """The address, if it is proved to be theirs and the provider may speak for it."""
    typed = claims.get("email")
    address = typed.strip().lower() if isinstance(typed, str) and len(typed) <= LONGEST_ADDRESS else ""
    return (
        address
        if address and is_mailbox(address) and provider.speaks_for(address) and _is_theirs(provider, claims)
        else ""
    )


def _is_theirs(provider: OidcProvider, claims: Mapping[str, Any]) -> bool:
    """Called verified; or given by the tenant's administrators, to a member of it.

    Microsoft calls no address verified, and anybody can write any address into a directory of their own. `xms_edov`
    says that the domain is the tenant's, `acct` 1 that somebody is a guest there.
    """
    if claims.get("email_verified") in (True, "true") or claims.get("xms_edov") in (True, "true", "1", 1):
        return True
    is_member = claims.get("acct") not in (1, "1")
    return provider.trusts_tenant and is_member and "email_verified" not in claims and "xms_edov" not in claims


def _name(claims: Mapping[str, Any]) -> str:
    """What they may be called, to fill in a form; nothing that is no name."""
    name = claims.get("name")
    name = " ".join(name.split()) if isinstance(name, str) else ""
    return "" if len(name) > LONGEST_NAME or why_no_name(name) else name


def _says(claims: Mapping[str, Any], claim: str, value: str) -> bool:
    said = claims.get(claim)
    return value in said if isinstance(said, list) else said == value
