"""What can be asked for, and in which words. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from lms.frame.access import ENTRUSTED_ROLES, Role
from lms.kit.words import long_date

LONGEST_WORDS = 500


class Wanted(StrEnum):
    """What somebody wants changed of a record that is entrusted."""

    ADDRESS = "address"
    FURTHER_ADDRESS = "further_address"
    ADDRESS_AWAY = "address_away"
    LEAVING = "leaving"
    COMING_BACK = "coming_back"
    ROLE = "role"
    ROLE_AWAY = "role_away"
    MERGE = "merge"
    UNMERGE = "unmerge"
    SECOND_FACTOR = "second_factor"
    INVITATION = "invitation"


class Outcome(StrEnum):
    """What became of it."""

    AGREED = "agreed"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


WORDS: Mapping[Wanted, str] = {
    Wanted.ADDRESS: "Change the email address to {email}",
    Wanted.FURTHER_ADDRESS: "Add the further address {address}",
    Wanted.ADDRESS_AWAY: "Take away the further address {address}",
    Wanted.LEAVING: "Note that they left on {on}",
    Wanted.COMING_BACK: "Note that they are back, with the roles they had",
    Wanted.ROLE: "Make them {role_words}",
    Wanted.ROLE_AWAY: "Take away the role: {role_words}",
    Wanted.MERGE: "Merge another record into this one",
    Wanted.UNMERGE: "Undo a merge: the two are two people again",
    Wanted.SECOND_FACTOR: "Reset the second factor. {reason}",
    Wanted.INVITATION: "Invite them to set up their second factor",
}
"""Each is what the decider reads; the names in braces are those of the details."""


@dataclass(frozen=True)
class Details:
    """A change as it is kept: plain values, with the words that its sentence needs."""

    what: Wanted
    values: Mapping[str, Any]

    @property
    def words(self) -> str:
        """Said to whoever decides. What an erasure took away is left out."""
        told = _Empty(self.values)
        if "on" in told:
            told["on"] = long_date(date.fromisoformat(told["on"]))
        if told.get("email") == "":
            told["email"] = "none: no letter reaches them then"
        return WORDS[self.what].format_map(told)

    @property
    def gives_entrusted_role(self) -> bool:
        """Whether somebody becomes entrusted by it."""
        return self.what is Wanted.ROLE and Role(self.values["role"]) in ENTRUSTED_ROLES


class _Empty(dict[str, Any]):
    def __missing__(self, name: str) -> str:
        return "(erased)"
