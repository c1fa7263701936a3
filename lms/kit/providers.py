"""Providers of people's accounts at work (OpenID Connect), as the settings `LMS_OIDC_<NAME>_...` name them. Pure."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from urllib.parse import urlsplit

PREFIX = "LMS_OIDC_"
PARTS = (
    "ISSUER",
    "CLIENT_ID",
    "CLIENT_SECRET",
    "TITLE",
    "DOMAINS",
    "TENANT",
    "TRUST_ADDRESSES",
    "TRUST_SECOND_FACTOR",
    "PROMPT",
)
NAME = re.compile(rf"{PREFIX}([A-Z][A-Z0-9_]*?)_({'|'.join(PARTS)})")
DOMAIN = re.compile(r"\.?(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)+[a-z]{2,}")
FACTOR_CLAIMS = ("amr", "acr", "acrs")
SHARED_BY_MICROSOFT = frozenset({"common", "organizations", "consumers"})
ON_THIS_MACHINE = frozenset({"localhost", "127.0.0.1", "::1"})
PROMPTS = ("select_account", "login", "none")
OF_TENANT = "tenant"


@dataclass(frozen=True)
class OidcProvider:
    """Where people of some organisations have an account, and how far its word is taken.

    It speaks for addresses of `domains` alone (".nhs.uk" stands for all below it), and for people of `tenants` alone
    where these are named: the claim `tid` of Microsoft, `hd` of Google. `trusts_tenant`: an address need not be called
    verified, because only the tenant's administrators give one. `factors` are the claims and values by which it says
    that a second factor was asked for.
    """

    name: str
    title: str
    issuer: str
    client_id: str
    client_secret: str = field(repr=False)
    domains: tuple[str, ...]
    tenants: tuple[str, ...] = ()
    trusts_tenant: bool = False
    factors: tuple[tuple[str, str], ...] = ()
    prompt: str = "select_account"

    def speaks_for(self, address: str) -> bool:
        """Whether an address is in one of its domains."""
        domain = address.rpartition("@")[2].lower()
        return any(f".{domain}".endswith(each) if each.startswith(".") else domain == each for each in self.domains)


def read_providers(values: Mapping[str, str]) -> tuple[tuple[OidcProvider, ...], list[str]]:
    """The providers that are named, and a sentence for each setting that is wrong."""
    typed: dict[str, dict[str, str]] = {}
    wrong = []
    for setting, value in sorted(values.items()):
        if not is_of_provider(setting):
            continue
        found = NAME.fullmatch(setting)
        if found is None:
            wrong.append(f"{setting} is set, but nothing here reads it. It should end in _{', _'.join(PARTS)}.")
        else:
            typed.setdefault(found[1], {})[found[2]] = value.strip()
    wrong += [line for name, parts in typed.items() for line in _wrong(f"{PREFIX}{name}_", parts)]
    return (() if wrong else tuple(_provider(name, parts) for name, parts in typed.items())), wrong


def is_of_provider(setting: str) -> bool:
    """Whether a setting is one of a provider's."""
    return setting.startswith(PREFIX)


def is_safe_address(url: str) -> bool:
    """Whether secrets may travel there: by https, or not beyond this machine."""
    try:
        parts = urlsplit(url)
        parts.port  # noqa: B018  (raises ValueError when it is no number)
    except ValueError:
        return False
    on_this_machine = parts.scheme == "http" and parts.hostname in ON_THIS_MACHINE
    return bool(parts.hostname) and (parts.scheme == "https" or on_this_machine)


def _provider(name: str, parts: Mapping[str, str]) -> OidcProvider:
    return OidcProvider(
        name=name.lower().replace("_", "-"),
        title=parts.get("TITLE", name.replace("_", " ")),
        issuer=parts["ISSUER"],
        client_id=parts["CLIENT_ID"],
        client_secret=parts["CLIENT_SECRET"],
        domains=tuple(each.lower() for each in _list(parts["DOMAINS"])),
        tenants=_list(parts.get("TENANT", "")),
        trusts_tenant=parts.get("TRUST_ADDRESSES") == OF_TENANT,
        factors=tuple(_factor(each) for each in _list(parts.get("TRUST_SECOND_FACTOR", ""))),
        prompt=parts.get("PROMPT", PROMPTS[0]),
    )


def _wrong(prefix: str, parts: Mapping[str, str]) -> Iterator[str]:
    issuer = parts.get("ISSUER", "")
    if not is_safe_address(issuer) or urlsplit(issuer).query or urlsplit(issuer).fragment:
        yield f"{prefix}ISSUER should be the provider's own address, by https: https://login.example.org."
    elif _is_everybodys(issuer) and not parts.get("TENANT"):
        yield f"{prefix}TENANT should name your tenants, since {prefix}ISSUER signs in everyone who is with Microsoft."
    for part in ("CLIENT_ID", "CLIENT_SECRET"):
        if not parts.get(part):
            yield f"{prefix}{part} is missing. The provider gives it when you register this service there."
    domains = _list(parts.get("DOMAINS", ""))
    if not domains or not all(DOMAIN.fullmatch(each.lower()) for each in domains):
        yield (
            f"{prefix}DOMAINS should name the domains of the addresses that it speaks for, with commas between them: "
            "nhs.net, .nhs.uk (a dot in front stands for all below it)."
        )
    yield from _wrong_trust(prefix, parts)


def _wrong_trust(prefix: str, parts: Mapping[str, str]) -> Iterator[str]:
    trust = parts.get("TRUST_ADDRESSES", "verified")
    if trust not in ("verified", OF_TENANT):
        yield f"{prefix}TRUST_ADDRESSES should be verified, or {OF_TENANT} where your tenant gives out the addresses."
    elif trust == OF_TENANT and not parts.get("TENANT"):
        yield f"{prefix}TENANT should name the tenant whose addresses are taken without being called verified."
    if not all(_is_factor(each) for each in _list(parts.get("TRUST_SECOND_FACTOR", ""))):
        yield (
            f"{prefix}TRUST_SECOND_FACTOR should name claims and values that say so, with commas between them: "
            f"amr:mfa, acr:AAL3. Claims are {', '.join(FACTOR_CLAIMS)}."
        )
    if parts.get("PROMPT", PROMPTS[0]) not in PROMPTS:
        yield f"{prefix}PROMPT should be {', '.join(PROMPTS[:-1])} or {PROMPTS[-1]}."


def _is_everybodys(issuer: str) -> bool:
    parts = urlsplit(issuer)
    is_microsoft = (parts.hostname or "").endswith(("microsoftonline.com", "microsoftonline.us", "windows.net"))
    return is_microsoft and parts.path.strip("/").partition("/")[0] in SHARED_BY_MICROSOFT


def _is_factor(typed: str) -> bool:
    claim, value = _factor(typed)
    return claim in FACTOR_CLAIMS and bool(value)


def _factor(typed: str) -> tuple[str, str]:
    claim, _, value = typed.partition(":")
    return claim.strip(), value.strip()


def _list(typed: str) -> tuple[str, ...]:
    return tuple(each.strip() for each in typed.split(",") if each.strip())
