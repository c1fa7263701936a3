"""Examples of the letters that ask people, and of the one to the safeguarding lead."""

from typing import Any

ASKED: dict[str, Any] = {
    "token": "signed-token",
    "stage": "impact",
    "course": "Safer babies: working with families in the first year",
    "dates": "Tue 9 Dec 2025",
    "delegate": "Amara Fenwick-Osei",
    "minutes": 2,
    "closes": "Monday 6 April 2026",
    "awaits_certificate": False,
}
ON_THE_DAY = {**ASKED, "stage": "on_the_day", "awaits_certificate": True}
MANAGER = {**ASKED, "stage": "managers_view", "minutes": 1}
EXAMPLES: dict[str, dict[str, Any]] = {
    "surveys.baseline": {**ASKED, "stage": "baseline"},
    "surveys.on_the_day": ON_THE_DAY,
    "surveys.impact": ASKED,
    "surveys.managers_view": MANAGER,
    "surveys.waiting": {**ASKED, "stage": "waiting", "minutes": 1},
    "surveys.waited": {**ASKED, "stage": "waited", "minutes": 1},
    "surveys.managers_day": {
        "lines": [
            {**MANAGER, "kind": "surveys.managers_view"},
            {**MANAGER, "delegate": "Tobiah Hanley-Roe", "kind": "surveys.managers_view"},
            {**MANAGER, "delegate": "Kezia Lanercoste", "kind": "surveys.reminder"},
        ]
    },
    "surveys.reminder": {**ASKED, "number": 1},
    "surveys.reminder:on_the_day": {**ON_THE_DAY, "number": 1},
    "surveys.reminder:managers_view": {**MANAGER, "number": 1},
    "surveys.concern": {"about": "Safer babies: working with families in the first year", "on": "Monday 16 March 2026"},
}
