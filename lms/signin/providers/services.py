"""Talking to providers: what they publish, the way there, and who came back. No transaction is open meanwhile."""

import json
import logging
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from threading import Lock
from typing import Any, cast

import requests
from authlib.common.errors import AuthlibBaseError
from authlib.integrations.requests_client import OAuth2Session
from authlib.oidc.core import CodeIDToken
from joserfc import jwt
from joserfc.errors import InvalidKeyIdError, JoseError
from joserfc.jwk import KeySet, KeySetSerialization
from joserfc.jws import JWSRegistry

from lms.frame.deadlines import Deadline
from lms.kit.errors import NotFound
from lms.kit.providers import OidcProvider, is_safe_address
from lms.signin.providers.rules import (
    ALGORITHMS,
    LEEWAY_SECONDS,
    NotProved,
    ProvedIdentity,
    TripSecrets,
    identity_of,
    is_issuer,
    issuers_of,
)

logger = logging.getLogger(__name__)

SECONDS, SECONDS_EACH = 10, 5
PUBLISHED_LASTS = timedelta(hours=12)
KEYS_APART = timedelta(minutes=1)
"""A token with a key that we do not know has the keys read anew, at most so often: anybody can send one."""
SILENT_FOR = timedelta(seconds=30)
LARGEST_ANSWER = 1_000_000
SCOPES = "openid email profile"
OF_USERINFO = ("email", "email_verified", "name")
ADDRESSES = ("authorization_endpoint", "token_endpoint", "jwks_uri")


class Silent(Exception):
    """A provider does not answer, or not as OpenID Connect has it. The words are for whoever runs the server."""


@dataclass
class Published:
    """What a provider publishes of itself, and when it was read. Shared by the threads of one process."""

    metadata: dict[str, Any] = field(default_factory=dict)
    read_at: datetime | None = None
    keys: dict[str, Any] = field(default_factory=dict)
    keys_read_at: datetime | None = None
    silent_until: datetime | None = None
    lock: Lock = field(default_factory=Lock)


