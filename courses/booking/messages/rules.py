"""Who to a message goes, and how that reads."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from courses.booking.bookings.rules import BookingState
from lms.kit.words import listed

LONGEST_SUBJECT = 150
LONGEST_BODY = 8_000


class ReaderGroup(StrEnum):
    """Whom one can write to at once."""

    BOOKED = "booked"
    WAITING = "waiting"
    ASKED = "asked"
    TRAINERS = "trainers"
    ASKING = "asking"


GROUP_WORDS = {
    ReaderGroup.BOOKED: "everyone who has a place",
    ReaderGroup.WAITING: "everyone on the waiting list",
    ReaderGroup.ASKED: "everyone whose place has to be agreed",
    ReaderGroup.TRAINERS: "the trainers",
    ReaderGroup.ASKING: "everyone who asks for a date",
}

STATES_OF = {
    ReaderGroup.BOOKED: frozenset({BookingState.CONFIRMED}),
    ReaderGroup.WAITING: frozenset({BookingState.WAITING, BookingState.OFFERED}),
    ReaderGroup.ASKED: frozenset({BookingState.AWAITING_MANAGER}),
}
GROUP_OF = {state: group for group, states in STATES_OF.items() for state in states}


@dataclass(frozen=True)
class MessageReader:
    """Somebody who can be written to, and why: by a booking, as a trainer, or because they ask for a date."""

    person_id: int
    name: str
    agency: str
    group: ReaderGroup
    has_email: bool
    booking_id: int | None = None
    interest_id: int | None = None


@dataclass(frozen=True)
class MessageWritten:
    """What somebody wrote, to which groups and to who by name."""

    subject: str
    body: str
    groups: frozenset[ReaderGroup] = frozenset()
    person_ids: frozenset[int] = frozenset()


def readers_chosen(everybody: Iterable[MessageReader], written: MessageWritten) -> list[MessageReader]:
    """Those of the groups and those chosen by name, each once, in the order in which they stand."""
    found: dict[int, MessageReader] = {}
    for each in everybody:
        if each.group in written.groups or each.person_id in written.person_ids:
            found.setdefault(each.person_id, each)
    return list(found.values())


def to_words(everybody: Sequence[MessageReader], written: MessageWritten) -> str:
    """“the trainers and 2 people chosen by name”."""
    of_groups = {each.person_id for each in everybody if each.group in written.groups}
    alone = {each.person_id for each in everybody} & written.person_ids - of_groups
    parts = [GROUP_WORDS[group] for group in ReaderGroup if group in written.groups]
    if alone:
        parts.append("one person chosen by name" if len(alone) == 1 else f"{len(alone)} people chosen by name")
    return listed(parts)


def groups_there(everybody: Iterable[MessageReader]) -> dict[ReaderGroup, int]:
    """How many are in each group that somebody is in."""
    found: dict[ReaderGroup, int] = {}
    for each in everybody:
        found[each.group] = found.get(each.group, 0) + 1
    return {group: found[group] for group in ReaderGroup if group in found}


def without_address(readers: Collection[MessageReader]) -> list[MessageReader]:
    """Whom a message does not reach."""
    return [each for each in readers if not each.has_email]
