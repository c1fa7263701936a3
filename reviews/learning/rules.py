"""The life of a learning point, derived from what has been linked to it. Pure."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from lms.kit.errors import Invalid


class EvidenceKind(StrEnum):
    """How it was looked at."""

    AUDIT = "audit"
    SURVEY = "survey"
    OBSERVATION = "observation"
    DATA = "data"
    OTHER = "other"


REF = re.compile(r"\w(?:[\w.\- /]*\w)?")
DRAWN_FROM = "23456789BCDFGHJKLMNPQRSTVWXYZ"
"""Digits and letters that cannot be mistaken for each other and spell no words."""


class PointStatus(StrEnum):
    """Never typed: `status_of` says it."""

    DRAFT = "draft"
    AGREED = "agreed"
    ADDRESSED = "addressed"
    TESTED = "tested"
    EMBEDDED = "embedded"
    NOT_YET = "not_yet_evidenced"
    SUPERSEDED = "superseded"


class Verdict(StrEnum):
    """What evidence shows."""

    EMBEDDED = "embedded"
    PARTLY = "partly"
    NOT_YET = "not_yet"


STATUS_WORDS = {
    PointStatus.DRAFT: "Draft",
    PointStatus.AGREED: "Agreed, nothing addresses it yet",
    PointStatus.ADDRESSED: "Addressed, not yet tested",
    PointStatus.TESTED: "Tested, not yet embedded",
    PointStatus.EMBEDDED: "Embedded",
    PointStatus.NOT_YET: "Tested, not yet evidenced",
    PointStatus.SUPERSEDED: "Superseded",
}
STATUS_COLOURS = {
    PointStatus.DRAFT: "grey",
    PointStatus.AGREED: "orange",
    PointStatus.ADDRESSED: "",
    PointStatus.TESTED: "",
    PointStatus.EMBEDDED: "green",
    PointStatus.NOT_YET: "orange",
    PointStatus.SUPERSEDED: "grey",
}


@dataclass(frozen=True)
class EvidenceSeen:
    """Evidence, as the status asks of it."""

    dated_on: date
    verdict: Verdict


@dataclass(frozen=True)
class PointFacts:
    """All that the status follows from."""

    agreed_on: date | None = None
    meaning_changed_on: date | None = None
    addressed_since: tuple[date, ...] = ()
    findings: tuple[EvidenceSeen, ...] = ()
    is_superseded: bool = False


def status_of(facts: PointFacts) -> PointStatus:
    """Draft, agreed, addressed, then what the latest evidence that counts shows."""
    if facts.is_superseded:
        return PointStatus.SUPERSEDED
    if facts.agreed_on is None:
        return PointStatus.DRAFT
    changed_on = change_of(facts)
    if changed_on is None:
        return PointStatus.AGREED
    counted = [each for each in facts.findings if counts_as_evidence(each.dated_on, changed_on)]
    if not counted:
        return PointStatus.ADDRESSED
    latest = max(counted, key=lambda each: each.dated_on)
    return {
        Verdict.EMBEDDED: PointStatus.EMBEDDED,
        Verdict.PARTLY: PointStatus.TESTED,
        Verdict.NOT_YET: PointStatus.NOT_YET,
    }[latest.verdict]


def change_of(facts: PointFacts) -> date | None:
    """The day of the change that evidence tests: when the point was first addressed as it reads now; None before."""
    if not facts.addressed_since:
        return None
    first = min(facts.addressed_since)
    return max(first, facts.meaning_changed_on) if facts.meaning_changed_on else first


def counts_as_evidence(dated_on: date, changed_on: date | None) -> bool:
    """Only what was looked at after the change can show that it worked."""
    return changed_on is not None and dated_on > changed_on


def check_verdict(verdict: Verdict, dated_on: date, changed_on: date | None) -> None:
    """Earlier evidence may be kept for comparison, but cannot say that the point is embedded."""
    if verdict is Verdict.EMBEDDED and not counts_as_evidence(dated_on, changed_on):
        raise Invalid(
            "This evidence is not dated after the change, so it cannot show that the point is embedded. "
            "Record it for comparison with another answer.",
            field="verdict",
        )


def drawn_ref(digits: Iterable[int]) -> str:
    """LP-7KQ3M: drawn, not counted, so that a number missing from a series tells nobody anything."""
    return "LP-" + "".join(DRAWN_FROM[digit % len(DRAWN_FROM)] for digit in digits)


def checked_ref(typed: str) -> str:
    """A reference that can stand in an address."""
    ref = " ".join(typed.split())
    if not REF.fullmatch(ref) or "//" in ref or len(ref) > 60:
        raise Invalid("Enter a reference of letters, digits, full stops, hyphens and slashes, like 24-07.", field="ref")
    return ref
