"""Delivery: takes each letter that is due, sends it, and writes down at once what became of it.

Every letter is claimed and recorded in short transactions of its own, and no transaction is open while mail travels.
So two deliverers never send the same letter, and a stop at any moment loses nothing: the journal tells of the one
letter that was under way how far it got. Whatever is wrong with one letter, from its row to the mail server's last
word on it, is written on that letter, and the next one goes; what is wrong with the server stops the round, and no
letter pays for it.
"""

import hashlib
import logging
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from flask import Flask
from sqlalchemy.engine import Engine
from sqlalchemy.orm import Session

from lms.frame.db import begin_reading, without_values, writing
from lms.frame.settings import Settings
from lms.kit.addresses import is_address
from lms.mail.answers import AnswerMeaning
from lms.mail.claiming import (
    LetterClaim,
    LetterToSend,
    after_no_answer,
    as_one,
    claim_next,
    give_back_interrupted,
    read_claimed,
    without_code,
)
from lms.mail.composing import Composer
from lms.mail.journal import HowFar, Journal, line_of
from lms.mail.messages import LetterMessage
from lms.mail.models import OutboxLetter
from lms.mail.refusals import Refusal, RefusedInARow
from lms.mail.rendering import renderer_for
from lms.mail.rules import AWAY_WAITS, DOUBT_WAITS, LetterState, message_id, one_line, try_again_at
from lms.mail.transport import (
    Doubtful,
    FailedForNow,
    NeverAnswered,
    NotTaken,
    RefusedForGood,
    ServerAway,
    Transport,
    transport_for,
)

logger = logging.getLogger(__name__)

LONGEST_ERROR = 1000
RECORDED_AGAIN_AFTER_SECONDS = (1, 5, 20)
"""A letter that went and is not recorded goes twice, so a database that is busy is asked again."""


def deliver_due(app: Flask, clock: Callable[[], datetime], *, most: int | None = None) -> Counter[LetterState]:
    """Deliver what is due, at most so many letters. Answers how many ended how; `waiting` are those to be tried again.

    Stops early when the mail server is away, or in trouble.
    """
    ended: Counter[LetterState] = Counter()
    settings: Settings = app.extensions["lms"].settings
    journal = Journal(settings.instance)
    with app.app_context(), transport_for(settings.mail_url) as transport:
        engine: Engine = app.extensions["sqlalchemy"].engine
        give_back_interrupted(engine, clock(), journal)
        with Session(engine) as session:
            begin_reading(session)
            composer = Composer(engine, settings, renderer_for(app, session))
        round_ = _Round(engine, settings, composer, transport, clock, journal)
        while not round_.is_over and (most is None or ended.total() < most):
            claim = claim_next(engine, clock(), journal.here)
            if claim is None:
                break
            state = round_.deliver(claim)
            if state is not LetterState.WITHDRAWN:
                ended[state] += 1
        round_.end()
    return ended


class _Broken(Exception):
    """The letter cannot be read or put together."""


@dataclass(frozen=True)
class _End:
    """What became of a letter, what there is to write on it, and what the server refused it with, if it did."""

    state: LetterState
    values: dict[str, Any]
    refusal: Refusal | None = None


