"""Letters about what was changed of somebody's record."""

from typing import Any

EXAMPLES: dict[str, dict[str, Any]] = {
    "people.access_changed": {"what": "The email address by which we know you was changed."},
}
