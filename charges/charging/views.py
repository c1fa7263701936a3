"""Charges: the list, one charge in full, and what a draft policy would have made of last year's."""

from flask import Blueprint, request

from charges.charge import queries
from charges.charge.models import Charge
from charges.charge.rules import BILLED, LIVE, STATE_WORDS, AnsweredAs, ChargeState, WaiverReason, said_waiver
from charges.charging import documents
from charges.charging.forms import DecideChargeForm
from charges.claims.queries import told_of
from charges.grounds.queries import sickness_of
from charges.invoices.queries import line_of_charge
from charges.listing.forms import FilterForm
from charges.listing.queries import agencies_charged, find_charges, sums
from lms.frame.paging import number_asked, pages_of
from lms.frame.web import Answer, page, requires, work
from lms.kit.money import exact_pounds
from lms.partnership.queries import the_partnership
from lms.policies.queries import terms_of

bp = Blueprint("charging", __name__)


@bp.get("/charges")
@requires("charges.see_charges")
def charges() -> Answer:
    """What is to decide first, with filters and sums. Agency leads see their own, finance what was approved."""
    session, actor = work().session, work().actor
    filters = FilterForm(request.args).offer(agencies_charged(session, actor))
    wanted = filters.wanted
    found = find_charges(session, wanted, actor, number_asked())
    return page(
        "charges/charging/charges.html",
        filters=filters,
        wanted=wanted,
        found=found,
        sums=sums(session, wanted, actor),
        pages=pages_of(found),
        state_words=STATE_WORDS,
        now=work().now,
    )


@bp.get("/charges/<int:charge_id>")
@requires("charges.see_charges")
def charge(charge_id: int) -> Answer:
    """One charge: the answer first, the working under it, and the decision for whoever may make it."""
    found = queries.charge_for(work().session, charge_id, work().actor)
    return charge_page(found, decision_form(found))


def decision_form(found: Charge) -> DecideChargeForm:
    """The form in which this charge is decided next."""
    days = terms_of(found.policy_version).appeal_working_days
    month = documents.invoice_month_if_approved(work().now, days)
    is_appeal = found.state is ChargeState.APPEALED
    sickness = sickness_of(work().session, found)
    usual = {"decision": "waive", "reason": WaiverReason.SICKNESS.value} if sickness and sickness.is_in_time else {}
    return DecideChargeForm(**usual).offer(exact_pounds(found.pence), is_appeal=is_appeal, month=f"{month:%B}")


def charge_page(found: Charge, form: DecideChargeForm) -> Answer:
    """The page of a charge with its decision form, as far as this reader may decide."""
    session, actor = work().session, work().actor
    (told,) = told_of(session, [found.booking_id])
    is_office = actor.may("charges.manage_charges")
    return page(
        "charges/charging/charge.html",
        charge=found,
        form=form,
        told=told,
        heading=documents.heading(found, work().now),
        questions=documents.questions(
            found,
            told,
            queries.mark_of(session, found),
            the_partnership(session).ref_prefix,
            sickness_of(session, found),
        ),
        is_open=found.state in LIVE - BILLED and not found.is_history,
        strip=documents.strip(told),
        length=documents.day_length(found, told),
        steps=documents.steps(found, work().now, is_office=is_office),
        before=queries.record_before(session, found),
        siblings=queries.siblings(session, found),
        answers=[answer for answer in found.answers if is_office or answer.said_as is AnsweredAs.AGENCY],
        is_answered=any(answer.said_as is AnsweredAs.AGENCY for answer in found.answers),
        line=line_of_charge(session, found.id),
        state_words=STATE_WORDS,
        waived_for=said_waiver(found.waiver_reason, in_full=is_office),
        said_waiver=said_waiver,
        exact_pounds=exact_pounds,
        is_office=is_office,
        decides=_decides(found),
        leads=found.agency_id in queries.agencies_led(session, actor),
        now=work().now,
    )


def _decides(found: Charge) -> str:
    """The view to which this reader sends a decision; "" when there is none to make."""
    actor = work().actor
    if found.state is ChargeState.APPEALED:
        is_other = actor.person_id != found.decided_by_id
        return "charging.decide_appeal" if actor.may("charges.decide_appeals") and is_other else ""
    is_open = found.state is ChargeState.OPEN
    return "charging.decide" if is_open and actor.may("charges.manage_charges") else ""
