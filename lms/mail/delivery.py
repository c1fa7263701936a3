"""Delivery: takes each letter that is due, sends it, and writes down at once what became of it.

Every letter is claimed and recorded in short transactions of its own, and no transaction is open while mail travels.
So two deliverers never send the same letter, and a stop at any moment loses nothing: at worst the one letter that
was under way goes again, with the same Message-ID, after `CLAIM_LASTS`. Whatever is wrong with one letter, from its
row to the mail server's last word on it, is written on that letter, and the next one goes.
"""

import hashlib
import logging
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

import sqlalchemy as sa
from flask import Flask
from sqlalchemy.engine import Engine
from sqlalchemy.orm import Session

from lms.frame.db import begin_reading, without_values, writing
from lms.frame.settings import Settings
from lms.kit.addresses import is_address
from lms.lists.letters import leaving_token
from lms.lists.rules import Leaver, list_id
from lms.mail.claiming import LetterClaim, LetterToSend, claim_next, give_back_interrupted, read_claimed
from lms.mail.messages import LetterMessage, ListHeaders, compose, read_sender
from lms.mail.models import OutboxLetter, SharedLetter
from lms.mail.rendering import LetterWords, OpenWords, Renderer, renderer_for
from lms.mail.rules import MOST_SLOW_IN_A_ROW, LetterState, message_id, one_line, try_again_at
from lms.mail.transport import FailedForNow, NotTaken, RefusedForGood, ServerAway, TookTooLong, Transport, transport_for

logger = logging.getLogger(__name__)

LONGEST_ERROR = 1000
RECORDED_AGAIN_AFTER_SECONDS = (1, 5, 20)
"""A letter that went and is not recorded goes twice, so a database that is busy is asked again."""


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
            begin_reading(session)
            round_ = _Round(engine, settings, renderer_for(app, session), transport, clock)
        while not round_.is_over and (most is None or ended.total() < most) and (claim := claim_next(engine, clock())):
            state = round_.deliver(claim)
            if state is not LetterState.WITHDRAWN:
                ended[state] += 1
    return ended


class _Broken(Exception):
    """The letter cannot be read or put together."""


