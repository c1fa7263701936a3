"""Deciding, answering and appealing; and the link by which somebody without an account gives a reason."""

from charges.charge import letters, queries
from charges.charge.models import Charge
from charges.charge.rules import AnsweredAs, ChargeState
from charges.charging.forms import AppealForm, ChargeAnswerForm, reason_of
from charges.charging.views import bp, charge_page, decision_form
from charges.decisions import services
from lms.frame.web import Answer, back_to, page, public, requires, say, work
from lms.kit.errors import Invalid, NotAllowed
from lms.kit.working_days import is_late
from lms.limits.limiter import wrong_links


@bp.route("/charges/<int:charge_id>/decide", methods=["GET", "POST"])
@requires("charges.manage_charges")
def decide(charge_id: int) -> Answer:
    """Approve or waive."""
    found = queries.charge_for(work().session, charge_id, work().actor)
    form = decision_form(found)
    if form.validate_on_submit():
        with form.refusals():
            note = form.note.data
            if form.decision.data == "waive":
                services.waive_charge(work(), charge_id, reason_of(form.reason.data), note=note)
            else:
                services.approve_charge(work(), charge_id, note=note)
            say(f"The charge is {'waived' if form.decision.data == 'waive' else 'approved'}. The agency is told.")
            return back_to("charging.charge", charge_id=charge_id)
    return charge_page(found, form)


@bp.route("/charges/<int:charge_id>/decide-appeal", methods=["GET", "POST"])
@requires("charges.decide_appeals")
def decide_appeal(charge_id: int) -> Answer:
    """Uphold or waive, by somebody who did not decide before."""
    found = queries.charge_for(work().session, charge_id, work().actor)
    form = decision_form(found)
    if form.validate_on_submit():
        with form.refusals():
            note = form.note.data
            if form.decision.data == "waive":
                services.waive_on_appeal(work(), charge_id, reason_of(form.reason.data), note=note)
            else:
                services.uphold_charge(work(), charge_id, note=note)
            say("The appeal is decided. The agency is told.")
            return back_to("charging.charge", charge_id=charge_id)
    return charge_page(found, form)


@bp.post("/charges/<int:charge_id>/ask")
@requires("charges.manage_charges")
def ask(charge_id: int) -> Answer:
    """Open a charge to the agency that was proposed without letters."""
    services.ask_agency(work(), queries.charge_for(work().session, charge_id, work().actor).id)
    say("The agency, the delegate and the manager are asked.")
    return back_to("charging.charge", charge_id=charge_id)


@bp.route("/charges/<int:charge_id>/answer", methods=["GET", "POST"])
@requires("charges.answer_charges")
def answer(charge_id: int) -> Answer:
    """The agency's answer, by its lead, or written down by the office for one who telephoned."""
    found = queries.charge_for(work().session, charge_id, work().actor)
    is_own = _leads(found)
    form = ChargeAnswerForm()
    if is_own:
        del form.name
    if form.validate_on_submit():
        with form.refusals():
            name = work().actor.name if is_own else _name(form)
            _answer(form, charge_id, AnsweredAs.AGENCY, name)
            say("The answer is kept with the charge.")
            return back_to("charging.charge", charge_id=charge_id)
    return page("charges/decisions/answer.html", form=form, charge=found, is_own=is_own)


@bp.route("/charges/<int:charge_id>/appeal", methods=["GET", "POST"])
@requires("charges.answer_charges")
def appeal(charge_id: int) -> Answer:
    """The agency's one appeal."""
    found = queries.charge_for(work().session, charge_id, work().actor)
    if not _leads(found) and not work().actor.may("charges.manage_charges"):
        raise NotAllowed("Only the agency’s lead appeals for it.")
    form = AppealForm()
    if form.validate_on_submit():
        with form.refusals():
            suggests = reason_of(form.suggests.data)
            services.appeal_charge(work(), charge_id, words=form.words.data, suggests=suggests)
            say("Your appeal is with someone who was not involved in the first decision.")
            return back_to("charging.charge", charge_id=charge_id)
    return page("charges/decisions/appeal.html", form=form, charge=found)


@bp.route("/charges/answer/<token>", methods=["GET", "POST"])
@public
@wrong_links
def by_link(token: str) -> Answer:
    """Give a reason by a link from our letter, without an account. Looking at it answers nothing."""
    charge_id, said_as = letters.read_token(work(), token)
    found = queries.charge_of_link(work().session, charge_id)
    is_open = found.state is ChargeState.OPEN and found.respond_by is not None
    is_open = is_open and not is_late(work().now, found.respond_by or work().now)
    form = ChargeAnswerForm()
    del form.name
    if form.validate_on_submit():
        with form.refusals():
            _answer(form, charge_id, said_as, _name_of(found, said_as))
            say("Thank you. Your answer is kept with the charge, and the person who decides will read it.")
            return back_to("charging.by_link", token=token)
    return page(
        "charges/decisions/by_link.html",
        form=form,
        charge=found,
        is_open=is_open,
        is_manager=said_as is AnsweredAs.MANAGER,
        given=[each for each in found.answers if each.said_as is said_as],
    )


def _answer(form: ChargeAnswerForm, charge_id: int, said_as: AnsweredAs, name: str) -> None:
    services.answer_charge(
        work(),
        charge_id,
        said_as=said_as,
        name=name,
        suggests=reason_of(form.suggests.data),
        words=form.words.data,
    )


def _name(form: ChargeAnswerForm) -> str:
    name = (form.name.data).strip()
    if not name:
        raise Invalid("Enter the name of the person who says so.", field="name")
    return name


def _name_of(charge: Charge, said_as: AnsweredAs) -> str:
    booking = charge.booking
    return booking.person.name if said_as is AnsweredAs.DELEGATE else booking.manager_name or "The line manager"


def _leads(charge: Charge) -> bool:
    return charge.agency_id in queries.agencies_led(work().session, work().actor)


__all__ = ["bp"]
