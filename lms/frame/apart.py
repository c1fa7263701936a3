"""What a plugin does inside what others do, apart: its fault is told, logged, and stays its own."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.orm import Session

from lms.frame.db import begin_reading, is_reading

logger = logging.getLogger(__name__)

FAULTS = (Exception, SystemExit)
"""What may come out of somebody's code. `SystemExit` would otherwise end the whole process for one of them."""


class Fault(Exception):
    """Something that a plugin added failed. It says what; the log has the rest."""


@contextmanager
def apart(session: Session, what: str) -> Iterator[None]:
    """Raises Fault instead of whatever is raised in here, and the session is as it was before.

    Where nothing can have been written, a new transaction is enough; otherwise there is a savepoint.
    """
    attempt = None if is_reading(session) else session.begin_nested()
    try:
        yield
        if attempt is not None:
            attempt.commit()
    except FAULTS as error:
        logger.exception("%s failed", what)
        if attempt is None:
            session.rollback()
            begin_reading(session)
        elif attempt.is_active:
            attempt.rollback()
        raise Fault(what) from error
