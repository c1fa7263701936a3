"""Answering, approving, waiving and appealing. Every decision has somebody who made it, when, and why."""

from charges.charge import letters, life
from charges.charge.models import Charge, ChargeAnswer
from charges.charge.queries import open_charges_of
from charges.charge.rules import (
    AnsweredAs,
    ChargeState,
    WaiverReason,
    check_answered_in_time,
    check_appeal_decider,
    check_can_appeal,
    check_can_approve,
    check_length,
    check_waiver,
    end_of_working_day,
)
from charges.charge.services import locked_charge, open_to_agencies
from lms.frame.work import Work
from lms.kit.errors import Invalid, NotAllowed
from lms.kit.lives import Step
from lms.policies.queries import terms_of


def answer_charge(
    work: Work, charge_id: int, *, said_as: AnsweredAs, name: str, suggests: WaiverReason | None, words: str
) -> list[ChargeAnswer]:
    """Keep what somebody says about the places that one booking did not use: for each of its open charges."""
    charge = locked_charge(work, charge_id)
    life.ANSWER.check(charge.state)
    check_answered_in_time(charge.respond_by, work.now)
    if suggests is None and not words.strip():
        raise Invalid("Choose what applies, or write what happened.", field="suggests")
    if suggests is WaiverReason.OTHER and not words.strip():
        raise Invalid("Describe what happened.", field="words")
    check_length(words, field="words")
    return [
        _keep_answer(work, each, ChargeAnswer(said_as=said_as, name=name, suggests=suggests, words=words.strip()))
        for each in open_charges_of(work.session, charge.booking_id)
    ]


def ask_agency(work: Work, charge_id: int) -> Charge:
    """Open a proposed charge to the agency, with the letters that ask for reasons."""
    charge = locked_charge(work, charge_id)
    open_to_agencies(work, [charge])
    return charge


def approve_charge(work: Work, charge_id: int, *, note: str = "") -> Charge:
    """Decide that the agency pays. It can appeal once; after that the charge goes on the month's invoice."""
    charge = locked_charge(work, charge_id)
    life.APPROVE.check(charge.state)
    is_answered = any(answer.said_as is AnsweredAs.AGENCY for answer in charge.answers)
    check_can_approve(
        is_answered=is_answered,
        respond_by=charge.respond_by,
        is_disability_related=charge.is_disability_related,
        now=work.now,
    )
    check_length(note, field="note")
    charge.decided_by_id = _somebody(work)
    charge.state, charge.decided_at, charge.decision_note = ChargeState.APPROVED, work.now, note.strip()
    charge.appeal_until = end_of_working_day(work.now, terms_of(charge.policy_version).appeal_working_days)
    charge.final_at = charge.appeal_until
    work.record("charge approved", charge, pence=charge.pence, note=charge.decision_note)
    work.send(*letters.decided(work, charge))
    return charge


def waive_charge(work: Work, charge_id: int, reason: WaiverReason | None, *, note: str = "") -> Charge:
    """Decide that the agency pays nothing, for a reason from the list."""
    charge = locked_charge(work, charge_id)
    if charge.state is ChargeState.APPEALED:
        return waive_on_appeal(work, charge_id, reason, note=note)
    life.WAIVE.check(charge.state)
    charge.waiver_reason, charge.waiver_words = check_waiver(reason, note), note.strip()
    charge.decided_by_id = _somebody(work)
    charge.state, charge.decided_at, charge.decision_note = ChargeState.WAIVED, work.now, note.strip()
    work.record("charge waived", charge, reason=charge.waiver_reason, note=charge.decision_note)
    work.send(*letters.decided(work, charge))
    return charge


def appeal_charge(work: Work, charge_id: int, *, words: str, suggests: WaiverReason | None = None) -> Charge:
    """The agency's one challenge, which somebody other than the first decider decides."""
    charge = locked_charge(work, charge_id)
    check_can_appeal(appealed_at=charge.appealed_at, appeal_until=charge.appeal_until, now=work.now)
    life.APPEAL.check(charge.state)
    if not words.strip():
        raise Invalid("Explain why the charge should not stand.", field="words")
    check_length(words, field="words")
    charge.state, charge.appealed_at, charge.appeal_words = ChargeState.APPEALED, work.now, words.strip()
    charge.appealed_by_id = _somebody(work)
    charge.is_disability_related |= suggests is WaiverReason.DISABILITY
    charge.final_at = None
    work.record("charge appealed", charge)
    work.session.refresh(charge, ["appealed_by"])
    work.send(*letters.appealed(work, charge))
    return charge


def uphold_charge(work: Work, charge_id: int, *, note: str) -> Charge:
    """Decide an appeal: the charge stands, for a reason that the agency reads."""
    charge = _appealed(work, charge_id, life.UPHOLD)
    check_can_approve(
        is_answered=True, respond_by=None, is_disability_related=charge.is_disability_related, now=work.now
    )
    if not note.strip():
        raise Invalid("Explain why the charge stands. The agency reads it.", field="note")
    _decide_appeal(work, charge, ChargeState.UPHELD, note)
    charge.final_at = work.now
    work.record("charge upheld on appeal", charge, note=charge.appeal_note)
    work.send(*letters.decided(work, charge))
    return charge


def waive_on_appeal(work: Work, charge_id: int, reason: WaiverReason | None, *, note: str = "") -> Charge:
    """Decide an appeal: the agency pays nothing."""
    charge = _appealed(work, charge_id, life.WAIVE_ON_APPEAL)
    charge.waiver_reason, charge.waiver_words = check_waiver(reason, note), note.strip()
    _decide_appeal(work, charge, ChargeState.WAIVED, note)
    work.record("charge waived on appeal", charge, reason=charge.waiver_reason, note=charge.appeal_note)
    work.send(*letters.decided(work, charge))
    return charge


def _keep_answer(work: Work, charge: Charge, answer: ChargeAnswer) -> ChargeAnswer:
    answer.charge, answer.said_at, answer.person_id = charge, work.now, work.actor.person_id
    charge.is_disability_related |= answer.suggests is WaiverReason.DISABILITY
    work.session.add(answer)
    work.record("charge answered", charge, said_as=answer.said_as, name=answer.name)
    return answer


def _appealed(work: Work, charge_id: int, step: Step[ChargeState]) -> Charge:
    charge = locked_charge(work, charge_id)
    step.check(charge.state)
    if not work.actor.may("charges.decide_appeals"):
        raise NotAllowed("Only a business manager decides an appeal.")
    check_appeal_decider(_somebody(work), charge.decided_by_id)
    return charge


def _decide_appeal(work: Work, charge: Charge, state: ChargeState, note: str) -> None:
    check_length(note, field="note")
    charge.state, charge.appeal_decided_at, charge.appeal_note = state, work.now, note.strip()
    charge.appeal_decided_by_id = _somebody(work)


def _somebody(work: Work) -> int:
    """The person who decides: never a program."""
    if work.actor.person_id is None:
        raise NotAllowed("A person decides about charges, never the system. Sign in and decide it on its page.")
    return work.actor.person_id
