"""What is written of evidence, between its form and the service that keeps it."""

from dataclasses import dataclass
from datetime import date

from reviews.learning.rules import EvidenceKind, Verdict


@dataclass(frozen=True)
class EvidenceFound:
    """What was looked at, when, and what it showed: `met` of `of_all` files, where it was counted."""

    kind: EvidenceKind
    title: str
    dated_on: date
    finding: str
    verdict: Verdict
    met: int | None = None
    of_all: int | None = None
