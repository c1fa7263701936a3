"""What can be asked for, and in which words. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from lms.frame.access import ENTRUSTED_ROLES, Role
from lms.kit.words import long_date

LONGEST_WORDS = 500


class EntrustedKind(StrEnum):
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


class RequestOutcome(StrEnum):
    """What happened."""

    AGREED = "agreed"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


class RequestState(StrEnum):
    """Where a request stands: it waits, or it has its outcome."""

    WAITING = "waiting"
    AGREED = RequestOutcome.AGREED.value
    REFUSED = RequestOutcome.REFUSED.value
    WITHDRAWN = RequestOutcome.WITHDRAWN.value


WORDS: Mapping[EntrustedKind, str] = {
    EntrustedKind.ADDRESS: "Change the email address to {email}",
    EntrustedKind.FURTHER_ADDRESS: "Add the further address {address}",
    EntrustedKind.ADDRESS_AWAY: "Take away the further address {address}",
    EntrustedKind.LEAVING: "Note that they left on {on}. {said}",
    EntrustedKind.COMING_BACK: "Note that they are back, with the roles they had",
    EntrustedKind.ROLE: "Make them {role_words}",
    EntrustedKind.ROLE_AWAY: "Take away the role: {role_words}",
    EntrustedKind.MERGE: "Merge another record into this one",
    EntrustedKind.UNMERGE: "Undo a merge: the two are two people again",
    EntrustedKind.SECOND_FACTOR: "Reset the second factor. {reason}",
    EntrustedKind.INVITATION: "Invite them to set up their second factor",
}
"""Each is what the decider reads; the names in braces are those of the details."""


@dataclass(frozen=True)
class ChangeDetails:
    """A change as it is kept: plain values, with the words that its sentence needs."""

    what: EntrustedKind
    values: Mapping[str, Any]

    @property
    def words(self) -> str:
        """Said to whoever decides. What an erasure took away is left out."""
        told = _Empty(self.values)
        if "on" in told:
            told["on"] = long_date(date.fromisoformat(told["on"]))
        if self.what is EntrustedKind.LEAVING:
            told["said"] = "".join(f"{each}. " for each in told.get("said", ()))
        if told.get("email") == "":
            told["email"] = "none: no email reaches them then"
        return WORDS[self.what].format_map(told).strip()

    @property
    def gives_entrusted_role(self) -> bool:
        """Whether somebody becomes entrusted by it."""
        return self.what is EntrustedKind.ROLE and Role(self.values["role"]) in ENTRUSTED_ROLES


class _Empty(dict[str, Any]):
    def __missing__(self, name: str) -> str:
        return "(erased)"
