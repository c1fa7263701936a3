"""What stands where something of an erased person stood."""

from typing import Any

ERASED_NAME = "Erased person"
ERASED_WORDS = "[erased]"


def without_words(details: dict[str, Any]) -> dict[str, Any]:
    """Numbers and yes or no stay; everything said in words goes."""
    return {name: value for name, value in details.items() if isinstance(value, bool | int | float)}
