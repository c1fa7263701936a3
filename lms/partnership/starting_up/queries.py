"""Whether the application may start in demonstration mode on its database."""

import sqlalchemy as sa
from sqlalchemy.engine import Engine
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from lms.frame.db import begin_reading
from lms.frame.settings import Settings
from lms.partnership.queries import is_demonstration

REFUSED = (
    "LMS_DEMO=1, but this database holds people who are not the demonstration's: one click would make anyone one of "
    "them. Set LMS_DEMO=0, or name another database for the demonstration."
)


def why_not_start(engine: Engine, settings: Settings) -> str:
    """Why demonstration mode is refused, in a sentence; "" to start. A database before `lms init` is not asked."""
    if not settings.is_demo:
        return ""
    try:
        if not sa.inspect(engine).has_table("partnership") or not _has_mark(engine):
            return ""
        with Session(engine) as session:
            begin_reading(session)
            return "" if is_demonstration(session, settings) else REFUSED
    except OperationalError:
        return ""  # no database now; each page asks again


def _has_mark(engine: Engine) -> bool:
    return any(column["name"] == "is_invented" for column in sa.inspect(engine).get_columns("partnership"))
