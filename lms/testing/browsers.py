"""Browsers in which somebody is signed in already."""

from datetime import UTC, datetime
from secrets import token_urlsafe

import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from lms.frame.db import UtcMoment, writing
from lms.frame.web import db
from lms.people.accounts.models import Account
from lms.sessions.models import SignInSession
from lms.sessions.rules import key_digest
from lms.unsent.browser import WHOSE

FAR_AHEAD = datetime(2099, 1, 1, tzinfo=UTC)


def browser_of(app: Flask, uniquifier: str) -> FlaskClient:
    """A browser in which the owner of an account is signed in, second factor included, however far time moves on."""
    key = token_urlsafe()
    with app.app_context():
        engine = db.engine
    values = {
        "digest": sa.literal(key_digest(key)),
        "began_at": sa.literal(FAR_AHEAD, UtcMoment()),
        "seen_at": sa.literal(FAR_AHEAD, UtcMoment()),
        "has_second_factor": sa.true(),
        "is_persona": sa.false(),
        "device": sa.literal("A browser of tests"),
    }
    owner = sa.select(Account.person_id, *values.values()).where(Account.fs_uniquifier == uniquifier)
    with writing(engine) as session:
        begun = sa.insert(SignInSession).from_select(["person_id", *values], owner)
        person_id = session.scalar(begun.returning(SignInSession.person_id))
    browser = app.test_client()
    with browser.session_transaction() as kept:
        kept["_user_id"], kept[WHOSE] = key, person_id
    return browser
