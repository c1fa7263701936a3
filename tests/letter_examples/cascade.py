"""Letters that carry a briefing, ask what became of it, correct it and take it back."""

from typing import Any

BRIEFING: dict[str, Any] = {
    "title": "Every adult in a baby’s life",
    "summary": "What a review taught us about the adults whom no one asked about.",
    "kind": "7-minute briefing",
    "minutes": 3,
    "about": "Version 2, Thursday 16 January 2025.",
    "url": "https://training.rowanvalleyscp.example/briefings/12",
    "pdf_url": "https://training.rowanvalleyscp.example/briefings/12/one-page.pdf",
    "sections": [
        {
            "number": 1,
            "title": "What we learned",
            "html": "<ul><li>We asked about the father, and stopped when he was “not involved”.</li></ul>",
            "text": "* We asked about the father, and stopped when he was “not involved”.",
            "questions": [],
        },
        {
            "number": 2,
            "title": "Questions for your team",
            "html": "",
            "text": "",
            "questions": ["Can you name every adult in each home?", "When did you last ask?"],
        },
    ],
}
LEAD = {"agencies": "Rowan Valley Police", "answer_token": "WzEyLDQxXQ.token"}
REMINDER = {"title": BRIEFING["title"], "is_first": False, "is_last": False, **LEAD}

EXAMPLES: dict[str, dict[str, Any]] = {
    "briefings.briefing": {"briefing": BRIEFING, "unsubscribe_token": "WyJicmllZmluZ3MiLDQxXQ.token"},
    "briefings.cascade": {"briefing": BRIEFING, "answer_by": "Thursday 30 January 2025", **LEAD},
    "briefings.cascade_reminder": REMINDER,
    "briefings.cascade_reminder:first": {**REMINDER, "is_first": True},
    "briefings.cascade_reminder:last": {**REMINDER, "is_last": True},
    "briefings.correction": {"briefing": BRIEFING, "correction": "Part 5 says by when to begin."},
    "briefings.recalled": {
        "title": BRIEFING["title"],
        "reason": "A figure was wrong.",
        "number": 12,
        "out_on": "Thursday 16 January 2025",
    },
    "briefings.recalled:embargo": {"title": "", "reason": "", "number": 12, "out_on": "Thursday 16 January 2025"},
}
