"""Noting what a role does not include, after the request was undone."""

from dataclasses import replace
from datetime import timedelta

from flask import current_app
from sqlalchemy.exc import OperationalError

from lms.attempts.rules import What
from lms.attempts.services import note_attempt
from lms.frame.db import writing_if_free
from lms.frame.web import db, work

FORBIDDEN = 403
WAITS = timedelta(seconds=2)


def note_forbidden(page: str) -> None:
    """In a transaction of its own. A database that is busy for longer leaves a line in the log instead."""
    asked = work()
    db.session.rollback()
    try:
        with writing_if_free(db.engine, wait=WAITS) as session:
            note_attempt(replace(asked, session=session), What.FORBIDDEN, person_id=asked.actor.person_id, page=page)
    except OperationalError:
        current_app.logger.warning("Not noted: somebody was refused %s", page)
