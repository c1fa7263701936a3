"""To a provider and back, somebody new who comes from there, and linking and unlinking on "My account".

Reading the page to which a provider sends people back does nothing: that page sends on what they were given.
"""

from typing import Any

from flask import Blueprint, redirect, request

from lms.frame.web import Answer, back_to, page, public, say, signed_in, site_url, work
from lms.kit.errors import NotAllowed, NotFound
from lms.kit.providers import OidcProvider
from lms.limits.limiter import many_posts
from lms.people.accounts.models import Account
from lms.signin.account.views import check_is_fresh, here, mine
from lms.signin.at_work.forms import BackForm, ProvedNewcomerForm
from lms.signin.forms import SignInForm
from lms.signin.linked import rules, services
from lms.signin.linked.queries import links_of
from lms.signin.linked.rules import Trip
from lms.signin.linked.services import Arrived
from lms.signin.providers.rules import FromElsewhere, NotProved, ProvedIdentity, secrets_of
from lms.signin.providers.services import Silent
from lms.signin.registrations.queries import role_groups_to_choose
from lms.signin.registrations.services import account_registered, register_proved
from lms.signin.security import (
    NEWCOMER,
    TO_PROVE,
    account_here,
    begin_session,
    browser_key,
    identity_here,
    keep_count,
    keep_identity,
    moment_here,
    providers,
    session_here,
)
from lms.signin.views import after_first_factor, go_on, link_newcomer, sign_in_page, wanted
from lms.unsent import browser as unsent

bp = Blueprint("at_work", __name__)


@bp.post("/sign-in/with/<name>")
@public
@many_posts
def begin(name: str) -> Answer:
    """Set out for a provider. The page leads there: a form may send nobody to another site."""
    provider = providers().find(name)
    account = account_here()
    if account is not None and work().actor.is_signed_in:
        return go_on(account)
    return _going(provider, wanted() or "", is_proof=bool(wanted()) and "is_proof" in request.form)


@bp.post("/account/linked/<name>")
@signed_in
@many_posts
def begin_linking(name: str) -> Answer:
    """Set out to link an account to one's own record."""
    provider = providers().find(name)
    check_is_fresh()
    return _going(provider, site_url("account.account"), person_id=mine().person_id)


@bp.route("/sign-in/with/<name>/back", methods=["GET", "POST"])
@public
def back(name: str) -> Answer:
    """Back from a provider, which is asked once for each time that somebody set out: those are limited.

    The database is let go meanwhile: others would wait for it.
    """
    provider, form = providers().find(name), BackForm()
    if not form.validate_on_submit():
        return _back_page(provider, form)
    state = form.state.data
    trip = services.end_round_trip(work(), name, state, browser_key())
    if trip is None:
        return _refused(rules.START_AGAIN, None)
    keep_count()
    try:
        secrets = secrets_of(browser_key(), state)
        identity = providers().identity(provider, form.code.data, secrets, now=moment_here())
    except Silent:
        return _refused(rules.SILENT.format(provider.title), trip)
    except NotProved as nothing:
        services.note_refused(work(), provider.name, nothing.why)
        words = rules.OTHER_TENANT if isinstance(nothing, FromElsewhere) else rules.REFUSED
        return _refused(words.format(provider.title), trip)
    return _linked(provider, trip, identity) if trip.person_id else _arrived(provider, trip, identity)


@bp.route("/sign-in/new", methods=["GET", "POST"])
@public
@many_posts
def newcomer() -> Answer:
    """Somebody whom we do not know, and whose provider has proved their address."""
    identity = identity_here(NEWCOMER)
    if identity is None or account_here() is not None:
        return back_to("signin.sign_in", next=wanted())
    form = ProvedNewcomerForm(name=identity.name)
    form.offer(role_groups_to_choose(work().session))
    if form.validate_on_submit():
        with form.refusals():
            return _registered(identity, form)
    return page("signin/at_work/newcomer.html", form=form, next=wanted(), address=identity.address)


