"""Keeping what was typed until it is sent, and forgetting it in time."""

import sqlalchemy as sa

from lms.frame.work import Work
from lms.unsent.models import UnsentAnswers
from lms.unsent.rules import KEPT_FOR, Typed, digest_of, sealed


def keep_answers(
    work: Work, key: str, path: str, typed: Typed, *, person_id: int | None, was_cut_off: bool = False
) -> None:
    """Keep what was typed into the form at this path, instead of what was kept there before."""
    forget_answers(work, key, path)
    work.session.add(
        UnsentAnswers(
            browser=digest_of(key),
            path=path,
            person_id=person_id,
            answers=sealed(key, typed),
            was_cut_off=was_cut_off,
            kept_at=work.now,
        )
    )
    work.session.flush()


def forget_answers(work: Work, key: str, path: str) -> None:
    """They were sent, or are wanted no longer."""
    this = (UnsentAnswers.browser == digest_of(key), UnsentAnswers.path == path)
    work.session.execute(sa.delete(UnsentAnswers).where(*this))


def forget_old(work: Work) -> None:
    """Nobody came back for them in time."""
    work.session.execute(sa.delete(UnsentAnswers).where(UnsentAnswers.kept_at <= work.now - KEPT_FOR))
