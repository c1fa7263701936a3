"""Answers kept under their Idempotency-Key: a repeat of a request gets the answer that the first one got."""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from lms.api.models import ApiAnswer
from lms.frame.problems import KEY_REUSED, MEANWHILE
from lms.frame.work import Work
from lms.kit.errors import Conflict, Invalid

LONGEST_KEY = 200
KEPT_FOR = timedelta(days=7)


class WritersMeet(Conflict):
    """Two requests changed the same at the same moment, and the other one was first."""


@dataclass(frozen=True)
class Repeatable:
    """A request that brought a key: whose it is, and what was asked, so that another request is told from a repeat."""

    token_id: int
    key: str
    digest: str


def repeatable(token_id: int, key: str, *asked: str) -> Repeatable:
    """A request with its key. Raises Invalid for a key that is none."""
    if not 0 < len(key) <= LONGEST_KEY or not key.isascii() or not key.isprintable():
        raise Invalid(f"Use a key of 1 to {LONGEST_KEY} plain characters, a UUID for example.", field="Idempotency-Key")
    return Repeatable(token_id, key, hashlib.sha256("\0".join(asked).encode()).hexdigest())


def answer_before(work: Work, request: Repeatable) -> ApiAnswer | None:
    """What was answered the first time. Raises Invalid when the key came with another request."""
    found = work.session.scalar(
        sa.select(ApiAnswer).where(ApiAnswer.token_id == request.token_id, ApiAnswer.key == request.key)
    )
    if found is not None and found.request_digest != request.digest:
        words = "This key came with another request before. Use a new key for each new request."
        raise Invalid(words, field="Idempotency-Key", reason=KEY_REUSED)
    return found


@contextmanager
def all_or_nothing(work: Work) -> Iterator[None]:
    """Save what is done in here, all of it. Raises WritersMeet, with nothing saved, when somebody else was first."""
    try:
        yield
        work.session.commit()
    except IntegrityError:
        work.session.rollback()
        raise WritersMeet(MEANWHILE.words, reason=MEANWHILE) from None


def keep_answer(work: Work, request: Repeatable, status: int, answer: dict[str, Any]) -> None:
    """Keep an answer for a week, in the transaction of what it answers for."""
    work.session.add(
        ApiAnswer(
            token_id=request.token_id,
            key=request.key,
            request_digest=request.digest,
            status=status,
            answer=answer,
            answered_at=work.now,
        )
    )
    work.session.flush()


def forget_answers(work: Work) -> None:
    """Delete the answers whose week is over."""
    work.session.execute(sa.delete(ApiAnswer).where(ApiAnswer.answered_at < work.now - KEPT_FOR))
