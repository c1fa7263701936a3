"""The tests' today: Monday 16 March 2026, 09:52 in London."""

from datetime import UTC, datetime

NOW = datetime(2026, 3, 16, 9, 52, tzinfo=UTC)
