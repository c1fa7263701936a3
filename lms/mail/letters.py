"""What a service hands to `work.send`: a letter to one person or one address, known by a key that is used once."""

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
    context: plain JSON values for the words. due_at: not before then; None is at once.
    secret: the context is wiped once sent (sign-in codes).
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
