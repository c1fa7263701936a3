"""Flask-Security, wired to our accounts: sessions and locks.

It brings no pages of its own here; docs/decisions/0004-sign-in.md says why.
"""

import base64
import secrets
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, cast
from urllib.parse import urlsplit

from cryptography.fernet import MultiFernet
from flask import Flask, current_app, g, request, session
from flask_login import current_user
from flask_security import Security, SQLAlchemyUserDatastore, login_user, logout_user
from werkzeug.middleware.proxy_fix import ProxyFix

from lms.frame.access import PUBLIC, SECOND_FACTOR_ROLES, Actor, Role
from lms.frame.settings import Settings
from lms.frame.web import SAFE_METHODS, db, site, work
from lms.limits.limiter import limiter
from lms.people.accounts.models import Account
from lms.sessions import services as sessions
from lms.sessions.models import SignInSession
from lms.sessions.rules import SEEN_AGAIN_AFTER, SessionHere, is_fresh, session_ends_at, session_is_over
from lms.sessions.services import note_seen
from lms.signin.linked.rules import as_kept, identity_kept
from lms.signin.locks import RECOVERY, Authenticator, Locks, authenticator_secrets
from lms.signin.personas.queries import is_shut_out
from lms.signin.providers.rules import ProvedIdentity
from lms.signin.providers.services import Providers
from lms.signin.queries import account_in_session
from lms.signin.rules import needs_second_factor
from lms.unsent import browser as unsent

ARGON2 = {"argon2__memory_cost": 19_456, "argon2__time_cost": 2, "argon2__parallelism": 1}
"""What OWASP asks for at least: a small server must bear several people at a time."""


def start_security(app: Flask) -> None:
    """Load accounts for the people who sign in, and get the locks ready."""
    settings = app.extensions["lms"].settings
    app.config.update(_configuration(settings))
    security = Security(
        app, SQLAlchemyUserDatastore(db, Account, cast(Any, None)), register_blueprint=False, totp_cls=Authenticator
    )
    security.login_manager.user_loader(load_account)
    security.login_manager.request_loader(None)  # no tokens in addresses or headers
    security.login_manager.session_protection = None  # phones change their network; our sessions end by themselves
    app.before_request_funcs[None].remove(security.principal._on_before_request)  # loads people for every picture
    app.extensions["lms.who"] = actor_here
    app.extensions["lms.locks"] = Locks(
        cast(Authenticator, security.totp_factory),
        security.pwd_context,
        cast(MultiFernet, security.mf_recovery_codes_util.cryptor),
        nobodys_password=str(security.pwd_context.hash(secrets.token_hex(16))),
    )
    app.extensions["lms.providers"] = Providers(settings.providers, f"{settings.base_url}/sign-in/with/{{}}/back")
    limiter.init_app(app)
    proxies = app.extensions["lms"].setting("signin.trusted_proxies")
    if proxies:
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=proxies, x_proto=proxies, x_host=0)  # type: ignore[method-assign]


def _configuration(settings: Settings) -> dict[str, Any]:
    return {
        "SECURITY_TOTP_SECRETS": authenticator_secrets(settings.keys),
        "SECURITY_TOTP_ISSUER": urlsplit(settings.base_url).hostname,
        "SECURITY_MULTI_FACTOR_RECOVERY_CODES": True,
        "SECURITY_MULTI_FACTOR_RECOVERY_CODES_KEYS": [
            base64.urlsafe_b64encode(key) for key in settings.keys.derived(RECOVERY)
        ],
        "SECURITY_PASSWORD_SCHEMES": ["argon2"],
        "SECURITY_DEPRECATED_PASSWORD_SCHEMES": [],
        "SECURITY_PASSWORD_HASH_PASSLIB_OPTIONS": ARGON2,
        "SECURITY_CLI_USERS_NAME": None,
        "SECURITY_CLI_ROLES_NAME": None,
        "SESSION_COOKIE_HTTPONLY": True,
    }


def locks() -> Locks:
    """This application's locks."""
    return cast(Locks, current_app.extensions["lms.locks"])


def providers() -> Providers:
    """Where people have an account at work, as the settings name it."""
    return cast(Providers, current_app.extensions["lms.providers"])


ASKS_HOW_LONG = "signin.session_left"
TYPED_AS = "typed_as"
TYPED_IS_KEPT_FOR = timedelta(minutes=30)


def keep_name_typed(typed: str) -> None:
    """Who somebody said that they are, so that the next page on the way in does not ask again (WCAG 3.3.7)."""
    session[TYPED_AS] = {"typed": typed[:254], "at": moment_here().isoformat()}


def name_typed() -> str:
    """It again. Only this browser has it, until somebody signs in or out, and for half an hour: laptops are shared."""
    kept = cast(Mapping[str, str], session.get(TYPED_AS, {}))
    is_kept = bool(kept) and moment_here() < datetime.fromisoformat(kept["at"]) + TYPED_IS_KEPT_FOR
    return kept["typed"] if is_kept else ""


