"""What holds for agencies: their email domains, their days and their successors. Pure."""

import re
from collections.abc import Iterable
from datetime import date
from typing import Protocol

from lms.kit.errors import Invalid

DOMAIN = re.compile(r"(?:[^\W_](?:[\w-]*[^\W_])?\.)+[^\W\d_]{2,}")
LONGEST_CODE = 40

FREE_MAIL = frozenset({
    "aol.com", "btinternet.com", "gmail.com", "googlemail.com", "hotmail.co.uk", "hotmail.com", "icloud.com",
    "live.co.uk", "live.com", "mail.com", "me.com", "msn.com", "outlook.com", "proton.me", "protonmail.com", "sky.com",
    "talktalk.net", "virginmedia.com", "yahoo.co.uk", "yahoo.com",
})  # fmt: skip
SHARED = frozenset({
    "ac.uk", "cjsm.net", "gov.uk", "justice.gov.uk", "nhs.net", "nhs.uk", "org.uk", "police.uk", "sch.uk",
})  # fmt: skip


class Succeeded(Protocol):
    """An agency, as far as its line of successors goes."""

    @property
    def successor(self) -> "Succeeded | None": ...


def clean_code(typed: str, *, field: str = "code") -> str:
    """An agency's code as it is kept: short, and without spaces inside."""
    code = typed.strip()
    if not code or len(code) > LONGEST_CODE or any(each.isspace() or each == ";" for each in code):
        raise Invalid("Enter a code of up to 40 letters and figures without spaces, like RVCH.", field=field)
    return code


def clean_domains(typed: Iterable[str], *, field: str = "domains") -> list[str]:
    """Email domains as they are kept: in lower case, without an @, each once."""
    domains = list(dict.fromkeys(each.strip().lower().removeprefix("@") for each in typed if each.strip()))
    for domain in domains:
        if not DOMAIN.fullmatch(domain):
            raise Invalid(
                f"{domain} is not an email domain. Enter the part after the @, like rvch.example.", field=field
            )
    return domains


def domain_warning(domain: str) -> str | None:
    """Why a domain says little about who somebody works for, or None."""
    if domain in FREE_MAIL:
        return f"Anyone can have an address at {domain}, so anyone could register as one of this agency's people."
    if domain in SHARED:
        return f"Many agencies share {domain}, so people of others could register as one of this agency's people."
    return None


def check_days(opened_on: date | None, closed_on: date | None) -> None:
    """An agency closes on or after the day on which it opened."""
    if opened_on and closed_on and closed_on < opened_on:
        raise Invalid("An agency cannot close before it opened. Check the two dates.", field="closed_on")


def check_successor(
    agency: Succeeded, successor: Succeeded | None, *, closed_on: date | None, field: str = "successor_code"
) -> None:
    """An agency with a successor has closed, and successors never lead back to it."""
    if successor is None:
        return
    if closed_on is None:
        raise Invalid("An agency with a successor has closed. Enter the date it closed.", field="closed_on")
    following: Succeeded | None = successor
    while following is not None:
        if following is agency:
            raise Invalid("These agencies would replace each other in a circle. Choose another one.", field=field)
        following = following.successor
