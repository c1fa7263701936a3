"""How an identity provider's words and ours go together. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from unicodedata import normalize

from lms.kit.errors import Invalid

PROVISION = "in_step.provision"
MOST_RESULTS = 200
LONGEST = 254
TAKEN = "Someone has this {what} already. Find them by a filter, and change them."
MERGED = "The record of this userName was merged into that of the user {id}. Remove one of the two accounts."
SEVERAL_AGENCIES = (
    "This token serves several agencies, so no one knows which one is meant. Use a token of one, or an office's."
)
NOT_A_MEMBER = "There is no user {id} among those of the token."
KEPT_BY_OFFICE = (
    "Groups here are agencies and kinds of work, which the office keeps. Give the group the name of one, and it is "
    "found by displayName."
)
NAMED_BY_OFFICE = "The names of agencies and kinds of work are the office's to change."


def key_of(user_name: str) -> str:
    """A user's name as it is compared: small letters are as good as capital ones."""
    return normalize("NFC", normalize("NFC", user_name).lower())


@dataclass(frozen=True)
class ScimCall:
    """What an identity provider asks, as HTTP has it; `path` is below /scim/v2."""

    method: str
    base_url: str
    path: str
    query: Mapping[str, str]
    headers: Sequence[tuple[str, str]]
    body: bytes


@dataclass(frozen=True)
class ScimReply:
    """What it is told, as HTTP has it."""

    status: int
    headers: Mapping[str, str]
    body: bytes


@dataclass(frozen=True)
class NamesGiven:
    """What an identity provider calls somebody: for display, and in parts."""

    display: str
    given: str
    family: str

    @property
    def joined(self) -> str:
        return f"{self.given} {self.family}".strip()


def name_of(given: NamesGiven, *, was: NamesGiven, user_name: str) -> str:
    """The name of the record: what changed counts, the displayed one first; the user's name where there is none."""
    if given.display and given.display != was.display:
        return given.display
    if given.joined and given.joined != was.joined:
        return given.joined
    return was.display or user_name


def check_text(value: str, what: str) -> str:
    """A name or number of an identity provider's own. Raises Invalid for what nobody could read."""
    tidy = value.strip()
    if len(tidy) > LONGEST or not tidy.isprintable():
        raise Invalid(f"{what} has at most {LONGEST} characters, all of which can be printed.", field=what)
    return tidy