@dataclass
class _Round:
    engine: Engine
    settings: Settings
    renderer: Renderer
    transport: Transport
    clock: Callable[[], datetime]
    put_together: dict[int, OpenWords] = field(default_factory=dict)
    slow_in_a_row: int = 0
    is_over: bool = False

    def deliver(self, claim: LetterClaim) -> LetterState:
        """Send one letter and record its end, whatever it is. Afterwards `is_over` says not to go on with others."""
        state, values = self._sent(claim)
        try:
            self._record(claim, state, values)
        except Exception:
            logger.exception("What became of letter %s could not be written down; it will be given back", claim.id)
        return state

    def _sent(self, claim: LetterClaim) -> tuple[LetterState, dict[str, Any]]:
        """What became of a letter, and what there is to say of it."""
        try:
            letter = self._read(claim)
            if letter.why_not:
                state = LetterState.WITHDRAWN if letter.until is None else LetterState.WAITING
                return state, {"last_error": letter.why_not, "tries": claim.tries - 1, "retry_at": letter.until}
            if not is_address(letter.to.address):
                return LetterState.UNDELIVERABLE, {"last_error": letter.to.why_not}
            message = self._composed(claim, letter)
            self._hand_over(message, claim)
        except RefusedForGood as refused:
            return LetterState.REFUSED, {"last_error": str(refused), "sent_to": letter.to.address}
        except (_Broken, NotTaken) as failed:
            return self._failed(claim, str(failed))
        subject = "" if claim.is_secret else message.subject
        return LetterState.SENT, {"sent_at": self.clock(), "sent_to": letter.to.address, "subject": subject}

    def _read(self, claim: LetterClaim) -> LetterToSend:
        try:
            return read_claimed(self.engine, claim, self.renderer.app.extensions["lms"])
        except Exception as error:
            logger.exception("Letter %s could not be read", claim.id)
            raise _Broken(f"It could not be read: {without_values(error)}") from error

    def _composed(self, claim: LetterClaim, letter: LetterToSend) -> LetterMessage:
        try:
            return self._compose(claim, letter)
        except Exception as error:
            logger.exception("The words of letter %s (%s) could not be put together", claim.id, letter.kind)
            raise _Broken(f"Its words could not be put together: {type(error).__name__}: {error}") from error

    def _hand_over(self, message: LetterMessage, claim: LetterClaim) -> None:
        """Raises a NotTaken, whatever happens; and remembers whether it is of use to go on."""
        try:
            self.transport.send(message, file_name(claim))
        except NotTaken as failed:
            self.slow_in_a_row = self.slow_in_a_row + 1 if isinstance(failed, TookTooLong) else 0
            self.is_over = isinstance(failed, ServerAway) or self.slow_in_a_row >= MOST_SLOW_IN_A_ROW
            raise
        except Exception as error:
            logger.exception("Letter %s could not be handed over", claim.id)
            raise FailedForNow(f"It could not be handed over: {type(error).__name__}: {error}") from error
        self.slow_in_a_row = 0

    def _compose(self, claim: LetterClaim, letter: LetterToSend) -> LetterMessage:
        token = leaving_token(self.settings, _leaver(letter)) if letter.list_name else ""
        return compose(
            self._words(letter, token),
            to_name=letter.to.name,
            to_address=letter.to.address,
            sender=read_sender(self.settings.mail_from),
            message_id=message_id(claim.key, self.settings.base_url),
            sent_at=self.clock(),
            calendar=letter.calendar,
            of_list=self._list_headers(letter, token) if letter.list_name else None,
        )

    def _words(self, letter: LetterToSend, token: str) -> LetterWords:
        """The letter's words; those of a shared one are put together once a round and filled in for each copy."""
        if letter.shared_id is None:
            return self.renderer.words(letter.kind, letter.context, letter.to.name)
        fills = {**letter.context, "person_name": letter.to.name, "unsubscribe_token": token}
        if letter.shared_id not in self.put_together:
            with Session(self.engine) as session:
                begin_reading(session)
                context = session.get_one(SharedLetter, letter.shared_id).context
            self.put_together[letter.shared_id] = self.renderer.open_words(letter.kind, context, letter.context)
        return self.put_together[letter.shared_id].filled(fills)

    def _list_headers(self, letter: LetterToSend, token: str) -> ListHeaders:
        site, host = self.renderer.app.extensions["lms"], urlsplit(self.settings.base_url).hostname or "localhost"
        title = next((each.title for each in site.mailing_lists if each.name == letter.list_name), "")
        return ListHeaders(list_id(title, letter.list_name, host), self.renderer.link("lists.leave", token=token))

    def _failed(self, claim: LetterClaim, words: str) -> tuple[LetterState, dict[str, Any]]:
        retry_at = try_again_at(claim.tries, self.clock())
        state = LetterState.GIVEN_UP if retry_at is None else LetterState.WAITING
        return state, {"last_error": words, "retry_at": retry_at}

    def _record(self, claim: LetterClaim, state: LetterState, values: dict[str, Any]) -> None:
        """Write down what became of the letter, unless another worker has it by now."""
        said = {name: one_line(words)[:LONGEST_ERROR] for name, words in values.items() if isinstance(words, str)}
        values = {"state": state, "claimed_at": None, "retry_at": None, "last_error": "", **values, **said}
        if claim.is_secret and state is not LetterState.WAITING:
            values["context"] = {}
        for wait in (*RECORDED_AGAIN_AFTER_SECONDS, None):
            try:
                self._write(claim, values)
                return
            except sa.exc.OperationalError:
                if wait is None:
                    raise
                time.sleep(wait)

    def _write(self, claim: LetterClaim, values: dict[str, Any]) -> None:
        still_ours = sa.and_(
            OutboxLetter.id == claim.id,
            OutboxLetter.state == LetterState.SENDING,
            OutboxLetter.tries == claim.tries,
            OutboxLetter.claimed_at == claim.claimed_at,
        )
        with writing(self.engine) as session:
            changed = session.execute(
                sa.update(OutboxLetter).where(still_ours).values(values).returning(OutboxLetter.id)
            ).all()
        if not changed:
            logger.warning("Letter %s took so long that another worker has taken it over", claim.id)


def _leaver(letter: LetterToSend) -> Leaver:
    """Whose link to leave this copy carries: the person's, or the shared address's."""
    if letter.person_id is not None:
        return Leaver(letter.list_name, person_id=letter.person_id)
    return Leaver(letter.list_name, address=letter.to.address)


def file_name(letter: LetterClaim | OutboxLetter) -> str:
    """The letter's name in a file mailbox: in the order in which letters were due, and the same at each try."""
    digest = hashlib.sha256(letter.key.encode()).hexdigest()[:12]
    return f"{letter.due_at:%Y%m%dT%H%M%SZ}-{letter.id:07}-{digest}"
