"""Registering oneself, and the coordinator's list of those who wait."""

from flask import Blueprint, redirect

from lms.frame.web import Answer, back_to, page, public, requires, say, site_url, work
from lms.kit.errors import NotFound
from lms.kit.working_days import london_date
from lms.limits.limiter import many_posts
from lms.signin.forms import MailedCodeForm
from lms.signin.queries import code_by_token
from lms.signin.registrations import services
from lms.signin.registrations.forms import AcceptForm, RegistrationForm
from lms.signin.registrations.queries import (
    imitated_by,
    open_agencies,
    role_groups_to_choose,
    waiting_registrations,
)
from lms.signin.rules import WRONG_CODE
from lms.signin.security import account_here, address_typed, begin_session, keep_name_typed
from lms.signin.services import code_works
from lms.signin.views import refuse, spent_page, wanted

bp = Blueprint("registrations", __name__)


@bp.route("/register", methods=["GET", "POST"])
@public
@many_posts
def register() -> Answer:
    """Tell us who you are; the answer does not say whether we knew."""
    if account_here() is not None:
        return back_to("signin.sign_in")
    form = RegistrationForm(data={"email": address_typed()}).offer(role_groups_to_choose(work().session))
    if form.validate_on_submit():
        keep_name_typed(form.email.data)
        with form.refusals():
            row = services.register(work(), form.newcomer(wanted() or ""))
            return back_to("registrations.code", token=row.token, next=wanted())
    return page("signin/register.html", form=form, next=wanted())


@bp.route("/register/code/<token>", methods=["GET", "POST"])
@public
def code(token: str) -> Answer:
    """Confirm the address. The link in the letter leads here, too."""
    row = code_by_token(work().session, token)
    if row is None or row.registration_id is None:
        raise NotFound("This page was for a code that has expired. Register again to get a new one.")
    form = MailedCodeForm()
    if form.validate_on_submit():
        with form.refusals():
            registration = services.confirm_registration(work(), token, form.code.data)
            account = services.account_registered(work(), registration) if registration else None
            if account is not None:
                begin_session(account, second_factor=False)
                say("You are registered and signed in.")
                return redirect(wanted() or site_url("account.account"), code=303)
            if registration is not None:
                return page("signin/registration_waits.html", wants=registration.wants)
            refuse(form, "code", WRONG_CODE)
    if not code_works(row, work().now):
        return spent_page("registrations.register")
    return page("signin/register_code.html", form=form, next=wanted())


@bp.get("/registrations")
@requires("signin.approve_registrations")
def waiting() -> Answer:
    """Who asked for an account and waits for a decision."""
    return page("signin/registrations.html", rows=waiting_registrations(work().session), today=services.today(work()))


@bp.post("/registrations/lift")
@requires("signin.approve_registrations")
def lift() -> Answer:
    """Let as many again register from outside the agencies' domains today."""
    services.lift_cap(work())
    say("People from outside your agencies can register again.")
    return back_to("registrations.waiting")


@bp.route("/registrations/<int:registration_id>", methods=["GET", "POST"])
@requires("signin.approve_registrations")
def registration(registration_id: int) -> Answer:
    """Agree, with the agency they belong to."""
    asked = services.waiting(work(), registration_id)
    form = AcceptForm()
    form.offer(open_agencies(work().session, on=london_date(work().now)))
    if form.validate_on_submit():
        with form.refusals():
            person = services.accept_registration(work(), registration_id, agency_id=form.agency_id.data)
            say(f"{person.name} now has an account ({person.ref}). We’ll email them how to sign in.")
            return back_to("registrations.waiting")
    return page("signin/registration.html", form=form, asked=asked, looks_like=imitated_by(work().session, asked.email))


@bp.post("/registrations/<int:registration_id>/refuse")
@requires("signin.approve_registrations")
def refuse_registration(registration_id: int) -> Answer:
    """Say no; a letter tells them who to ask."""
    refused = services.refuse_registration(work(), registration_id)
    say(f"{refused.name} has no account. We’ll email them who to ask.")
    return back_to("registrations.waiting")
