"""Signing in and out. Fetching a page never signs anybody in; only typing what was mailed does."""

from typing import Any

from flask import Blueprint, jsonify, redirect, request

from lms.frame.web import Answer, Form, back_to, page, public, say, signed_in, site, site_url, work
from lms.kit.errors import NotFound
from lms.limits.limiter import many_posts
from lms.partnership.queries import is_demonstration
from lms.people.accounts.models import Account
from lms.sessions import services as sessions
from lms.signin import rules, services
from lms.signin.forms import MailedCodeForm, PasswordForm, SecondFactorForm, SignInForm
from lms.signin.linked.services import link
from lms.signin.passwords.services import sign_in_by_password
from lms.signin.personas import queries as personas
from lms.signin.queries import code_by_token
from lms.signin.security import (
    NEWCOMER,
    TO_PROVE,
    account_here,
    begin_session,
    end_session,
    identity_here,
    keep_count,
    keep_name_typed,
    locks,
    name_typed,
    providers,
    seconds_left,
    session_here,
)
from lms.unsent.browser import is_waiting

bp = Blueprint("signin", __name__)


@bp.route("/sign-in", methods=["GET", "POST"])
@public
@many_posts
def sign_in() -> Answer:
    """Say who you are; a code is mailed, or it is not, and the answer is the same."""
    account = account_here()
    if account is not None:
        return go_on(account)
    form = SignInForm(data={"identifier": name_typed()})
    if form.validate_on_submit():
        keep_name_typed(form.identifier.data)
        with form.refusals():
            row = services.ask_for_code(work(), form.identifier.data)
            at_work = providers().for_address(rules.plain_identifier(form.identifier.data))
            return back_to("signin.code", token=row.token, next=wanted(), at=[each.name for each in at_work])
    return sign_in_page(form, wanted())


def sign_in_page(form: SignInForm, then: str | None) -> Answer:
    """The ways in; with what came of another way, when that led nowhere."""
    people = personas.people(work().session) if is_demonstration(work().session, site().settings) else []
    return page(
        "signin/sign_in.html",
        form=form,
        next=then,
        personas=people,
        typed_waits=is_waiting(then),
        providers=providers().all,
    )


@bp.route("/sign-in/code/<token>", methods=["GET", "POST"])
@public
def code(token: str) -> Answer:
    """Type the code. The link in the letter leads here, too. No limit but the page's own: a right code always works."""
    row = code_by_token(work().session, token)
    if row is None or row.registration_id is not None:
        raise NotFound("This page was for a code that has expired. Ask for a new one on the sign-in page.")
    form = MailedCodeForm()
    if form.validate_on_submit():
        with form.refusals():
            account = services.sign_in_by_code(work(), token, form.code.data)
            if account is not None:
                return let_in(account)
            refuse(form, "code", rules.WRONG_CODE)
    if not services.code_works(row, work().now):
        return spent_page("signin.sign_in")
    at_work = [each for each in providers().all if each.name in request.args.getlist("at")]
    return page("signin/code.html", form=form, next=wanted(), providers=at_work)


@bp.route("/sign-in/password", methods=["GET", "POST"])
@public
@many_posts
def password() -> Answer:
    """For those who gave themselves a password; offered to everybody alike."""
    form = PasswordForm(data={"identifier": name_typed()})
    if form.validate_on_submit():
        keep_name_typed(form.identifier.data)
        with form.refusals():
            account = sign_in_by_password(work(), locks(), form.identifier.data, form.password.data)
            if account is not None:
                return let_in(account)
            refuse(form, "password", rules.WRONG_PASSWORD)
    return page("signin/password.html", form=form, next=wanted())