class Providers:
    """Those of this installation. `back_to` is the address to which they send people back, `{}` for the name."""

    def __init__(self, providers: Sequence[OidcProvider], back_to: str) -> None:
        self.all = tuple(providers)
        self._back_to = back_to
        self._published = {each.name: Published() for each in self.all}

    def find(self, name: str) -> OidcProvider:
        """A provider by its name. Raises NotFound."""
        found = next((each for each in self.all if each.name == name), None)
        if found is None:
            raise NotFound("There is no page here. Go to the sign-in page and choose how to sign in.")
        return found

    def title_of(self, name: str) -> str:
        """What people call it; its name, where the settings know it no more."""
        return next((each.title for each in self.all if each.name == name), name)

    def for_address(self, address: str) -> list[OidcProvider]:
        """Those that speak for an address."""
        return [each for each in self.all if "@" in address and each.speaks_for(address)]

    def back_to(self, provider: OidcProvider) -> str:
        """Where a provider sends people back to: to be registered there."""
        return self._back_to.format(provider.name)

    def way_there(self, provider: OidcProvider, state: str, trip: TripSecrets, *, now: datetime) -> str:
        """The address at the provider where somebody shows who they are. Raises Silent."""
        metadata = self.metadata(provider, now=now)
        more: dict[str, str] = {} if provider.prompt == "none" else {"prompt": provider.prompt}
        if asked := [value for claim, value in provider.factors if claim == "acr"]:
            more["acr_values"] = " ".join(asked)
        with self._session(provider, metadata) as session:
            session.code_challenge_method = "S256"
            address, _ = session.create_authorization_url(
                metadata["authorization_endpoint"], state=state, nonce=trip.nonce, code_verifier=trip.verifier, **more
            )
        return cast(str, address)

    def identity(self, provider: OidcProvider, code: str, trip: TripSecrets, *, now: datetime) -> ProvedIdentity:
        """Who came back with this code. Raises Silent, or NotProved where the answer proves nothing."""
        metadata = self.metadata(provider, now=now)
        token = self._told(provider, now, lambda: self._token(provider, metadata, code, trip))
        claims = self._claims(provider, metadata, token, trip, now=now)
        userinfo = str(metadata.get("userinfo_endpoint", ""))
        if "email" not in claims and is_safe_address(userinfo) and token.get("access_token"):
            more = self._told(provider, now, lambda: _read(userinfo, token["access_token"]))
            if more.get("sub") != claims.get("sub"):
                raise NotProved("userinfo of someone else")
            claims |= {name: more[name] for name in OF_USERINFO if name in more}
        return identity_of(provider, claims)

    def check(self, provider: OidcProvider, *, now: datetime) -> None:
        """Whether it publishes what signing in needs. Raises Silent."""
        self._keys(provider, self.metadata(provider, now=now), now=now)

    def metadata(self, provider: OidcProvider, *, now: datetime) -> dict[str, Any]:
        """What the provider publishes of itself, read again twice a day. Raises Silent."""
        known = self._published[provider.name]
        if known.read_at is not None and known.read_at <= now < known.read_at + PUBLISHED_LASTS:
            return known.metadata
        found = self._told(provider, now, lambda: _read(_metadata_address(provider)))
        if wrong := wrong_metadata(provider, found):
            raise Silent(wrong)
        with known.lock:
            known.metadata, known.read_at = found, now
        return found

    def _claims(
        self, provider: OidcProvider, metadata: dict[str, Any], token: dict[str, Any], trip: TripSecrets, *,
        now: datetime,
    ) -> dict[str, Any]:  # fmt: skip
        """What the ID token says, once its signature, issuer, audience, time and nonce are right. Raises NotProved."""
        said = metadata.get("id_token_signing_alg_values_supported") or ["RS256"]
        registry = JWSRegistry(algorithms=[each for each in ALGORITHMS if each in said], strict_check_header=False)
        wanted = {
            "iss": {"essential": True, "values": issuers_of(provider, metadata["issuer"])},
            "aud": {"essential": True, "value": provider.client_id},
            "nonce": {"essential": True, "value": trip.nonce},
        }
        given = {
            "nonce": trip.nonce,
            "client_id": provider.client_id,
            "access_token": token.get("access_token"),
        }
        try:
            found = self._decoded(provider, metadata, str(token["id_token"]), registry, now=now)
            claims = CodeIDToken(found.claims, found.header, wanted, given)
            claims.validate(now=int(now.timestamp()), leeway=LEEWAY_SECONDS)
        except (JoseError, AuthlibBaseError, KeyError, TypeError, ValueError) as error:
            raise NotProved(f"{type(error).__name__}: {error}") from error
        return dict(claims)

    def _decoded(
        self, provider: OidcProvider, metadata: dict[str, Any], token: str, registry: JWSRegistry, *, now: datetime
    ) -> jwt.Token:
        keys = self._keys(provider, metadata, now=now)
        try:
            return jwt.decode(token, keys, registry=registry)
        except InvalidKeyIdError:
            return jwt.decode(token, self._keys(provider, metadata, now=now, anew=True), registry=registry)

    def _keys(self, provider: OidcProvider, metadata: dict[str, Any], *, now: datetime, anew: bool = False) -> KeySet:
        """The provider's keys. `anew` reads them again, unless that was done a moment ago."""
        known = self._published[provider.name]
        apart = KEYS_APART if anew else PUBLISHED_LASTS
        if known.keys_read_at is None or not known.keys_read_at <= now < known.keys_read_at + apart:
            found = self._told(provider, now, lambda: _read(metadata["jwks_uri"]))
            with known.lock:
                known.keys, known.keys_read_at = found, now
        try:
            return KeySet.import_key_set(cast(KeySetSerialization, known.keys))
        except (JoseError, KeyError, TypeError, ValueError) as error:
            raise Silent(f"{provider.title} publishes no key that signs.") from error

    def _token(self, provider: OidcProvider, metadata: dict[str, Any], code: str, trip: TripSecrets) -> dict[str, Any]:
        with self._session(provider, metadata) as session:
            found = session.fetch_token(
                metadata["token_endpoint"],
                grant_type="authorization_code",
                code=code,
                code_verifier=trip.verifier,
                allow_redirects=False,
            )
        return dict(found)

    def _session(self, provider: OidcProvider, metadata: dict[str, Any]) -> Any:
        ways = metadata.get("token_endpoint_auth_methods_supported") or ["client_secret_basic"]
        return OAuth2Session(
            provider.client_id,
            provider.client_secret,
            scope=SCOPES,
            redirect_uri=self.back_to(provider),
            token_endpoint_auth_method="client_secret_basic" if "client_secret_basic" in ways else "client_secret_post",
            default_timeout=SECONDS_EACH,
        )

    def _told(self, provider: OidcProvider, now: datetime, ask: Any) -> dict[str, Any]:
        """What a provider answers within the time. One that was silent is left alone for a moment. Raises Silent."""
        known = self._published[provider.name]
        if known.silent_until is not None and now < known.silent_until:
            raise Silent(f"{provider.title} did not answer a moment ago.")
        try:
            with Deadline(SECONDS) as deadline:
                return cast(dict[str, Any], deadline.ask(ask))
        except AuthlibBaseError as error:
            raise NotProved(f"refused: {error.error}") from error
        except (requests.RequestException, OSError, ValueError) as error:
            known.silent_until = now + SILENT_FOR
            logger.warning("The provider %s does not answer: %s", provider.name, type(error).__name__)
            raise Silent(f"{provider.title} does not answer ({type(error).__name__}).") from error


def wrong_metadata(provider: OidcProvider, metadata: dict[str, Any]) -> str:
    """What is wrong with what a provider publishes, in a sentence; "" where nothing is."""
    published = metadata.get("issuer")
    if not isinstance(published, str) or not is_issuer(provider, published):
        return f"{provider.title} calls itself {published}, and the setting of its issuer says {provider.issuer}."
    unsafe = [each for each in ADDRESSES if not is_safe_address(str(metadata.get(each, "")))]
    if unsafe:
        return f"{provider.title} publishes no safe address as {', '.join(unsafe)}."
    return ""


def _metadata_address(provider: OidcProvider) -> str:
    return f"{provider.issuer.rstrip('/')}/.well-known/openid-configuration"


def _read(url: str, token: str | None = None) -> dict[str, Any]:
    """A JSON object at an address, not too large, and from nowhere else than there. Raises ValueError for all else."""
    headers = {"Accept": "application/json"} | ({"Authorization": f"Bearer {token}"} if token else {})
    with requests.get(url, headers=headers, timeout=SECONDS_EACH, allow_redirects=False, stream=True) as answer:
        answer.raise_for_status()
        body = answer.raw.read(LARGEST_ANSWER + 1, decode_content=True)
    found = json.loads(body) if len(body) <= LARGEST_ANSWER else None
    if not isinstance(found, dict):
        raise ValueError("no JSON object")
    return found
