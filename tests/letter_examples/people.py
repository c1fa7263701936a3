"""Letters about what was changed of somebody's record."""

from typing import Any

EXAMPLES: dict[str, dict[str, Any]] = {
    "people.access_changed": {"what": "Your email address was changed."},
    "people.decision_wanted": {"request_id": 7, "about": "Imogen Lunn", "by": "Priyanka Hallowdale"},
    "people.decision_made": {"about": "Imogen Lunn", "by": "Hamish Eldermoor", "is_agreed": True, "words": ""},
    "people.decision_made:refused": {
        "about": "Imogen Lunn",
        "by": "Hamish Eldermoor",
        "is_agreed": False,
        "words": "She told me on the telephone that she is only on leave.",
    },
}
