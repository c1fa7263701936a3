"""My account. A way to sign in is changed only by somebody who signed in a moment ago."""

import io

import segno
from flask import Blueprint, session
from markupsafe import Markup

from lms.frame.web import Answer, back_to, page, public, say, signed_in, site_url, work
from lms.kit.errors import NotAllowed
from lms.people.accounts.models import Account
from lms.people.invitations.queries import needs_invitation, open_invitation
from lms.sessions.queries import sessions_of
from lms.signin.account import services
from lms.signin.account.forms import NewPasswordForm, SetUpForm
from lms.signin.linked.queries import links_of
from lms.signin.queries import about
from lms.signin.rules import needs_second_factor
from lms.signin.security import (
    account_here,
    begin_session,
    holds_much,
    locks,
    providers,
    session_here,
    session_is_fresh,
)
from lms.signin.views import prove_account_at_work, wanted

bp = Blueprint("account", __name__, url_prefix="/account")
NEW_SECRET = "new_second_factor"  # noqa: S105


@bp.get("")
@signed_in
def account() -> Answer:
    """What we know about me, and my ways to sign in."""
    me = mine()
    return page(
        "signin/account.html",
        me=me,
        about=about(work().session, me.person_id),
        is_fresh=session_is_fresh(),
        must_have_second_factor=needs_second_factor(work().actor.roles, has_one=False),
        sessions=sessions_of(work().session, me.person_id, here=here(), holds_much=holds_much(me), now=work().now),
        linked=links_of(work().session, me.person_id, providers().all),
        providers=providers().all,
    )


@bp.route("/password", methods=["GET", "POST"])
@signed_in
def password() -> Answer:
    """Give myself a password, or another."""
    if not session_is_fresh():
        return sign_in_again("account.password")
    form = NewPasswordForm()
    if form.validate_on_submit():
        with form.refusals():
            services.set_password(work(), locks(), mine(), form.password.data, here=here())
            return done("Your password is set. You are signed out everywhere else.")
    return page("signin/account_password.html", form=form)


@bp.post("/password/remove")
@signed_in
def remove_password() -> Answer:
    """Back to codes by mail."""
    check_is_fresh()
    services.remove_password(work(), mine(), here=here())
    return done("Your password is removed. We’ll email you a code when you sign in.")


@bp.route("/second-factor", methods=["GET", "POST"])
@public
def set_up_second_factor() -> Answer:
    """Set up an authenticator app: for who is signed in, and for who needs one before anything else."""
    me = account_here()
    if me is None or (me.tf_totp_secret is not None and not work().actor.is_signed_in):
        return back_to("signin.sign_in", next=site_url("account.set_up_second_factor"))
    if not session_is_fresh():
        return sign_in_again("account.set_up_second_factor")
    if needs_invitation(work().session, me.person) and open_invitation(work().session, me.person, work().now) is None:
        return page("signin/not_invited.html")
    secret = session.setdefault(NEW_SECRET, locks().authenticator.generate_totp_secret())
    form = SetUpForm()
    if form.validate_on_submit():
        with form.refusals():
            codes = services.set_up_second_factor(work(), locks(), me, secret=secret, typed=form.code.data)
            prove_account_at_work(me)
            begin_session(me, second_factor=True)
            return show_codes(codes)
    return page("signin/set_up.html", form=form, must=not work().actor.is_signed_in, **shown(secret, me.username))


@bp.post("/second-factor/remove")
@signed_in
def remove_second_factor() -> Answer:
    """Do without it, for those who may."""
    check_is_fresh()
    services.remove_second_factor(work(), mine(), here=here())
    return done("Your second factor is removed.")


@bp.post("/recovery-codes")
@signed_in
def renew_recovery_codes() -> Answer:
    """New recovery codes, shown once."""
    check_is_fresh()
    return show_codes(services.renew_recovery_codes(work(), locks(), mine(), here=here()))


@bp.post("/sessions/<int:session_id>/end")
@signed_in
def end_one_session(session_id: int) -> Answer:
    """Sign out my other browser, also when I signed in here long ago."""
    services.end_one_session(work(), mine(), session_id)
    say("That session is ended.")
    return back_to("account.account")


def mine() -> Account:
    """The account of who is signed in."""
    me = account_here()
    if me is None:
        raise NotAllowed("Sign in first.")
    return me


def done(words: str) -> Answer:
    """Back to my account, still signed in though every other session ended."""
    say(words)
    return back_to("account.account")


def here() -> int | None:
    """The session that stays when a change ends all others."""
    found = session_here()
    return found.id if found else None


def show_codes(codes: list[str]) -> Answer:
    """The only time that recovery codes are shown."""
    return page("signin/recovery_codes.html", codes=codes, next=wanted() or site_url("account.account"))


def sign_in_again(endpoint: str) -> Answer:
    """Somebody else may sit here by now: ask who it is."""
    return page("signin/again.html", next=site_url(endpoint))


def check_is_fresh() -> None:
    """For buttons that change something at once."""
    if not session_is_fresh():
        raise NotAllowed("You signed in a while ago. Sign out, sign in again, then try again.")


def shown(secret: str, username: str) -> dict[str, object]:
    """What an app needs of a secret: a picture to scan, and the letters to type for who cannot."""
    address = locks().authenticator.get_totp_uri(username, secret)
    picture = io.BytesIO()
    segno.make(address, error="m", micro=False).save(
        picture, kind="svg", scale=5, xmldecl=False, svgns=False, svgclass=None, lineclass=None, omitsize=False
    )
    return {"picture": Markup(picture.getvalue().decode()), "key": locks().authenticator.get_totp_pretty_key(secret)}  # noqa: S704
