"""What other systems can ask for, and what they are told."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from lms.frame.work import Work
from lms.kit.errors import NotFound, Reason

NUMBER = re.compile(r"[0-9]{1,9}", re.ASCII)


@dataclass(frozen=True)
class Asked:
    """What another system sent: the names in the `path`, and `query` and `body` as the operation's shapes."""

    path: Mapping[str, str]
    query: Any = None
    body: Any = None

    def number(self, name: str) -> int:
        """A record's number out of the path. Raises NotFound for what cannot be one."""
        if NUMBER.fullmatch(self.path[name]) is None:
            raise NotFound("There is no such thing. Check the number in the address.")
        return int(self.path[name])


@dataclass(frozen=True)
class Operation:
    """One thing that another system can ask of the JSON API: the one source of its route, its checks and its document.

    `name` is `<plugin>.<verb>`, `path` is under /api/v1 (`/events/{event_id}`). `query`, `body` and `answer` are shapes
    (`lms.api.shapes`). `permission` is what the token's role must hold; None: any token. `run(work, asked)` answers the
    `answer` shape, or raises a refusal. All but GET write: they need a token that may, and a repeat with the same
    Idempotency-Key answers the same. `reasons` are those by which it may be refused as things stand.
    With `media`, `run` answers a text of that kind, such as text/csv, and `answer` is `str`.
    """

    name: str
    method: str
    path: str
    words: str
    answer: Any
    run: Callable[[Work, Asked], Any]
    permission: str | None = None
    query: Any = None
    body: Any = None
    status: int = 200
    reasons: tuple[Reason, ...] = ()
    media: str = ""


@dataclass(frozen=True)
class ToldFact:
    """A fact that other systems may follow by webhook, called `<plugin>.<what_happened>`.

    `tell(work, fact)` answers plain JSON values, or the shape, as far as `work.actor` may know them: ids and
    references, never more of a person. None: this reader hears nothing of it. It is asked when the fact is told, and
    again when it is sent.
    `holds` is the shape of what is told (`lms.api.shapes`), for the document and the page of facts.
    """

    name: str
    words: str
    fact: type
    permission: str
    tell: Callable[[Work, Any], Any]
    holds: Any = None
