"""Noting what a role does not include, after the request was undone."""

from datetime import timedelta

from flask import current_app
from sqlalchemy.exc import SQLAlchemyError

from lms.attempts.rules import What
from lms.attempts.services import attempt_of, is_noted_still
from lms.frame.db import writing_if_free
from lms.frame.web import db, work

WAITS = timedelta(seconds=2)


def note_forbidden(page: str) -> None:
    """In a transaction of its own. Whatever keeps the note from being written, the refusal stands as it is.

    A database that is busy for longer, full or only to be read leaves a line in the log instead. Counting comes
    first, so that whoever says no needs no second connection beside the one that writes.
    """
    asked = work()
    db.session.rollback()
    try:
        if is_noted_still(asked, What.FORBIDDEN):
            with writing_if_free(db.engine, wait=WAITS) as session:
                session.add(attempt_of(asked, What.FORBIDDEN, person_id=asked.actor.person_id, page=page))
    except (SQLAlchemyError, OSError) as error:
        current_app.logger.warning("Not noted, %s: someone was refused %s", type(error).__name__, page)
