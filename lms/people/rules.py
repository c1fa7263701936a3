"""What makes an address usable, when two records may be one person, and who decides about the entrusted. Pure."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date

from lms.frame.access import ENTRUSTED_ROLES, ROLE_WORDS, Actor, Role
from lms.kit.addresses import mailbox_of
from lms.kit.errors import Invalid, NotAllowed, Reason
from lms.kit.folding import folded
from lms.kit.words import listed


@dataclass(frozen=True)
class PersonCompared:
    """What is compared of a person."""

    id: int
    name: str
    email: str
    agency_id: int | None


@dataclass(frozen=True)
class PersonDetails:
    """What is said about a person. Addresses may be typed in any way; they are kept clean."""

    name: str
    email: str = ""
    phone: str = ""
    job_title: str = ""
    agency_id: int | None = None
    role_group_id: int | None = None
    manager_name: str = ""
    manager_email: str = ""


DECIDED_BY_MANAGER = (
    "A business manager decides changes to the addresses, roles and ways to sign in of anyone who is "
    f"{listed((ROLE_WORDS[role] for role in Role if role in ENTRUSTED_ROLES), 'or')}."
)
DECIDED_BY_ANOTHER = "This is about your own record, so another business manager decides."


ENTRUSTED = Reason("entrusted", DECIDED_BY_MANAGER)
"""What other systems are told: the very sentence that the office reads."""


def role_words(role: Role, agency: str = "") -> str:
    """agency lead for Larkham Primary School"""
    return f"{ROLE_WORDS[role]} for {agency}" if agency else ROLE_WORDS[role]


def why_not_decide(actor: Actor, entrusted_ids: Collection[int]) -> str:
    """Why this actor does not decide what concerns these entrusted records, in a sentence; "" when they do.

    A business manager decides, and nobody decides about themselves. A token is no person; a command is the operator's.
    """
    if not entrusted_ids or actor.is_program:
        return ""
    if actor.person_id is None or Role.BUSINESS_MANAGER not in actor.roles:
        return DECIDED_BY_MANAGER
    return DECIDED_BY_ANOTHER if actor.person_id in entrusted_ids else ""


def check_decides(actor: Actor, entrusted_ids: Collection[int]) -> None:
    """Raises NotAllowed for whoever does not decide what concerns these entrusted records."""
    if words := why_not_decide(actor, entrusted_ids):
        raise NotAllowed(words, reason=ENTRUSTED)


def is_own_mailbox(address: str, own: Iterable[str]) -> bool:
    """Whether an address leads to one of a person's own mailboxes."""
    return bool(address) and mailbox_of(address) in {mailbox_of(each) for each in own if each}


def check_manager_is_another(address: str, own: Iterable[str]) -> None:
    """The line manager is another person. Raises Invalid at the field `manager_email`."""
    if is_own_mailbox(address, own):
        raise Invalid(
            "This is the person’s own address. Enter the line manager’s, or leave it empty.", field="manager_email"
        )


def domain_of(address: str) -> str:
    """What stands after the @."""
    return address.rpartition("@")[2]


def likely_duplicates(people: Iterable[PersonCompared]) -> list[tuple[str, list[int]]]:
    """Groups of people who may be one, with why: the same address, or the same name in the same agency."""
    by_address: dict[str, list[int]] = {}
    by_name: dict[tuple[str, int | None], list[int]] = {}
    for each in people:
        if each.email:
            by_address.setdefault(each.email, []).append(each.id)
        by_name.setdefault((folded(each.name), each.agency_id), []).append(each.id)
    same_address = [ids for ids in by_address.values() if len(ids) > 1]
    same_name = [ids for ids in by_name.values() if len(ids) > 1 and ids not in same_address]
    return [("same address", ids) for ids in same_address] + [("same name and agency", ids) for ids in same_name]


def check_left(left_on: date, *, today: date) -> None:
    """Somebody has left on a day that has been."""
    if left_on > today:
        raise Invalid("This date is in the future. Say that someone has left on the day or after it.", field="left_on")
