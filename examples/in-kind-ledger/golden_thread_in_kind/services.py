"""Noting what was given, with thanks, and taking back what was noted by mistake."""

from datetime import date
from secrets import token_hex

from golden_thread_in_kind.letters import thanked
from golden_thread_in_kind.models import InKindContribution
from golden_thread_in_kind.queries import pence_each
from golden_thread_in_kind.rules import Kind, check
from lms.frame.work import Work
from lms.kit.working_days import london_date


def record_contribution(
    work: Work, agency_id: int, kind: Kind, given_on: date, quantity: int, what: str, person_id: int | None = None
) -> InKindContribution:
    """Note what an agency gave, and thank whoever trained. Raises Invalid for what cannot have been given."""
    check(kind, given_on, quantity, what, today=london_date(work.now), has_trainer=person_id is not None)
    given = InKindContribution(ref=f"IK-{token_hex(4)}", agency_id=agency_id, person_id=person_id, kind=kind)
    given.given_on, given.quantity, given.what = given_on, quantity, what.strip()
    given.worth_pence = quantity * pence_each(work, kind)
    work.session.add(given)
    work.record("contribution in kind", given, quantity=quantity)
    if person_id is not None:
        work.send(thanked(given))
    return given


def withdraw_contribution(work: Work, given: InKindContribution) -> None:
    """Take back what was noted by mistake."""
    work.record("contribution withdrawn", given, ref=given.ref, quantity=given.quantity)
    work.session.delete(given)
