"""What somebody writes of how a course covers a learning point."""

from dataclasses import dataclass
from datetime import date

from courses.coverage.rules import How


@dataclass(frozen=True)
class CoverageWritten:
    """How a course covers a point: where in it, for how many minutes, since when, and what shows that it does."""

    how: How
    since_on: date
    place: str = ""
    minutes: int | None = None
    evidence: str = ""
