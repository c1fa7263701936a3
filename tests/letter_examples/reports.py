"""The quarter on one page, to the sub-group and to an agency."""

from typing import Any

LINES = [
    {"title": "Events delivered (sessions)", "shown": "12", "of": "", "before": "10", "change": "+2"},
    {"title": "Different people", "shown": "214", "of": "", "before": "", "change": ""},
]
RATES = [
    {"title": "Attendance rate", "shown": "84.1%", "of": "243 of 289", "before": "82.0%", "change": "+2.1 points"},
    {"title": "Walk-ins", "shown": "fewer than 5", "of": "", "before": "hidden", "change": ""},
]
QUARTER: dict[str, Any] = {
    "quarter": "October to December 2025",
    "began_on": "2025-10-01",
    "parts": [
        {"title": "How much did we do?", "lines": LINES},
        {"title": "How well did we do it?", "lines": RATES},
    ],
}

EXAMPLES: dict[str, dict[str, Any]] = {
    "reports.quarter_for_group": QUARTER,
    "reports.quarter_for_agency": {**QUARTER, "agency": "Rowan Valley Community Health", "agency_id": 7},
}
