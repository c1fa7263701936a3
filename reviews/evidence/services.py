"""Recording evidence of impact."""

from lms.frame.work import Work
from lms.kit.errors import Invalid
from lms.kit.working_days import london_date
from reviews.cases.rules import check_identifies_nobody
from reviews.evidence.written import EvidenceFound
from reviews.learning.models import Evidence
from reviews.learning.queries import facts_of, find_point
from reviews.learning.rules import change_of, check_verdict


def record_evidence(work: Work, point_id: int, found: EvidenceFound) -> Evidence:
    """Keep evidence with a learning point. Raises Invalid when it says more than its date allows."""
    point = find_point(work.session, work.actor, point_id)
    if found.dated_on > london_date(work.now):
        raise Invalid("This date is in the future. Record the evidence when it has been looked at.", field="dated_on")
    if (found.met is None) != (found.of_all is None):
        raise Invalid("Enter both numbers, or neither.", field="met")
    if found.met is not None and found.of_all is not None and not 0 <= found.met <= found.of_all:
        raise Invalid("There cannot be more of them than all.", field="met")
    if found.of_all == 0:
        raise Invalid("Nothing was counted. Leave both numbers empty.", field="of_all")
    check_verdict(found.verdict, found.dated_on, change_of(facts_of(point, ())))
    evidence = Evidence(
        learning_point_id=point.id,
        kind=found.kind,
        title=check_identifies_nobody(found.title, field="title"),
        dated_on=found.dated_on,
        finding=check_identifies_nobody(found.finding, field="finding"),
        met=found.met,
        of_all=found.of_all,
        verdict=found.verdict,
        recorded_at=work.now,
        recorded_by_id=work.actor.person_id,
    )
    work.session.add(evidence)
    work.record("evidence recorded", evidence, is_confidential=True, learning_point=point.id)
    return evidence
