"""What a token looks like, when it is valid, and what whoever makes one may give it."""

import hashlib
import secrets
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from lms.frame.access import Role
from lms.kit.errors import Invalid

PREFIX = "gt_"
SHOWN_CHARACTERS = 10
LONGEST_NAME = 80
ROLES = tuple(role for role in Role if role is not Role.DELEGATE and role is not Role.TRAINER)
"""A token acts for an office. Delegates and trainers are persons, and a token is none."""


class Power(StrEnum):
    """What a token may beyond reading and booking, each by a choice of its own when it is made."""

    PEOPLE = "people"
    TABLES = "tables"
    SCIM = "scim"


POWER_WORDS = {
    Power.PEOPLE: "add, change and end the records of people, and of agencies where it is not limited to some",
    Power.TABLES: "fetch the tables under Downloads, which name people",
    Power.SCIM: "add, change and end the records of people as an identity provider does, by SCIM",
}
PERMISSIONS_OF_POWERS = {
    Power.PEOPLE: "in_step.keep_people",
    Power.TABLES: "tables.take_by_system",
    Power.SCIM: "in_step.provision",
}
"""The permission without which a token is that was not given the power, whatever its role."""


def without_powers(powers: Collection[str]) -> frozenset[str]:
    """The permissions that a token with these powers does not have."""
    return frozenset(name for power, name in PERMISSIONS_OF_POWERS.items() if power.value not in powers)


@dataclass(frozen=True)
class TokenWanted:
    """What a new token is to be."""

    name: str
    role: Role
    agency_id: int | None = None
    may_write: bool = False
    ends_on: date | None = None
    powers: tuple[Power, ...] = ()
    further_codes: tuple[str, ...] = ()


SANDBOX = "gt_sandbox-of-the-demonstration-opens-nothing-elsewhere"
"""The token by which programmers try the demonstration. It is no secret, and outside a demonstration it is no token."""


def is_sandbox(secret: str) -> bool:
    """Whether this is the demonstration's token."""
    return secret == SANDBOX


def new_secret() -> str:
    """A fresh secret: 256 random bits behind a prefix by which scanners for lost secrets find it."""
    return PREFIX + secrets.token_urlsafe(32)


def digest(secret: str) -> str:
    """As it is kept."""
    return hashlib.sha256(secret.encode("utf-8", "surrogateescape")).hexdigest()


def is_over(*, is_revoked: bool, ends_on: date | None, today: date) -> bool:
    """Whether a token opens nothing any more. It is valid on its last day."""
    return is_revoked or (ends_on is not None and today > ends_on)


def check_name(name: str) -> str:
    """The name, tidied. Raises Invalid."""
    tidy = " ".join(name.split())
    if not tidy:
        raise Invalid("Enter which system uses it, for example “HR system of the council”.", field="name")
    if len(tidy) > LONGEST_NAME:
        raise Invalid(f"Use {LONGEST_NAME} characters at most.", field="name")
    return tidy


def check_scope(role: Role, *, has_agency: bool, further: bool = False) -> None:
    """Raises Invalid when role and agency do not fit."""
    if role not in ROLES:
        raise Invalid("A token acts for an office, so it cannot be a delegate or a trainer.", field="role")
    if role is Role.AGENCY_LEAD and not has_agency:
        raise Invalid("Choose the agency whose people and bookings it shows.", field="agency_id")
    if role is not Role.AGENCY_LEAD and (has_agency or further):
        raise Invalid("Only a token of an agency lead names an agency. Leave it empty.", field="agency_id")


def check_end(ends_on: date | None, today: date) -> None:
    """Raises Invalid for a day that is past."""
    if ends_on is not None and ends_on < today:
        raise Invalid("This day is past. Choose today or a later day, or leave it empty.", field="ends_on")