@dataclass
class _Round:
    engine: Engine
    settings: Settings
    composer: Composer
    transport: Transport
    clock: Callable[[], datetime]
    journal: Journal
    refused: RefusedInARow = field(init=False)
    is_over: bool = False

    def __post_init__(self) -> None:
        self.refused = RefusedInARow(self.engine)

    def deliver(self, claim: LetterClaim) -> LetterState:
        """Send one letter and record its end, whatever it is. Afterwards `is_over` says not to go on with others.

        With what is gathered with it, it is one letter, of whose lines each has its own end.
        """
        read = [(each, self._checked(each)) for each in (claim, *claim.others)]
        going = [(each, letter) for each, letter in read if isinstance(letter, LetterToSend)]
        ends = [(each, end) for each, end in read if isinstance(end, _End)]
        sent = list(zip((each for each, _ in going), self._sent(going), strict=True)) if going else []
        for each, end in [*ends, *sent]:
            try:
                self._record(each, end.state, end.values)
            except Exception:
                logger.exception("What became of email %s could not be written down; it will be given back", each.id)
        self._judge(sent)
        return (sent or ends)[0][1].state

    def end(self) -> None:
        """Nobody else is written to for now, so it is decided what a last refusal was about."""
        if not self.is_over:
            self.refused.end(self.clock())

    def _judge(self, sent: Sequence[tuple[LetterClaim, _End]]) -> None:
        refused = [(claim, end.refusal) for claim, end in sent if end.refusal is not None]
        try:
            if any(end.state is LetterState.SENT for _, end in sent):
                self.refused.one_was_taken(self.clock())
            elif refused and self.refused.is_the_servers(refused, self.clock()):
                logger.warning("The mail server refuses one email after another; they wait. %s", refused[0][1].words)
                self.is_over = True
        except Exception:
            logger.exception("What email %s was refused for could not be written down", sent[0][0].id)

    def _checked(self, claim: LetterClaim) -> "LetterToSend | _End":
        """The letter when it goes, otherwise its end."""
        try:
            letter = self._read(claim)
        except _Broken as failed:
            return self._failed(claim, str(failed))
        if letter.why_not:
            state = LetterState.WITHDRAWN if letter.until is None else LetterState.WAITING
            return _End(state, self._free_of_charge(claim, letter.why_not, letter.until))
        if not is_address(letter.to.address):
            return _End(LetterState.UNDELIVERABLE, {"last_error": letter.to.why_not})
        return letter

    def _sent(self, going: Sequence[tuple[LetterClaim, LetterToSend]]) -> list[_End]:
        """What became of one letter, whatever happens to it, for each of its lines."""
        claims, letter = [each for each, _ in going], as_one(going)
        try:
            message = self._composed(claims[0], letter)
        except _Broken as failed:
            return [self._failed(each, str(failed)) for each in claims]
        said = {"sent_to": letter.to.address, "subject": "" if claims[0].is_secret else message.subject}
        try:
            self._hand_over(message, claims)
        except NotTaken as failed:
            return [self._not_taken(each, line, failed, said) for each, line in going]
        return [_End(LetterState.SENT, said | {"sent_at": self.clock(), "may_have_gone_at": None}) for _ in claims]

    def _not_taken(self, claim: LetterClaim, letter: LetterToSend, failed: NotTaken, said: dict[str, Any]) -> _End:
        words = str(failed)
        match failed:
            case NeverAnswered():
                values = said | after_no_answer(claim, self.clock(), self.clock(), words)
                return _End(values.pop("state"), values, Refusal(AnswerMeaning.UNANSWERED, words))
            case ServerAway():
                self.is_over = True
                return _End(LetterState.WAITING, self._free_of_charge(claim, words, self.clock() + AWAY_WAITS))
            case RefusedForGood():
                refusal = Refusal(AnswerMeaning.NOBODY, words, letter.context)
                return _End(LetterState.REFUSED, said | {"last_error": words}, refusal)
            case Doubtful():
                values = self._free_of_charge(claim, words, self.clock() + DOUBT_WAITS)
                return _End(LetterState.WAITING, values, Refusal(AnswerMeaning.DOUBTFUL, words, letter.context))
        return replace(self._failed(claim, words), refusal=Refusal(AnswerMeaning.LATER, words, letter.context))

    def _free_of_charge(self, claim: LetterClaim, words: str, retry_at: datetime | None) -> dict[str, Any]:
        """What is written on a letter for whose sake nothing failed: the try does not count."""
        return {"last_error": words, "tries": claim.tries - 1, "retry_at": retry_at}

    def _read(self, claim: LetterClaim) -> LetterToSend:
        try:
            return read_claimed(self.engine, claim, self.composer.site)
        except Exception as error:
            logger.exception("Email %s could not be read", claim.id)
            raise _Broken(f"It could not be read: {without_values(error)}") from error

    def _composed(self, claim: LetterClaim, letter: LetterToSend) -> LetterMessage:
        try:
            return self.composer.message(letter, message_id(claim.key, self.settings.base_url), self.clock())
        except Exception as error:
            logger.exception("The words of email %s (%s) could not be put together", claim.id, letter.kind)
            raise _Broken(f"Its words could not be put together: {type(error).__name__}: {error}") from error

    def _hand_over(self, message: LetterMessage, claims: Sequence[LetterClaim]) -> None:
        """Raises a NotTaken, whatever happens. The journal hears how far it got, of each of its lines."""
        try:
            self.transport.send(message, file_name(claims[0]), lambda: self._note(HowFar.HANDED_OVER, claims))
            self._note(HowFar.TAKEN, claims)
        except NeverAnswered:
            raise
        except NotTaken:
            self._note(HowFar.NOT_TAKEN, claims)
            raise
        except Exception as error:
            logger.exception("Email %s could not be handed over", claims[0].id)
            raise FailedForNow(f"It could not be handed over: {type(error).__name__}: {error}") from error

    def _note(self, mark: HowFar, claims: Sequence[LetterClaim]) -> None:
        for each in claims:
            self.journal.write(mark, line_of(each.id, each.tries, each.claimed_at), self.clock())

    def _failed(self, claim: LetterClaim, words: str) -> _End:
        retry_at = try_again_at(claim.tries, self.clock())
        state = LetterState.GIVEN_UP if retry_at is None else LetterState.WAITING
        return _End(state, {"last_error": words, "retry_at": retry_at})

    def _record(self, claim: LetterClaim, state: LetterState, values: dict[str, Any]) -> None:
        """Write down what became of the letter, unless another worker has it by now."""
        said = {name: one_line(words)[:LONGEST_ERROR] for name, words in values.items() if isinstance(words, str)}
        values = {"state": state, "claimed_at": None, "retry_at": None, "last_error": "", **values, **said}
        values = without_code(claim, values)
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
            logger.warning("Email %s took so long that another worker has taken it over", claim.id)


def file_name(letter: LetterClaim | OutboxLetter) -> str:
    """The letter's name in a file mailbox: in the order in which letters were due, and the same at each try."""
    digest = hashlib.sha256(letter.key.encode()).hexdigest()[:12]
    return f"{letter.due_at:%Y%m%dT%H%M%SZ}-{letter.id:07}-{digest}"
