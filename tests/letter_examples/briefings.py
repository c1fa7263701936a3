"""Letters to those who write, check and approve briefings: they name a number, never a title."""

from typing import Any

VERSION: dict[str, Any] = {"briefing_id": 12, "number": 2}

EXAMPLES: dict[str, dict[str, Any]] = {
    "briefings.to_check": VERSION,
    "briefings.to_approve": VERSION,
    "briefings.returned": VERSION,
    "briefings.approved": VERSION,
}