@bp.post("/account/linked/<int:linked_id>/unlink")
@signed_in
def unlink(linked_id: int) -> Answer:
    """Take a link away."""
    check_is_fresh()
    titles = {row.id: row.title for row in links_of(work().session, mine().person_id, providers().all)}
    services.unlink(work(), mine(), linked_id, titles.get(linked_id, ""), here=here())
    say("The account is unlinked. You are signed out everywhere else.")
    return back_to("account.account")


def _going(provider: OidcProvider, then: str, **trip: Any) -> Answer:
    """The way there is found before anything is written."""
    ready = providers()
    keep_count()  # nobody waits for the database while the provider is asked
    try:
        ready.metadata(provider, now=moment_here())
    except Silent:
        return _refused(rules.SILENT.format(provider.title), Trip(provider.name, None, then))
    key = browser_key()
    state = services.begin_round_trip(work(), provider.name, key, then=then, **trip)
    address = ready.way_there(provider, state, secrets_of(key, state), now=moment_here())
    return page("signin/at_work/going.html", provider=provider, address=address)


def _back_page(provider: OidcProvider, form: BackForm) -> Answer:
    state = request.args.get("state", "")
    if "code" not in request.args:
        trip = services.trip_under_way(work(), provider.name, state, browser_key())
        return _refused(rules.GIVEN_UP.format(provider.title), trip)
    form.state.data, form.code.data = state, request.args["code"]
    return page("signin/at_work/back.html", form=form, provider=provider)


def _arrived(provider: OidcProvider, trip: Trip, identity: ProvedIdentity) -> Answer:
    """In, on to the second factor, or on to saying who they are."""
    arrived = services.sign_in_by_account(work(), provider.title, identity)
    if arrived.is_new:
        keep_identity(NEWCOMER, identity)
        if trip.is_proof:
            return redirect(trip.then, code=303)
        return back_to("at_work.newcomer", next=trip.then or None)
    if arrived.account is None:
        return _refused(arrived.refused, trip)
    return _let_in(arrived.account, arrived, trip.then, identity)


def _let_in(account: Account, arrived: Arrived, then: str, identity: ProvedIdentity) -> Answer:
    """What was typed signed out in this browser, on the page to which they go on, is theirs."""
    if then:
        unsent.give_to(account.person_id, then.partition("?")[0])
    begin_session(account, second_factor=arrived.has_second_factor)
    if arrived.has_second_factor:
        return redirect(then or "/", code=303)
    if arrived.to_prove:
        keep_identity(TO_PROVE, identity)
    return after_first_factor(account, then or None)


def _linked(provider: OidcProvider, trip: Trip, identity: ProvedIdentity) -> Answer:
    """To "My account", linked to whoever set out, if they are still who is signed in here."""
    account, session = account_here(), session_here()
    if account is None or session is None or not work().actor.is_signed_in or account.person_id != trip.person_id:
        return _refused(rules.START_AGAIN, trip)
    refused = services.link_my_own(work(), provider.title, account, identity)
    if refused:
        raise NotAllowed(refused)
    begin_session(account, second_factor=session.has_second_factor)
    say(f"Your {provider.title} account is linked. You are signed out everywhere else.")
    return back_to("account.account")


def _registered(identity: ProvedIdentity, form: ProvedNewcomerForm) -> Answer:
    registration = register_proved(work(), form.newcomer(wanted() or "", proved=identity.address))
    account = account_registered(work(), registration) if registration is not None else None
    if account is not None:
        link_newcomer(account)
        answer = _let_in(account, Arrived(account), wanted() or site_url("account.account"), identity)
        say("You are registered and signed in.")  # in the session that has just begun
        return answer
    if registration is None:
        raise NotFound("Someone has since registered with this address. Sign in.")
    return page("signin/registration_waits.html", wants=registration.wants)


def _refused(words: str, trip: Trip | None) -> Answer:
    """The sign-in page with the reason: a code is always there. What was noted is kept."""
    form = SignInForm(formdata=None)
    form.form_errors = [words]
    answer = sign_in_page(form, (trip.then if trip else None) or None)
    if request.method == "POST":
        keep_count()
        return answer
    return answer[0] if isinstance(answer, tuple) else answer
