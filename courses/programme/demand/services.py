"""Asking for another date, and no longer asking."""

import sqlalchemy as sa

from courses.programme.courses.models import Interest
from lms.frame.work import Work
from lms.kit.errors import NotAllowed


def ask_for_date(work: Work, course_id: int, note: str) -> Interest:
    """Keep that a person wants another date; asking twice keeps one, with the later note."""
    interest = _open_interest(work, course_id)
    if interest is None:
        interest = Interest(course_id=course_id, person_id=_asker(work), asked_at=work.now)
        work.session.add(interest)
    interest.note = note.strip()
    work.record("date asked for", interest)
    return interest


def close_interest(work: Work, course_id: int, person_id: int) -> None:
    """Somebody has a place on the course. Nothing happens when they had not asked."""
    interest = _interest_of(work, course_id, person_id)
    if interest is not None:
        interest.closed_at = work.now
        work.record("date found", interest)


def withdraw_interest(work: Work, course_id: int) -> None:
    """The person no longer wants another date. Nothing happens when they had not asked."""
    interest = _open_interest(work, course_id)
    if interest is not None:
        interest.closed_at = work.now
        work.record("date no longer asked for", interest)


def _open_interest(work: Work, course_id: int) -> Interest | None:
    return _interest_of(work, course_id, _asker(work))


def _interest_of(work: Work, course_id: int, person_id: int) -> Interest | None:
    return work.session.scalar(
        sa.select(Interest).where(
            Interest.course_id == course_id, Interest.person_id == person_id, Interest.closed_at.is_(None)
        )
    )


def _asker(work: Work) -> int:
    if work.actor.person_id is None:
        raise NotAllowed("Sign in first, so that the training team knows who to tell.")
    return work.actor.person_id
