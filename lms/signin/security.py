"""Flask-Security, wired to our accounts."""

from flask import Flask
from flask_login import LoginManager

from lms.signin.models import Account
from lms.web import db

OPEN_ENDPOINTS: frozenset[str] = frozenset()


def start_security(app: Flask) -> None:
    """Load accounts for the people who sign in."""
    manager = LoginManager(app)

    @manager.user_loader  # type: ignore[untyped-decorator]
    def load(uniquifier: str) -> Account | None:
        return db.session.query(Account).filter_by(fs_uniquifier=uniquifier).one_or_none()
