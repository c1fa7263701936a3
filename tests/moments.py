"""The tests' today: Monday 16 March 2026, 09:52 in London."""

from datetime import UTC, datetime

NOW = datetime(2026, 3, 16, 9, 52, tzinfo=UTC)


class Clock:
    """What time the application thinks it is."""

    def __init__(self, now: datetime) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now
