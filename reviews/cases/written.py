"""What is written of a review, between its form and the service that keeps it."""

from dataclasses import dataclass, field
from datetime import date

from reviews.cases.rules import AgeBand, Decision, Ethnicity, ReviewStage, ReviewType


@dataclass(frozen=True)
class ReviewWritten:
    """What a review officer writes of a review. Its publication is said apart (`publish_review`)."""

    ref: str
    title: str
    types: tuple[ReviewType, ...]
    headline: str = ""
    summary: str = ""
    report_url: str = ""
    stage: ReviewStage = ReviewStage.NOTED
    decision: Decision | None = None
    known_on: date | None = None
    notified_on: date | None = None
    rapid_review_on: date | None = None
    decided_on: date | None = None
    notification_reason: str = ""
    rapid_review_reason: str = ""
    age_band: AgeBand | None = None
    ethnicity: Ethnicity | None = None
    shows_background: bool = False
    theme_ids: tuple[int, ...] = field(default=())
