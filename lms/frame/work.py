"""Work: what every service is handed. One database session, who asks, what time it is, and the site it happens in."""

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, Protocol, TypeVar

import sqlalchemy as sa
from sqlalchemy.orm import Session

from lms.audit.models import AuditEntry
from lms.frame.access import Actor, Role
from lms.frame.db import work_at
from lms.frame.settings import Settings
from lms.kit.letters import Copy, ForMany, Letter
from lms.kit.questions import Question
from lms.mail.models import OutboxLetter
from lms.mail.outbox import put_all_in_outbox, put_in_outbox, put_many_in_outbox

T = TypeVar("T")


class SiteOfWork(Protocol):
    """What a service may need of the site around it (see `lms.frame.site.Site`)."""

    @property
    def settings(self) -> Settings: ...

    @property
    def personal_data(self) -> tuple[Any, ...]: ...

    @property
    def retention(self) -> tuple[Any, ...]: ...

    def title_of(self, name: str) -> str: ...

    def hosts(self, plugin: str) -> bool: ...

    @property
    def written(self) -> tuple[Any, ...]: ...

    def listeners_to(self, fact: object) -> tuple[Any, ...]: ...

    def why_not_send(self, work: Any, letter: OutboxLetter) -> str: ...

    def own_links(self, work: Any, letter: OutboxLetter, address: str) -> dict[str, Any]: ...

    def answer_to(self, question: object) -> Any: ...

    def setting(self, name: str) -> Any: ...

    def permissions_of(self, roles: frozenset[Role]) -> frozenset[str]: ...

    @property
    def waiting(self) -> tuple[Any, ...]: ...

    @property
    def report_sections(self) -> tuple[Any, ...]: ...

    @property
    def keyed(self) -> tuple[Any, ...]: ...

    @property
    def links(self) -> tuple[Any, ...]: ...

    @property
    def mailing_lists(self) -> tuple[Any, ...]: ...

    @property
    def record_sources(self) -> tuple[Any, ...]: ...

    @property
    def leaving(self) -> tuple[Any, ...]: ...


class Recorded(Protocol):
    """Anything with an id that the audit can point at."""

    @property
    def id(self) -> Any: ...


@dataclass
class Work:
    """One unit of work. Services write through it and never commit; whoever made it does, once.

    `network` is the address that a request came from, and nothing for commands and jobs.
    """

    session: Session
    actor: Actor
    now: datetime
    site: SiteOfWork
    network: str = ""
    has_letters: bool = field(default=False, init=False)

    def __post_init__(self) -> None:
        work_at(self.session, self.now)

    def send(self, *letters: Letter) -> list[OutboxLetter]:
        """Put letters into the outbox, in this transaction; answers those whose key was not there already."""
        rows = [put_in_outbox(self.session, self._at_its_hour(letter), now=self.now) for letter in letters]
        added = [row for row in rows if row is not None]
        self.has_letters = self.has_letters or bool(added)
        return added

    def send_to_many(self, letter: ForMany, copies: Iterable[Copy]) -> int:
        """Put a copy for each into the outbox, in this transaction; how many were not there already."""
        added = put_many_in_outbox(self.session, letter, copies, now=self.now)
        self.has_letters = self.has_letters or added > 0
        return added

    def send_all(self, letters: Sequence[Letter]) -> dict[str, int]:
        """Put many letters into the outbox at once; answers their ids by key, also of those that were there."""
        ids = put_all_in_outbox(self.session, [self._at_its_hour(each) for each in letters], now=self.now)
        self.has_letters = self.has_letters or bool(letters)
        return ids

    def _at_its_hour(self, letter: Letter) -> Letter:
        """Whoever acts just now waits for the answer, whatever the hour."""
        is_to_them = letter.person_id is not None and letter.person_id == self.actor.person_id
        is_to_them = is_to_them or bool(letter.to_address and letter.to_address == self.actor.address)
        return replace(letter, can_wait=False) if letter.can_wait and is_to_them else letter

    def tell(self, fact: object) -> None:
        """Tell a fact to every listener of every plugin, at once and in this transaction."""
        for listener in self.site.listeners_to(fact):
            try:
                listener(self, fact)
            except Exception as error:
                where = getattr(listener, "__module__", listener)
                error.add_note(f"while {where} heard {type(fact).__name__}, which undoes what was asked for")
                raise

    def ask(self, question: Question[T]) -> T:
        """What the plugin that knows says; where none does, what the question takes for that."""
        say: Callable[[Work, object], T] | None = self.site.answer_to(question)
        return question.unanswered() if say is None else say(self, question)

    def record(
        self,
        event: str,
        thing: Recorded,
        *,
        person_id: int | None = None,
        is_confidential: bool = False,
        **details: Any,
    ) -> None:
        """Write to the audit who did what to which record. `person_id` is whom it concerns, when not in the record.

        A confidential line is shown only to those who may read such lines: that there is one would tell something.
        Raises TypeError for details that are not plain JSON values.
        """
        self.session.flush()
        self.session.add(AuditEntry(**self._line(event, thing, details, person_id, is_confidential)))

    def record_each(self, event: str, things: Mapping[Any, Mapping[str, Any]]) -> None:
        """The same of several records at once, each with its details, in one statement."""
        if things:
            self.session.flush()
            lines = [self._line(event, thing, details) for thing, details in things.items()]
            self.session.execute(sa.insert(AuditEntry), lines)

    def _line(
        self,
        event: str,
        thing: Recorded,
        details: Mapping[str, Any],
        person_id: int | None = None,
        is_confidential: bool = False,
    ) -> dict[str, Any]:
        about = person_id or getattr(thing, "person_id", None)
        if about is None and thing.__class__.__name__ == "Person":
            about = thing.id
        return {
            "at": self.now,
            "actor_id": self.actor.person_id,
            "actor_name": self.actor.name,
            "event": event,
            "record_type": thing.__class__.__name__,
            "record_id": str(thing.id),
            "person_id": about,
            "details": _plain(details),
            "is_confidential": is_confidential,
        }

    def setting(self, name: str) -> Any:
        """A plugin's setting by its full name, `courses.reminder_days`."""
        return self.site.setting(name)


def _plain(details: Mapping[str, Any]) -> dict[str, Any]:
    plain = {name: value.isoformat() if hasattr(value, "isoformat") else value for name, value in details.items()}
    json.dumps(plain)  # refuses here, where the mistake is, rather than when the session writes
    return plain
