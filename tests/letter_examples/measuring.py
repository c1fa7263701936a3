"""Letters about observations, and to managers about surveys."""

from typing import Any

OBSERVATION: dict[str, Any] = {
    "observation_id": 7,
    "course": "Safer babies: working with families in the first year",
    "day": "Thursday 9 April 2026",
    "trainer": "Tove Larchmere",
    "observer": "Idris Penhallow-Wyn",
    "due_on": "Thursday 16 April 2026",
}

EXAMPLES: dict[str, dict[str, Any]] = {
    "surveys.observation_asked": OBSERVATION,
    "surveys.observation_due": OBSERVATION,
    "surveys.observation_written": OBSERVATION,
    "surveys.observation_answered": OBSERVATION,
    "surveys.workforce_link": {
        "title": "Workforce survey, spring 2026",
        "agency": "Rowan Valley Community Health",
        "closes": "Thursday 30 April 2026",
        "secret": "a-secret-of-an-agency",
        "token": "a-token-of-an-agency",
        "staff": "",
        "staff_on": "",
    },
    "surveys.manager_nudge": {
        "course": OBSERVATION["course"],
        "day": "Thursday 9 April 2026",
        "closes": "Thursday 6 August 2026",
        "people": "3 people",
    },
}
