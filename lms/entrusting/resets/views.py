"""A box on a person's page, the page that resets, and inviting."""

from flask import Blueprint

from lms.entrusting.resets.forms import ResetForm
from lms.entrusting.rules import EntrustedKind
from lms.entrusting.services import do_or_ask
from lms.entrusting.views import say_done_or_asked
from lms.frame.plugins import PanelContent
from lms.frame.web import Answer, back_to, page, requires, work
from lms.frame.work import Work
from lms.people.accounts.queries import account_of
from lms.people.invitations.queries import needs_invitation, open_invitation
from lms.people.models import Person
from lms.people.queries import person_of

bp = Blueprint("resets", __name__)


@bp.route("/people/<int:person_id>/second-factor", methods=["GET", "POST"])
@requires("people.manage")
def reset(person_id: int) -> Answer:
    found, form = person_of(work().session, work().actor, person_id), ResetForm()
    if form.validate_on_submit():
        with form.refusals():
            asked = do_or_ask(work(), EntrustedKind.SECOND_FACTOR, found, {"reason": (form.reason.data).strip()})
            done = (
                f"The second factor of {found.name} is reset. They are signed out everywhere, and an email tells them."
            )
            say_done_or_asked(asked, done)
            return back_to("people.person", person_id=person_id)
    account = account_of(work().session, person_id)
    return page("resets/reset.html", form=form, found=found, has_one=bool(account and account.tf_totp_secret))


@bp.post("/people/<int:person_id>/second-factor/invite")
@requires("people.manage")
def invite(person_id: int) -> Answer:
    """So that somebody entrusted can set up their first one."""
    found = person_of(work().session, work().actor, person_id)
    asked = do_or_ask(work(), EntrustedKind.INVITATION, found)
    say_done_or_asked(asked, f"Invited {found.name} to set up a second factor. The email goes to {found.email}.")
    return back_to("people.person", person_id=person_id)


def person_panel(work: Work, person_id: int) -> PanelContent | None:
    """For those who manage people, on the page of somebody who has a second factor, or needs one."""
    if not work.actor.may("people.manage") or work.actor.person_id == person_id:
        return None
    person = work.session.get_one(Person, person_id)
    account = account_of(work.session, person_id)
    has_one = account is not None and account.tf_totp_secret is not None
    if not (has_one or needs_invitation(work.session, person)):
        return None
    invitation = open_invitation(work.session, person, work.now)
    return PanelContent(
        "resets/person_panel.html", {"person_id": person_id, "has_one": has_one, "invitation": invitation}
    )
