"""Delivery: takes each letter that is due, sends it, and writes down at once what became of it.

Every letter is claimed and recorded in short transactions of its own, and no transaction is open while mail travels.
So two deliverers never send the same letter, and a stop at any moment loses nothing: at worst the one letter that
was under way goes again, with the same Message-ID, after `CLAIM_LASTS`.
"""

import hashlib
import logging
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

import sqlalchemy as sa
from flask import Flask
from jinja2 import TemplateError
from sqlalchemy.engine import Engine
from sqlalchemy.orm import Session

from lms.frame.db import writing
from lms.frame.settings import Settings
from lms.lists.letters import leaving_token
from lms.lists.queries import has_left
from lms.lists.rules import Leaver, list_id
from lms.mail.messages import LetterMessage, ListHeaders, compose, read_sender
from lms.mail.models import OutboxLetter, SharedLetter
from lms.mail.queries import Recipient, recipient_of
from lms.mail.rendering import OpenWords, Renderer, Words, renderer_for
from lms.mail.rules import CLAIM_LASTS, LetterState, is_address, message_id, one_line, try_again_at
from lms.mail.transport import NotTaken, RefusedForGood, ServerAway, Transport, transport_for

logger = logging.getLogger(__name__)

LEFT = "Not sent: whoever reads at this address has left the mailing list."
WITHDRAWN = LetterState.WITHDRAWN
INTERRUPTED = (
    "The worker was stopped while it sent this, so it may have gone already. The repeat has the same Message-ID."
)


@dataclass(frozen=True)
class Claimed:
    """A letter that is ours to send, read in full so that no transaction stays open."""

    id: int
    key: str
    kind: str
    context: dict[str, Any]
    calendar: tuple[str, str] | None
    is_secret: bool
    due_at: datetime
    tries: int
    claimed_at: datetime
    to: Recipient
    person_id: int | None = None
    shared_id: int | None = None
    list_name: str = ""


def deliver_due(app: Flask, clock: Callable[[], datetime], *, most: int | None = None) -> Counter[LetterState]:
    """Deliver what is due, at most so many letters. Answers how many ended how; `waiting` are those to be tried again.

    Stops early when the mail server is away, so that an outage costs one try a round and not one a letter.
    """
    ended: Counter[LetterState] = Counter()
    settings: Settings = app.extensions["lms"].settings
    with app.app_context(), transport_for(settings.mail_url) as transport:
        engine: Engine = app.extensions["sqlalchemy"].engine
        give_back_interrupted(engine, clock())
        with Session(engine) as session:
            round_ = _Round(engine, settings, renderer_for(app, session), transport, clock)
        while (most is None or ended.total() < most) and (letter := claim_next(engine, clock())):
            state, goes_on = round_.deliver(letter)
            ended[state] += 1
            if not goes_on:
                break
    return ended


def give_back_interrupted(engine: Engine, now: datetime) -> int:
    """Letters that were claimed and never recorded wait again. How many."""
    interrupted = sa.and_(OutboxLetter.state == LetterState.SENDING, OutboxLetter.claimed_at <= now - CLAIM_LASTS)
    with writing(engine) as session:
        found = session.scalars(
            sa.select(OutboxLetter).where(interrupted).order_by(OutboxLetter.id).with_for_update(skip_locked=True)
        ).all()
        for row in found:
            row.state, row.claimed_at, row.retry_at, row.last_error = LetterState.WAITING, None, None, INTERRUPTED
        return len(found)


def claim_next(engine: Engine, now: datetime) -> Claimed | None:
    """Take the next letter that is due: secret ones first, for somebody sits and waits for a sign-in code.

    A copy of a letter that was stopped, or to somebody who has left its list, ends here.
    """
    while (found := _claim(engine, now)) is WITHDRAWN:
        pass
    return found if isinstance(found, Claimed) else None


def _claim(engine: Engine, now: datetime) -> Claimed | LetterState | None:
    with writing(engine) as session:
        row = _next_due(session, now, is_secret=True) or _next_due(session, now, is_secret=False)
        if row is None:
            return None
        to, shared = recipient_of(session, row), _about_shared(session, row.shared_id)
        why_not = _why_not(session, row, shared, to)
        if why_not:
            row.state, row.last_error, row.retry_at = WITHDRAWN, why_not, None
            return WITHDRAWN
        row.state, row.claimed_at, row.tries = LetterState.SENDING, now, row.tries + 1
        return Claimed(
            id=row.id,
            key=row.key,
            kind=row.kind,
            context=row.context,
            calendar=(row.calendar_method, row.calendar_text or "") if row.calendar_method else None,
            is_secret=row.is_secret,
            due_at=row.due_at,
            tries=row.tries,
            claimed_at=now,
            to=to,
            person_id=row.person_id,
            shared_id=row.shared_id,
            list_name=shared.list_name,
        )


@dataclass(frozen=True)
class _AboutShared:
    """What the claim of a copy asks of its shared letter."""

    list_name: str = ""
    is_stopped: bool = False
    stopped_why: str = ""


def _about_shared(session: Session, shared_id: int | None) -> _AboutShared:
    if shared_id is None:
        return _AboutShared()
    columns = (SharedLetter.list_name, SharedLetter.stopped_at.is_not(None), SharedLetter.stopped_why)
    return _AboutShared(*session.execute(sa.select(*columns).where(SharedLetter.id == shared_id)).one())


