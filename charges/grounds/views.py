"""Writing down sickness and exemptions, from the page of a charge."""

from flask import Blueprint

from charges.charge.queries import charge_for
from charges.claims.rules import Exemption
from charges.grounds.forms import ExemptForm, SicknessForm
from charges.grounds.queries import sickness_of
from charges.grounds.services import record_exemption, record_sickness
from lms.frame.web import Answer, back_to, page, requires, say, work
from lms.kit.words import count
from lms.kit.working_days import london

bp = Blueprint("grounds", __name__)


@bp.route("/charges/<int:charge_id>/sickness", methods=["GET", "POST"])
@requires("charges.manage_charges")
def sickness(charge_id: int) -> Answer:
    """By 10:00 on the day, and in writing within two working days: then the policy waives it."""
    found = charge_for(work().session, charge_id, work().actor)
    known = sickness_of(work().session, found)
    told_at = london(known.told_at).time() if known and known.told_at else None
    form = SicknessForm(told_at=told_at, confirmed_on=known.confirmed_on if known else None)
    if form.validate_on_submit():
        with form.refusals():
            record_sickness(work(), charge_id, told_at=form.told_at.data, confirmed_on=form.confirmed_on.data)
            say("Recorded. You still need to decide.")
            return back_to("charging.charge", charge_id=charge_id)
    return page("charges/grounds/sickness.html", form=form, charge=found)


@bp.route("/charges/<int:charge_id>/exempt", methods=["GET", "POST"])
@requires("charges.manage_charges")
def exempt(charge_id: int) -> Answer:
    """Somebody who is never charged: the booking's charges are void."""
    found = charge_for(work().session, charge_id, work().actor)
    form = ExemptForm()
    if form.validate_on_submit():
        with form.refusals():
            void = record_exemption(work(), charge_id, Exemption(form.kind.data))
            say(f"{count(len(void), 'charge')} of this booking taken back, and the agency is told.")
            return back_to("charging.charge", charge_id=charge_id)
    return page("charges/grounds/exempt.html", form=form, charge=found)
