"""What is written of a learning point, between its form and the service that keeps it."""

from dataclasses import dataclass


@dataclass(frozen=True)
class PointWritten:
    """What is written of a learning point. Without a `ref` one is drawn."""

    text: str
    ref: str = ""
    heading: str = ""
    practice: str = ""
    review_id: int | None = None
    theme_ids: tuple[int, ...] = ()
