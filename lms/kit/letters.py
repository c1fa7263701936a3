"""What a service hands to `work.send`: a letter to one person or one address, known by a key that is used once.

And to `work.send_to_many`: what a letter says to everybody, and a copy of it for each.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any


@dataclass(frozen=True)
class CalendarPart:
    """The text/calendar part of a letter. `method` is said in the MIME type too; Outlook insists."""

    method: str
    text: str


@dataclass(frozen=True)
class Letter:
    """One letter.

    kind: `<plugin>.<letter>`; its words are in `templates/email/<plugin>/<letter>/`.
    key: `kind:person:object:occurrence`; a second letter with the same key is never sent.
    person_id: who it is for; the address is looked up when it goes. Or, for somebody with no record here (a line
    manager), `to_name` and `to_address`.
    context: plain JSON values for the words. due_at: not before then; None is at once, or as `can_wait` says.
    secret: the context is wiped once sent (sign-in codes).
    booking_id, event_id, invitation_id: what it is about, so that plugins can be asked when it is about to go whether
    what it says is still so (`lms.frame.plugins.StillTrue`). event_version: what was told of the event when it was
    put together. good_until: after that it does not go any more.
    can_wait: nobody sits and waits for it, so that it goes in office hours, unless what it concerns begins at
    `concerns_at` within 48 hours, or it answers what its reader just did.
    better_twice: missing it is worse than having it twice, where what it concerns begins within 48 hours: a change, a
    cancellation. So it goes again where the mail server did not say that it takes it. Secret ones always do.
    gathers: a kind of letter that holds many such as this. What would go alone waits for 08:00 of the next working day,
    and all that is due to one reader then goes as that letter, with their contexts as `lines`; a single one as itself.
    """

    kind: str
    key: str
    context: dict[str, Any]
    person_id: int | None = None
    to_name: str = ""
    to_address: str = ""
    due_at: datetime | None = None
    calendar: CalendarPart | None = field(default=None)
    secret: bool = False
    booking_id: int | None = None
    event_id: int | None = None
    event_version: int | None = None
    invitation_id: int | None = None
    good_until: datetime | None = None
    can_wait: bool = False
    concerns_at: datetime | None = None
    better_twice: bool = False
    gathers: str = ""


@dataclass(frozen=True)
class ForMany:
    """One letter that many people get. Its words are put together once; a copy fills in what is its own.

    kind: as for a Letter. key: `kind:object:occurrence`, kept once; more copies may follow under it.
    context: plain JSON values for the words. fills: the names of what differs, which the templates see like any
    other value, but only to print it: whole, not tested or counted, and only what is safe in an address where it
    stands in a link.
    list_name: the mailing list that it belongs to; whoever left that list gets no copy. "" for what must arrive.
    can_wait: as for a Letter; its copies go in office hours.
    """

    kind: str
    key: str
    context: dict[str, Any]
    fills: frozenset[str] = frozenset()
    list_name: str = ""
    can_wait: bool = False


@dataclass(frozen=True)
class Copy:
    """One copy: to a person, or to an address that several share. `key` is used once, like that of a Letter."""

    key: str
    person_id: int | None = None
    to_name: str = ""
    to_address: str = ""
    fills: Mapping[str, str] = field(default_factory=dict)
    due_at: datetime | None = None
