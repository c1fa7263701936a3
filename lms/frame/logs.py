"""What is logged and how: lines to read, or one JSON object a line, with the request's id and nobody's data.

An error's own words may hold what somebody typed. In JSON its kind and the places in the code are told, and the words
only where they are known to hold no values.
"""

import logging
import sys
import traceback
from types import TracebackType

from pythonjsonlogger.json import JsonFormatter
from sqlalchemy.exc import DBAPIError

from lms.frame.db import without_values
from lms.frame.observed import observed_here
from lms.frame.settings import Settings

PLAIN = "%(asctime)s %(levelname)s %(message)s"
FIELDS = ("levelname", "name", "message", "request_id", "view")
RENAMED = {"levelname": "level", "name": "logger", "exc_info": "error"}
Caught = tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]


class WithRequest(logging.Filter):
    """Says of each line to which request it belongs; "" where it belongs to none."""

    def filter(self, record: logging.LogRecord) -> bool:
        seen = observed_here()
        record.request_id = getattr(record, "request_id", None) or (seen.id if seen else "")
        record.view = getattr(record, "view", None) or (seen.view if seen else "")
        return True


class JsonLines(JsonFormatter):
    """One object a line."""

    def __init__(self) -> None:
        super().__init__(list(FIELDS), rename_fields=RENAMED, timestamp=True)

    def formatException(self, ei: Caught) -> str:  # noqa: N802
        """The kind of error and where it came from."""
        _, error, at = ei
        if error is None:
            return ""
        words = without_values(error) if isinstance(error, DBAPIError) else type(error).__name__
        return "\n".join([words, *(f"{each.filename}:{each.lineno} {each.name}" for each in traceback.extract_tb(at))])


def formatter_of(settings: Settings) -> logging.Formatter:
    """As LMS_LOG_FORMAT says."""
    return JsonLines() if settings.log_format == "json" else logging.Formatter(PLAIN)


def start_logs(settings: Settings) -> None:
    """For a process that stays: every line of this process, from LMS_LOG_LEVEL up, to the standard error."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(formatter_of(settings))
    handler.addFilter(WithRequest())
    logging.basicConfig(level=settings.log_level, handlers=[handler], force=True)
    logging.getLogger("huey").setLevel(logging.WARNING)
    logging.getLogger("alembic").setLevel(logging.WARNING)
