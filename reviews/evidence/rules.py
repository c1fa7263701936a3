"""What kinds of evidence there are. Pure."""

from enum import StrEnum


class EvidenceKind(StrEnum):
    """How it was looked at."""

    AUDIT = "audit"
    SURVEY = "survey"
    OBSERVATION = "observation"
    DATA = "data"
    OTHER = "other"
