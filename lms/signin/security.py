"""Flask-Security, wired to our accounts: sessions and locks.

It brings no pages of its own here; docs/decisions/0004-sign-in.md says why.
"""

import base64
import hashlib
from datetime import UTC, datetime, timedelta
from typing import Any, cast
from urllib.parse import urlsplit

from cryptography.fernet import MultiFernet
from flask import Flask, current_app, session
from flask_login import current_user
from flask_security import Security, SQLAlchemyUserDatastore, login_user, logout_user
from werkzeug.middleware.proxy_fix import ProxyFix

from lms.frame.access import SECOND_FACTOR_ROLES
from lms.frame.settings import Settings
from lms.frame.web import SECOND_FACTOR, db, site
from lms.limits.limiter import limiter
from lms.signin import rules
from lms.signin.locks import Authenticator, Locks
from lms.signin.models import Account
from lms.signin.queries import account_in_session

OPEN_ENDPOINTS: frozenset[str] = frozenset()
BEGAN_AT, SEEN_AT, IS_PERSONA = "began_at", "seen_at", "is_persona"
ARGON2 = {"argon2__memory_cost": 19_456, "argon2__time_cost": 2, "argon2__parallelism": 1}
"""What OWASP asks for at least: a small server must bear several people at a time."""
SEEN_AGAIN_AFTER = timedelta(minutes=5)


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
    app.extensions["lms.locks"] = Locks(
        cast(Authenticator, security.totp_factory),
        security.pwd_context,
        cast(MultiFernet, security.mf_recovery_codes_util.cryptor),
    )
    limiter.init_app(app)
    proxies = app.extensions["lms"].setting("signin.trusted_proxies")
    if proxies:
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=proxies, x_proto=proxies, x_host=0)  # type: ignore[method-assign]


def _configuration(settings: Settings) -> dict[str, Any]:
    return {
        "SECURITY_TOTP_SECRETS": {"1": _key(settings, "authenticator").hex()},
        "SECURITY_TOTP_ISSUER": urlsplit(settings.base_url).hostname,
        "SECURITY_MULTI_FACTOR_RECOVERY_CODES": True,
        "SECURITY_MULTI_FACTOR_RECOVERY_CODES_KEYS": [base64.urlsafe_b64encode(_key(settings, "recovery codes"))],
        "SECURITY_PASSWORD_SCHEMES": ["argon2"],
        "SECURITY_DEPRECATED_PASSWORD_SCHEMES": [],
        "SECURITY_PASSWORD_HASH_PASSLIB_OPTIONS": ARGON2,
        "SECURITY_CLI_USERS_NAME": None,
        "SECURITY_CLI_ROLES_NAME": None,
        "SESSION_COOKIE_HTTPONLY": True,
    }


def _key(settings: Settings, purpose: str) -> bytes:
    """A key of its own for each purpose, from the one secret key."""
    return hashlib.sha256(f"{purpose}\0{settings.secret_key}".encode()).digest()


def locks() -> Locks:
    """This application's locks."""
    return cast(Locks, current_app.extensions["lms.locks"])


def begin_session(account: Account, *, second_factor: bool, is_persona: bool = False) -> None:
    """Sign in, in a session that keeps nothing of what was before."""
    now = _now().timestamp()
    session.clear()
    login_user(account, remember=False)
    session[BEGAN_AT] = session[SEEN_AT] = now
    session[SECOND_FACTOR] = second_factor
    if is_persona:
        session[IS_PERSONA] = True


def stay_signed_in(account: Account) -> None:
    """Keep this one session, when a change has ended all of an account's."""
    session["_user_id"] = account.fs_uniquifier


def end_session() -> None:
    """Sign out, leaving nothing in the browser."""
    logout_user()
    session.clear()


def account_here() -> Account | None:
    """The account that this session belongs to, also while its second factor is still missing."""
    return current_user._get_current_object() if isinstance(current_user._get_current_object(), Account) else None


def session_is_fresh() -> bool:
    """Whether somebody signed in here a moment ago."""
    return rules.is_fresh(_moment(BEGAN_AT), _now())


def keep_count() -> None:
    """Save what was counted although the page refuses; a refusal otherwise undoes everything."""
    db.session.commit()


def load_account(uniquifier: str) -> Account | None:
    """The account of a session that is not over, of a person who is still here."""
    account = account_in_session(db.session(), uniquifier)
    if account is None or not account.active or not account.person.is_here or _is_over(account):
        return None
    if session.get(IS_PERSONA) and not site().settings.is_demo:
        return None
    if _now() > _moment(SEEN_AT) + SEEN_AGAIN_AFTER:
        session[SEEN_AT] = _now().timestamp()
    return account


def _is_over(account: Account) -> bool:
    holds_much = any(grant.role in SECOND_FACTOR_ROLES for grant in account.person.roles)
    return rules.session_is_over(
        began_at=_moment(BEGAN_AT), seen_at=_moment(SEEN_AT), holds_much=holds_much, now=_now()
    )


def _moment(name: str) -> datetime:
    return datetime.fromtimestamp(session.get(name, 0), UTC)


def _now() -> datetime:
    return cast(datetime, current_app.extensions["lms.clock"]())
