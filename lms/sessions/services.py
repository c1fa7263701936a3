"""Beginning and ending sessions. Whoever changes an address, a role or a way to sign in ends them all."""

import secrets
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.engine import Engine
from sqlalchemy.exc import OperationalError

from lms.frame.db import writing_if_free
from lms.frame.work import Work
from lms.sessions.models import SignInSession
from lms.sessions.rules import LONGEST_SESSION, device_words, key_digest


def begin_session(
    work: Work, person_id: int, *, has_second_factor: bool, user_agent: str, is_persona: bool = False
) -> str:
    """Begin one for somebody who has just proved who they are; the key, which only their browser keeps."""
    key = secrets.token_urlsafe(32)
    work.session.add(
        SignInSession(
            digest=key_digest(key),
            person_id=person_id,
            began_at=work.now,
            seen_at=work.now,
            has_second_factor=has_second_factor,
            is_persona=is_persona,
            device=device_words(user_agent),
        )
    )
    return key


def end_session(work: Work, person_id: int, session_id: int) -> bool:
    """End one of a person's own. False when there is none such of theirs, or not any more."""
    mine = sa.delete(SignInSession).where(SignInSession.id == session_id, SignInSession.person_id == person_id)
    return work.session.execute(mine.returning(SignInSession.id)).first() is not None


def end_all_sessions(work: Work, person_id: int, *, besides: int | None = None) -> int:
    """Sign a person out everywhere, at once; how many sessions that were. `besides` is one that may stay.

    To be called wherever an address, a role or a way to sign in changes, by whatever path, before that is committed.
    """
    ended = sa.delete(SignInSession).where(SignInSession.person_id == person_id)
    if besides is not None:
        ended = ended.where(SignInSession.id != besides)
    return len(work.session.execute(ended.returning(SignInSession.id)).all())


def stay(work: Work, session_id: int) -> None:
    """Somebody was told that it ends soon, and is still here."""
    work.session.execute(sa.update(SignInSession).where(SignInSession.id == session_id).values(seen_at=work.now))


def note_seen(engine: Engine, session_id: int, now: datetime) -> bool:
    """Write down that it is in use, beside a request that only reads; whether that worked.

    Waits for nobody: the next request can do it.
    """
    seen = sa.update(SignInSession).where(SignInSession.id == session_id).values(seen_at=now)
    try:
        with writing_if_free(engine) as session:
            session.execute(seen)
    except OperationalError:
        return False
    return True


def forget_over(work: Work) -> None:
    """Take away the sessions that ended by themselves."""
    over = SignInSession.began_at <= work.now - LONGEST_SESSION
    work.session.execute(sa.delete(SignInSession).where(over))
