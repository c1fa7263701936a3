"""Signing in and out."""

from flask import Blueprint
from flask_login import logout_user

from lms.web import Answer, back_to, page, public

bp = Blueprint("signin", __name__)


@bp.route("/sign-in")
@public
def sign_in() -> Answer:
    return page("signin/sign_in.html")


@bp.post("/sign-out")
@public
def sign_out() -> Answer:
    logout_user()
    return back_to("partnership.home")
