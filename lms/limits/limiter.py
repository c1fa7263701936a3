"""Limits as decorators of views: Flask-Limiter, counting in the store that all processes share."""

from datetime import datetime, timedelta
from math import ceil
from typing import cast

from flask import current_app, g
from flask_limiter import Limiter, RequestLimit
from limits.storage import Storage
from sqlalchemy.exc import SQLAlchemyError

from lms.frame.network import network_address
from lms.frame.web import db, site
from lms.limits.store import Store

SCHEME = "shared"


class SharedStorage(Storage):
    """What the package `limits` asks of a store, answered by ours on the database of the running application."""

    STORAGE_SCHEME = [SCHEME]  # noqa: RUF012  (declared so by the package)

    @property
    def base_exceptions(self) -> type[Exception] | tuple[type[Exception], ...]:
        return SQLAlchemyError

    def incr(self, key: str, expiry: int, amount: int = 1) -> int:
        return _store().add(key, per=timedelta(seconds=expiry), now=_now(), times=amount)

    def get(self, key: str) -> int:
        return _store().number(key, now=_now())

    def get_expiry(self, key: str) -> float:
        return _store().until(key, now=_now())

    def check(self) -> bool:
        _store().number("", now=_now())
        return True

    def reset(self) -> int | None:
        return _store().forget_all()

    def clear(self, key: str) -> None:
        _store().forget(key)


def _store() -> Store:
    return Store(db.engine, site().settings.secret_key)


def _now() -> datetime:
    return cast(datetime, current_app.extensions["lms.clock"]())


def _note_when_again(breached: RequestLimit) -> None:
    """The answer says how long to wait."""
    g.try_again_after = max(ceil(breached.reset_at - _now().timestamp()), 1)


limiter = Limiter(network_address, storage_uri=f"{SCHEME}://", on_breach=_note_when_again)
many_posts = limiter.shared_limit("300 per 10 minutes", scope="sign-in", methods=["POST"])
"""For pages that make letters or hash passwords. Never for one where a code is typed: a right one always works."""

wrong_links = limiter.shared_limit(
    "300 per hour", scope="wrong links", deduct_when=lambda response: response.status_code == 404
)
"""For links that are the key themselves. A council may come from one address, with calendars that were renewed."""
