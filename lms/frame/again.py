"""Two who write at the same moment: the one whom the database ended runs again, up to twice, and then is told so.

A deadlock or a serialisation failure is nobody's fault and undoes everything, so that running the same unit of work
once more is right. It is whole only from its beginning: what was read before is read again.
"""

import logging
import random
import time
from collections.abc import Callable
from typing import TypeVar

from sqlalchemy.exc import DBAPIError

logger = logging.getLogger(__name__)

MORE_TRIES = 2
MOST_PAUSE_SECONDS = 0.05
DEADLOCK, SERIALISATION_FAILURE, LOCK_NOT_AVAILABLE = "40P01", "40001", "55P03"
MET_OTHERS = frozenset({DEADLOCK, SERIALISATION_FAILURE, LOCK_NOT_AVAILABLE})
"""What PostgreSQL says. SQLite says that it is locked, once it has waited its time."""

Answer = TypeVar("Answer")


def met_others(error: BaseException) -> bool:
    """Whether the database ended a unit of work only because somebody else wrote at the same moment."""
    if not isinstance(error, DBAPIError):
        return False
    said = error.orig
    return getattr(said, "sqlstate", None) in MET_OTHERS or getattr(said, "sqlite_errorname", "").startswith(
        ("SQLITE_BUSY", "SQLITE_LOCKED")
    )


def again_when_met(do: Callable[[], Answer], *, begin_again: Callable[[], None] = lambda: None) -> Answer:
    """Do it, and up to twice more when it met others. `begin_again` undoes what a try left outside the database."""
    for left in range(MORE_TRIES, -1, -1):
        try:
            return do()
        except DBAPIError as error:
            if left == 0 or not met_others(error):
                raise
            logger.info("Two who wrote met; trying again, %s times at most", left)
            begin_again()
            time.sleep(random.uniform(0, MOST_PAUSE_SECONDS))  # noqa: S311  (so that two do not meet again)
    raise AssertionError("never reached")
