"""What people and agencies have in common in the JSON API."""

from dataclasses import dataclass, field
from typing import Any

from lms.api.shapes import says
from lms.frame.plugins import Operation
from lms.in_step.rules import KEEP

CLEARS = "Left out, it stays; an empty text takes it away."


@dataclass(frozen=True)
class OnlyTried:
    """Whether it is done or only tried."""

    dry_run: bool = field(default=False, metadata=says("True: say what would become of it, and change nothing."))


def operation(name: str, method: str, path: str, words: str, answer: Any, run: Any, **more: Any) -> Operation:
    """An operation for those who keep records in step."""
    return Operation(f"in_step.{name}", method, path, words, answer, run, permission=KEEP, **more)
