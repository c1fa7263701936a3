"""The life of a charge: answered, approved or waived, appealed, and always by somebody, in words."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from charges.charge.life import LIFE
from charges.charge.models import Charge
from charges.charge.rules import AnsweredAs, ChargeState, WaiverReason
from charges.decisions.services import (
    answer_charge,
    appeal_charge,
    approve_charge,
    uphold_charge,
    waive_charge,
    waive_on_appeal,
)
from lms.audit.models import AuditEntry
from lms.frame.access import Role
from lms.frame.work import Work
from lms.kit.errors import Conflict, Invalid, NotAllowed, Refused
from tests.charges.office import Office

AFTER = datetime(2026, 3, 19, 9, 0, tzinfo=UTC)
SICK, OTHER, DISABILITY = WaiverReason.SICKNESS, WaiverReason.OTHER, WaiverReason.DISABILITY


def answer(work: Work, charge: Charge, suggests: WaiverReason | None = None, words: str = "We were short") -> None:
    answer_charge(work, charge.id, said_as=AnsweredAs.AGENCY, name="Bethan", suggests=suggests, words=words)


def approved(office: Office) -> Charge:
    charge = office.missed()
    return approve_charge(office.work(now=AFTER), charge.id)


S = ChargeState
FOLLOWING = {
    S.PROPOSED: {S.OPEN, S.WAIVED, S.APPEALED, S.VOID},
    S.OPEN: {S.APPROVED, S.WAIVED, S.APPEALED, S.VOID},
    S.APPROVED: {S.INVOICED, S.APPEALED, S.VOID},
    S.APPEALED: {S.UPHELD, S.WAIVED, S.VOID},
    S.UPHELD: {S.INVOICED, S.VOID},
    S.INVOICED: {S.PAID, S.CREDITED, S.WRITTEN_OFF},
    S.PAID: {S.CREDITED},
}
"""Written out once more, by the state that a charge is in."""


@pytest.mark.parametrize("state", ChargeState)
def test_a_charge_moves_only_along_its_life(state: ChargeState) -> None:
    assert LIFE.following.get(state, frozenset()) == FOLLOWING.get(state, set())
    for step in LIFE.steps:
        if step.is_open(state):
            step.check(state)
        else:
            with pytest.raises(
                Conflict, match=r"This charge is (not open to answers|\w+( \w+)?, so that cannot be done)"
            ):
                step.check(state)


def test_nothing_is_approved_before_the_agency_answered_or_its_time_is_over(office: Office) -> None:
    charge = office.missed()
    with pytest.raises(Invalid, match="The agency can answer until Wed 18 Mar 2026 23:59"):
        approve_charge(office.work(now=datetime(2026, 3, 18, 23, 59, 59, tzinfo=UTC)), charge.id)
    assert approve_charge(office.work(now=datetime(2026, 3, 19, tzinfo=UTC)), charge.id).state is ChargeState.APPROVED


def test_an_answer_lets_the_coordinator_decide_at_once(office: Office) -> None:
    charge = office.missed()
    answer(office.work(), charge)
    made = approve_charge(office.work(now=datetime(2026, 3, 16, 10, 0, tzinfo=UTC)), charge.id, note="No reason given")
    assert made.decided_by_id == office.person(Role.COORDINATOR).id
    assert made.appeal_until == made.final_at == datetime(2026, 3, 30, 22, 59, 59, tzinfo=UTC)
    audit = office.session.scalars(sa.select(AuditEntry.event).where(AuditEntry.record_type == "Charge")).all()
    assert {"charge proposed", "charge opened to the agency", "charge answered", "charge approved"} <= set(audit)


def test_the_system_approves_and_waives_nothing(office: Office, as_program: Callable[[], Work]) -> None:
    charge = office.missed()
    answer(as_program(), charge)
    for decide in (
        lambda: approve_charge(as_program(), charge.id),
        lambda: waive_charge(as_program(), charge.id, SICK),
    ):
        with pytest.raises(NotAllowed, match="never the system"):
            decide()


def test_a_waiver_needs_a_reason_and_another_reason_needs_words(office: Office) -> None:
    charge = office.missed()
    with pytest.raises(Invalid, match="Choose a reason") as refusal:
        waive_charge(office.work(), charge.id, None)
    assert refusal.value.field == "reason"
    with pytest.raises(Invalid, match="Enter the other reason") as refusal:
        waive_charge(office.work(), charge.id, OTHER, note="  ")
    assert refusal.value.field == "note"
    made = waive_charge(office.work(), charge.id, SICK, note="Rang at 08:40")
    assert (made.state, made.waiver_reason) == (ChargeState.WAIVED, SICK)


def test_an_absence_related_to_a_disability_can_only_be_waived(office: Office) -> None:
    charge = office.missed()
    answer(office.work(), charge, DISABILITY, "")
    with pytest.raises(Invalid, match="can only be waived"):
        approve_charge(office.work(now=AFTER), charge.id)
    assert waive_charge(office.work(), charge.id, DISABILITY).state is ChargeState.WAIVED


def test_an_appeal_that_names_a_disability_cannot_be_upheld(office: Office) -> None:
    charge = approved(office)
    appeal_charge(office.work(now=AFTER), charge.id, words="It was a flare-up", suggests=DISABILITY)
    manager = office.work(office.person(Role.BUSINESS_MANAGER), now=AFTER)
    with pytest.raises(Invalid, match="can only be waived"):
        uphold_charge(manager, charge.id, note="Too late")
    assert waive_on_appeal(manager, charge.id, DISABILITY).state is ChargeState.WAIVED


def test_one_appeal_decided_by_somebody_else(office: Office) -> None:
    charge = approved(office)
    manager = office.person(Role.BUSINESS_MANAGER)
    appeal_charge(office.work(now=AFTER), charge.id, words="We wrote on the Friday before")
    assert [letter.person_id for letter in office.letters("charge_appealed")] == [manager.id]
    with pytest.raises(NotAllowed, match="business manager"):
        uphold_charge(office.work(now=AFTER), charge.id, note="It stands")
    made = uphold_charge(office.work(manager, now=AFTER), charge.id, note="The message came too late")
    assert (made.state, made.appeal_decided_by_id) == (ChargeState.UPHELD, manager.id)
    with pytest.raises(Refused, match="already been appealed"):
        appeal_charge(office.work(now=AFTER), charge.id, words="Again")


def test_the_first_decider_never_decides_the_appeal(office: Office) -> None:
    charge = office.missed()
    manager = office.person(Role.BUSINESS_MANAGER)
    approve_charge(office.work(manager, now=AFTER), charge.id)
    appeal_charge(office.work(now=AFTER), charge.id, words="We wrote")
    assert office.letters("charge_appealed") == []
    with pytest.raises(Conflict, match="someone else decides"):
        waive_on_appeal(office.work(manager, now=AFTER), charge.id, SICK)
    other = office.make.person("Another manager", roles=(Role.BUSINESS_MANAGER,))
    assert waive_on_appeal(office.work(other, now=AFTER), charge.id, SICK).state is ChargeState.WAIVED


def test_a_proposed_charge_can_be_appealed_before_anybody_decided(office: Office) -> None:
    charge = office.missed()
    appeal_charge(office.work(), charge.id, words="The venue was shut")
    manager = office.work(office.person(Role.BUSINESS_MANAGER))
    assert waive_on_appeal(manager, charge.id, WaiverReason.VENUE_OR_IT).state is ChargeState.WAIVED


def test_an_appeal_comes_in_time(office: Office) -> None:
    charge = approved(office)
    assert charge.appeal_until is not None
    with pytest.raises(Conflict, match="time to appeal ended"):
        appeal_charge(office.work(now=charge.appeal_until + timedelta(seconds=1)), charge.id, words="Late")
    assert appeal_charge(office.work(now=charge.appeal_until), charge.id, words="Just").state is ChargeState.APPEALED


def test_an_answer_after_its_time_or_decision_is_refused_in_words(office: Office) -> None:
    charge = office.missed()
    with pytest.raises(Conflict, match="time to answer ended"):
        answer(office.work(now=AFTER), charge)
    with pytest.raises(Invalid, match="Choose what applies"):
        answer(office.work(), charge, None, "")
    waive_charge(office.work(), charge.id, SICK)
    with pytest.raises(Conflict, match="not open to answers"):
        answer(office.work(), charge)


CONSTRAINTS = [
    ({"state": ChargeState.APPROVED}, "approved_by_somebody"),
    ({"state": ChargeState.WAIVED}, "waived_for_a_reason"),
    ({"waiver_reason": OTHER}, "other_reason_said"),
    ({"state": ChargeState.VOID}, "void_for_a_reason"),
    ({"pence": 0}, "more_than_nothing"),
    ({"explanation": ""}, "explains_itself"),
    ({"state": ChargeState.UPHELD}, "upheld_by_somebody"),
    ({"respond_by": None}, "open_until"),
]


@pytest.mark.parametrize(("values", "constraint"), CONSTRAINTS)
def test_the_database_keeps_every_decision_whole(office: Office, values: dict[str, object], constraint: str) -> None:
    charge = office.missed()
    for name, value in values.items():
        setattr(charge, name, value)
    with pytest.raises(IntegrityError, match=constraint):
        office.session.flush()


def test_the_database_refuses_one_decider_for_both_decisions(office: Office) -> None:
    charge = approved(office)
    charge.appealed_at, charge.appeal_decided_at, charge.appeal_decided_by_id = AFTER, AFTER, charge.decided_by_id
    with pytest.raises(IntegrityError, match="appeal_decided_by_another"):
        office.session.flush()
