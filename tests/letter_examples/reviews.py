"""Letters about reviews: they name an action's number, never what it is about."""

from typing import Any

ACTION: dict[str, Any] = {
    "action_id": 41,
    "agency": "Rowan Valley Community Health",
    "due_on": "Tuesday 31 March 2026",
}

EXAMPLES: dict[str, dict[str, Any]] = {
    "reviews.action_due": ACTION,
    "reviews.action_overdue": ACTION,
    "reviews.action_returned": ACTION,
    "reviews.dates_to_look_at": {"day": "Monday 16 March 2026"},
}