@bp.route("/sign-in/second-factor", methods=["GET", "POST"])
@public
def second_factor() -> Answer:
    """Type what the authenticator app shows."""
    account = account_here()
    if account is None or work().actor.is_signed_in or account.tf_totp_secret is None:
        return back_to("signin.sign_in", next=wanted())
    form = SecondFactorForm()
    if form.validate_on_submit():
        with form.refusals():
            if services.check_second_factor(work(), locks(), account, form.code.data):
                prove_account_at_work(account)
                begin_session(account, second_factor=True)
                return redirect(wanted() or "/", code=303)
            refuse(form, "code", rules.WRONG_SECOND_FACTOR)
    return page("signin/second_factor.html", form=form)


@bp.post("/sign-in/as/<role>")
@public
def persona(role: str) -> Answer:
    """One click in demonstration mode; elsewhere there is no such page."""
    person = personas.find(work().session, role) if is_demonstration(work().session, site().settings) else None
    account = services.open_account(work(), person, by="demonstration") if person is not None else None
    if account is None:
        raise NotFound("There is no page here.")
    begin_session(account, second_factor=True, is_persona=True)
    return redirect(wanted() or "/", code=303)


@bp.post("/sign-out")
@public
def sign_out() -> Answer:
    """Leave; on to signing in again where that was asked for."""
    end_session()
    return back_to("signin.sign_in", next=wanted()) if wanted() else back_to("partnership.home")


@bp.get("/session")
@public
def session_left() -> Answer:
    """How long this session still lasts, for the page that announces its end. Asking does not prolong it."""
    here = session_here()
    return jsonify({"left": seconds_left(), "ends_anyway": here is not None and here.ends_anyway})


@bp.post("/session")
@signed_in
def stay() -> Answer:
    """Still here: the session goes on."""
    here = session_here()
    if here is not None:
        sessions.stay(work(), here.id)
    return back_to("signin.session_left")


@bp.post("/sign-out-everywhere")
@signed_in
def sign_out_everywhere() -> Answer:
    """Leave here and on every other device."""
    account = account_here()
    if account is not None:
        services.sign_out_everywhere(work(), account)
    end_session()
    say("You are signed out everywhere.")
    return back_to("signin.sign_in")


def wanted() -> str | None:
    """Where to go on to afterwards: a path here, or nothing."""
    return rules.local_path(request.args.get("next", "")) or None


def spent_page(ask_at: str, **values: Any) -> Answer:
    """A page that takes no code any more says where to ask for another; 422 to whoever typed one."""
    ask_url = site_url(ask_at, next=wanted(), **values)
    return page("signin/code_spent.html", refuses=request.method == "POST", ask_url=ask_url)


def let_in(account: Account) -> Answer:
    """The first factor was right: a session, and on to the second if one is needed."""
    begin_session(account, second_factor=False)
    return go_on(account)


def go_on(account: Account) -> Answer:
    """Where an account's session may go now."""
    return after_first_factor(account, wanted())


def after_first_factor(account: Account, then: str | None) -> Answer:
    """On to the second factor where one is needed, and to what was wanted."""
    if work().actor.is_signed_in or not services.needs_second_factor(account):
        return redirect(then or "/", code=303)
    has_one = account.tf_totp_secret is not None
    return redirect(
        site_url("signin.second_factor" if has_one else "account.set_up_second_factor", next=then), code=303
    )


def prove_account_at_work(account: Account) -> None:
    """Whoever came with an account at work has given a second factor of ours: it is linked, and proved from now on."""
    identity = identity_here(TO_PROVE)
    if identity is not None:
        link(work(), providers().title_of(identity.provider), account, identity, is_proved=True)


def link_newcomer(account: Account) -> None:
    """Somebody new whose provider has proved their address has an account: the one at work is linked to it."""
    identity = identity_here(NEWCOMER)
    if identity is not None:
        link(work(), providers().title_of(identity.provider), account, identity)


def refuse(form: Form, field: str, words: str) -> None:
    """Say that it was wrong, and count it although the page refuses."""
    keep_count()
    form[field].errors = [*form[field].errors, words]
