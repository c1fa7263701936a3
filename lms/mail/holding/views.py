"""The page about mail that is held: what waits, by kind, to be let go or withdrawn."""

from flask import Blueprint, request

from lms.frame.web import Answer, back_to, page, requires, say, work
from lms.kit.words import count
from lms.mail.forms import kind_words
from lms.mail.holding.queries import held_kinds, hold_here
from lms.mail.holding.services import end_hold, release_kinds, withdraw_kinds

bp = Blueprint("holding", __name__)


@bp.get("/letters/held")
@requires("mail.read")
def held() -> Answer:
    kinds = [(each, kind_words(each.kind)) for each in held_kinds(work().session, work().now)]
    return page("holding/held.html", hold=hold_here(work().session), kinds=kinds)


@bp.post("/letters/held/release")
@requires("mail.retry")
def release() -> Answer:
    number = release_kinds(work(), request.form.getlist("kind"))
    say(f"{count(number, 'email')} will be sent now.")
    return back_to("holding.held")


@bp.post("/letters/held/withdraw")
@requires("mail.retry")
def withdraw() -> Answer:
    number = withdraw_kinds(work(), request.form.getlist("kind"))
    say(f"{count(number, 'email')} withdrawn.")
    return back_to("holding.held")


@bp.post("/letters/held/end")
@requires("mail.retry")
def end() -> Answer:
    end_hold(work())
    say("Email is no longer held. What was waiting is sent now.")
    return back_to("mail.outbox")
