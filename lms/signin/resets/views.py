"""A box on a person's page, and the page that resets."""

from flask import Blueprint

from lms.frame.plugins import PanelContent
from lms.frame.web import Answer, back_to, page, requires, say, work
from lms.frame.work import Work
from lms.people.queries import person_of
from lms.signin.queries import account_of
from lms.signin.resets.forms import ResetForm
from lms.signin.resets.services import reset_second_factor

bp = Blueprint("resets", __name__)


@bp.route("/people/<int:person_id>/second-factor", methods=["GET", "POST"])
@requires("people.manage")
def reset(person_id: int) -> Answer:
    found, form = person_of(work().session, work().actor, person_id), ResetForm()
    if form.validate_on_submit():
        with form.refusals():
            reset_second_factor(work(), found, reason=form.reason.data or "")
            say(f"The second factor of {found.name} is reset. They are signed out everywhere, and a letter tells them.")
            return back_to("people.person", person_id=person_id)
    account = account_of(work().session, person_id)
    return page("signin/reset.html", form=form, found=found, has_one=bool(account and account.tf_totp_secret))


def person_panel(work: Work, person_id: int) -> PanelContent | None:
    """For those who manage people, on the page of somebody who has a second factor."""
    if not work.actor.may("people.manage") or work.actor.person_id == person_id:
        return None
    account = account_of(work.session, person_id)
    if account is None or account.tf_totp_secret is None:
        return None
    return PanelContent("signin/reset_panel.html", {"person_id": person_id})