def _why_not(session: Session, row: OutboxLetter, shared: _AboutShared, to: Recipient) -> str:
    """Why a copy may not go any more; nothing when it may."""
    if shared.is_stopped:
        return shared.stopped_why or "Not sent: the letter was stopped."
    is_of_list = bool(shared.list_name)
    if is_of_list and has_left(session, shared.list_name, person_id=row.person_id, address=to.address):
        return LEFT
    return ""


def _next_due(session: Session, now: datetime, *, is_secret: bool) -> OutboxLetter | None:
    return session.scalar(
        sa.select(OutboxLetter)
        .where(
            OutboxLetter.state == LetterState.WAITING,
            OutboxLetter.is_secret.is_(is_secret),
            OutboxLetter.due_at <= now,
            sa.or_(OutboxLetter.retry_at.is_(None), OutboxLetter.retry_at <= now),
        )
        .order_by(OutboxLetter.due_at, OutboxLetter.id)
        .limit(1)
        .with_for_update(skip_locked=True)
    )


@dataclass(frozen=True)
class _Round:
    engine: Engine
    settings: Settings
    renderer: Renderer
    transport: Transport
    clock: Callable[[], datetime]
    put_together: dict[int, OpenWords] = field(default_factory=dict)

    def deliver(self, letter: Claimed) -> tuple[LetterState, bool]:
        """Send one letter and record its end; and whether it makes sense to go on with others."""
        if not is_address(letter.to.address):
            return self._end(letter, LetterState.UNDELIVERABLE, last_error=letter.to.why_not), True
        try:
            message = self._compose(letter)
        except (TemplateError, ArithmeticError, LookupError, TypeError, ValueError, AttributeError) as error:
            logger.exception("The words of letter %s (%s) could not be put together", letter.id, letter.kind)
            return self._fail(letter, f"Its words could not be put together: {type(error).__name__}: {error}"), True
        try:
            self.transport.send(message, file_name(letter))
        except RefusedForGood as refused:
            return self._end(letter, LetterState.REFUSED, last_error=str(refused)), True
        except NotTaken as failed:
            return self._fail(letter, str(failed)), not isinstance(failed, ServerAway)
        subject = "" if letter.is_secret else message.subject
        sent = {"sent_at": self.clock(), "sent_to": letter.to.address, "subject": subject, "last_error": ""}
        return self._end(letter, LetterState.SENT, **sent), True

    def _compose(self, letter: Claimed) -> LetterMessage:
        token = leaving_token(self.settings, _leaver(letter)) if letter.list_name else ""
        return compose(
            self._words(letter, token),
            to_name=letter.to.name,
            to_address=letter.to.address,
            sender=read_sender(self.settings.mail_from),
            message_id=message_id(letter.key, self.settings.base_url),
            sent_at=self.clock(),
            calendar=letter.calendar,
            of_list=self._list_headers(letter, token) if letter.list_name else None,
        )

    def _words(self, letter: Claimed, token: str) -> Words:
        """The letter's words; those of a shared one are put together once a round and filled in for each copy."""
        if letter.shared_id is None:
            return self.renderer.words(letter.kind, letter.context, letter.to.name)
        fills = {**letter.context, "person_name": letter.to.name, "unsubscribe_token": token}
        if letter.shared_id not in self.put_together:
            with Session(self.engine) as session:
                context = session.get_one(SharedLetter, letter.shared_id).context
            self.put_together[letter.shared_id] = self.renderer.open_words(letter.kind, context, letter.context)
        return self.put_together[letter.shared_id].filled(fills)

    def _list_headers(self, letter: Claimed, token: str) -> ListHeaders:
        site, host = self.renderer.app.extensions["lms"], urlsplit(self.settings.base_url).hostname or "localhost"
        title = next((each.title for each in site.mailing_lists if each.name == letter.list_name), "")
        return ListHeaders(list_id(title, letter.list_name, host), self.renderer.link("lists.leave", token=token))

    def _fail(self, letter: Claimed, words: str) -> LetterState:
        retry_at = try_again_at(letter.tries, self.clock())
        state = LetterState.GIVEN_UP if retry_at is None else LetterState.WAITING
        return self._end(letter, state, last_error=one_line(words), retry_at=retry_at)

    def _end(self, letter: Claimed, state: LetterState, **values: Any) -> LetterState:
        values = {"state": state, "claimed_at": None, "retry_at": None, **values}
        if letter.is_secret and state is not LetterState.WAITING:
            values["context"] = {}
        still_ours = sa.and_(
            OutboxLetter.id == letter.id,
            OutboxLetter.state == LetterState.SENDING,
            OutboxLetter.tries == letter.tries,
            OutboxLetter.claimed_at == letter.claimed_at,
        )
        with writing(self.engine) as session:
            changed = session.execute(
                sa.update(OutboxLetter).where(still_ours).values(values).returning(OutboxLetter.id)
            ).all()
        if not changed:
            logger.warning("Letter %s took so long that another worker has taken it over", letter.id)
        return state


def _leaver(letter: Claimed) -> Leaver:
    """Whose link to leave this copy carries: the person's, or the shared address's."""
    if letter.person_id is not None:
        return Leaver(letter.list_name, person_id=letter.person_id)
    return Leaver(letter.list_name, address=letter.to.address)


def file_name(letter: Claimed | OutboxLetter) -> str:
    """The letter's name in a file mailbox: in the order in which letters were due, and the same at each try."""
    digest = hashlib.sha256(letter.key.encode()).hexdigest()[:12]
    return f"{letter.due_at:%Y%m%dT%H%M%SZ}-{letter.id:07}-{digest}"