def address_typed() -> str:
    """It again, where it is an address and no reference."""
    return name_typed() if "@" in name_typed() else ""


def moment_here() -> datetime:
    """What time it is, for who must not touch the database yet."""
    return cast(datetime, current_app.extensions["lms.clock"]())


BROWSER, TO_PROVE, NEWCOMER = "round_trips", "to_prove", "newcomer"


def browser_key() -> str:
    """What binds a round trip to this browser; made when it first sets out, gone when somebody signs in or out."""
    return cast(str, session.setdefault(BROWSER, secrets.token_urlsafe(32)))


def keep_identity(what: str, identity: ProvedIdentity) -> None:
    """Whom a provider proved, until their second factor is given (TO_PROVE), or somebody new has said who they are."""
    session[what] = as_kept(identity, moment_here())


def identity_here(what: str) -> ProvedIdentity | None:
    """It again, while it is fresh. The cookie is signed: nobody writes another into it."""
    return identity_kept(cast(Mapping[str, Any] | None, session.get(what)), moment_here())


def begin_session(account: Account, *, second_factor: bool, is_persona: bool = False) -> None:
    """Sign in, in a session that keeps nothing of what was before. It begins with the request's transaction."""
    typed = unsent.key_here()
    end_session()
    key = sessions.begin_session(
        work(),
        account.person_id,
        has_second_factor=second_factor,
        user_agent=request.headers.get("User-Agent", ""),
        is_persona=is_persona,
    )
    login_user(account, remember=False)
    session["_user_id"] = key
    unsent.begin_for(account.person_id, typed)


def end_session() -> None:
    """Sign out: the session ends here, and nothing of it is left in the browser."""
    here = session_here()
    if here is not None:
        sessions.end_session(work(), here.person_id, here.id)
        g.session_here = None
    logout_user()
    session.clear()


def account_here() -> Account | None:
    """The account that this session belongs to, also while its second factor is still missing."""
    return current_user._get_current_object() if isinstance(current_user._get_current_object(), Account) else None


def actor_here() -> Actor:
    """Who asks: the person behind the account, with all that their roles allow; the public when nobody is signed in.

    Whoever needs a second factor is nobody until they gave it, from the moment that the role is granted.
    """
    account = account_here()
    if account is None:
        return PUBLIC
    person = account.person
    roles = frozenset({Role.DELEGATE, *(grant.role for grant in person.roles)})
    here = session_here()
    is_known = here is not None and here.has_second_factor
    if needs_second_factor(roles, has_one=account.tf_totp_secret is not None) and not is_known:
        return PUBLIC
    return Actor(
        name=person.name,
        person_id=person.id,
        address=person.email,
        roles=roles,
        permissions=site().permissions_of(roles),
        leads_agency_ids=frozenset(grant.agency_id for grant in person.roles if grant.agency_id is not None),
    )


def session_here() -> SessionHere | None:
    """The session that this request belongs to, also while its second factor is still missing."""
    account_here()  # asking who it is loads the session
    return cast(SessionHere | None, g.get("session_here"))


def seconds_left() -> int:
    """How long this session lasts if nothing happens; nothing is left of one that is not there."""
    here = session_here()
    return here.seconds_left(work().now) if here is not None else 0


def session_is_fresh() -> bool:
    """Whether somebody signed in here a moment ago."""
    here = session_here()
    return here is not None and is_fresh(here.began_at, work().now)


def keep_count() -> None:
    """Save what was counted although the page refuses; a refusal otherwise undoes everything."""
    db.session.commit()


def load_account(key: str) -> Account | None:
    """The account of a session that is not over, of a person who is still here."""
    found = account_in_session(db.session(), key)
    now = moment_here()
    if found is None or not _lets_in(*found, now):
        return None
    account, here = found
    seen_at = _seen_again(here, now)
    ends_at = session_ends_at(began_at=here.began_at, seen_at=seen_at, holds_much=holds_much(account))
    g.session_here = SessionHere(here.id, here.person_id, here.began_at, here.has_second_factor, ends_at)
    return account


def _seen_again(here: SignInSession, now: datetime) -> datetime:
    """When it was last in use, as it is written down now. Asking how long it lasts is no use of it."""
    if now <= here.seen_at + SEEN_AGAIN_AFTER or request.endpoint == ASKS_HOW_LONG:
        return here.seen_at
    if request.method in SAFE_METHODS:
        return now if note_seen(db.engine, here.id, now) else here.seen_at
    here.seen_at = now
    return now


def holds_much(account: Account) -> bool:
    """Whether their sessions end sooner when nobody is there."""
    return any(grant.role in SECOND_FACTOR_ROLES for grant in account.person.roles)


def _lets_in(account: Account, here: SignInSession, now: datetime) -> bool:
    if not account.active or not account.person.is_here or (here.is_persona and not site().settings.is_demo):
        return False
    if is_shut_out(db.session(), account.person, site().settings):
        return False
    return not session_is_over(began_at=here.began_at, seen_at=here.seen_at, holds_much=holds_much(account), now=now)
