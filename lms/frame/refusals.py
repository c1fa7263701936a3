"""Refusals and faults as pages: a sentence in the shell of every page, and never a trace."""

from urllib.parse import urlsplit

from flask import Flask, current_app, g, render_template, request
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import DataError, IntegrityError, SQLAlchemyError
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response

from lms.frame.away import is_away, only_reads
from lms.frame.db import begin_reading, without_values
from lms.frame.problems import GENERAL, RECORDS_AWAY, is_for_programs, problem, problem_of
from lms.frame.web import SAFE_METHODS, db
from lms.kit.errors import Busy, Refused

WORDS_FOR_ERRORS = {
    400: "Your browser sent something that we cannot read, or the page was open for too long. Go back and try again.",
    404: "Page not found. Check the address, or start from the home page.",
    405: "That page cannot be used like this. Go back and use the button.",
    413: "What you sent is too large: a file may have 20 MB. Send a smaller one.",
    415: "That page cannot read what was sent. Go back and use the form.",
    429: "Too many attempts. Wait a few minutes and try again.",
}
TRY_AGAIN_AFTER_SECONDS = 5
HOST_NOT_PASSED = (
    "This form cannot be taken, because the server in front of this service does not pass on the address that you "
    "used. Nothing was saved. Tell the person who runs the service: its proxy must pass on “Host”."
)
REFERRER_DIFFERS = "The referrer does not match the host."
"""As Flask-WTF says it."""
FORBIDDEN = 403
TOO_MANY = 429
PROGRAM_LIMIT_EXCEEDED = "54000"
"""What PostgreSQL says of a text that is too long for an index, and counts among the faults of the server."""
TOO_LARGE = "A number, date or text that you sent is too large to keep. Go back and correct it."
SOMETHING_WENT_WRONG = "Something went wrong here. Nothing you did was saved. Try again."
AWAY = "The service cannot reach its records now. Nothing you did was saved. Try again in a few minutes."
AWAY_FOR_SECONDS = 30
BARE_PAGE = """<!DOCTYPE html>
<html lang="en-GB"><head><meta charset="utf-8"><title>There is a problem</title></head>
<body><main><h1>There is a problem</h1><p>{}</p></main></body></html>
"""


def note_forbidden(what: str) -> None:
    """Somebody asked for what their role does not include: the host notes it, and what was refused is undone."""
    current_app.extensions["lms.note_forbidden"](what)


def answer_refusals(app: Flask) -> None:
    """Teach the application to say no in words."""

    @app.errorhandler(Refused)
    def refused(refusal: Refused) -> Response:
        if refusal.status == FORBIDDEN:
            note_forbidden(request.endpoint or "")
        shown = problem_of(refusal) if is_for_programs() else _refusal_page(refusal.words, refusal.status)
        if isinstance(refusal, Busy):
            shown.headers["Retry-After"] = str(TRY_AGAIN_AFTER_SECONDS)
        return shown

    @app.errorhandler(IntegrityError)
    def clashed(error: IntegrityError) -> Response:
        app.logger.warning("Two changes met: %s", without_values(error))
        return _refusal_page("Someone changed this at the same moment. Go back, read it again and try again.", 409)

    @app.errorhandler(DataError)
    @app.errorhandler(OverflowError)
    def too_large(error: Exception) -> Response:
        app.logger.warning("A value that no column holds: %s", without_values(error))
        return _refusal_page(TOO_LARGE, 400)

    @app.errorhandler(SQLAlchemyError)
    def cannot_be_done(error: SQLAlchemyError) -> Response:
        is_our_fault = only_reads(error) and request.method in SAFE_METHODS  # a GET that writes
        if is_away(error) and not is_our_fault:
            return away(error)
        if getattr(getattr(error, "orig", None), "sqlstate", "") != PROGRAM_LIMIT_EXCEEDED:
            raise error
        return too_large(error)

    def away(error: SQLAlchemyError) -> Response:
        app.logger.error("The database is away: %s", without_values(error))
        shown = _without_database()
        shown.headers["Retry-After"] = str(AWAY_FOR_SECONDS)
        return shown

    @app.errorhandler(HTTPException)
    def not_served(error: HTTPException) -> Response:
        code = error.code or 500
        answer = error.get_response()
        if code < 400 or error.response is not None:
            return answer
        known = {code: each.words for code, each in GENERAL.items()} if is_for_programs() else WORDS_FOR_ERRORS
        if isinstance(error, CSRFError) and (ours := _other_host(error)):
            app.logger.error("A form came with Host %r, and LMS_BASE_URL says %r: the proxy must pass Host", *ours)
            return _refusal_page(HOST_NOT_PASSED, code)
        shown = _refusal_page(known.get(code, SOMETHING_WENT_WRONG), code)
        for name in ("Allow", "Retry-After"):
            shown.headers.extend((name, value) for value in answer.headers.getlist(name))
        if code == TOO_MANY and "try_again_after" in g:
            shown.headers["Retry-After"] = str(g.try_again_after)
        return shown


def _other_host(error: CSRFError) -> tuple[str, str] | None:
    """Under which name we were asked, and our own, where that is why a form was taken for one of another site."""
    if error.description != REFERRER_DIFFERS:
        return None
    ours = urlsplit(current_app.extensions["lms"].settings.base_url).netloc
    return None if request.host == ours else (request.host, ours)


def _without_database() -> Response:
    """What needs no record to be said."""
    if is_for_programs():
        return problem(RECORDS_AWAY.words, 503, reason=RECORDS_AWAY)
    return Response(BARE_PAGE.format(AWAY), 503, mimetype="text/html")


def _refusal_page(sentence: str, status: int) -> Response:
    """The sentence in the shell of every page; without the shell when the database cannot be read for it."""
    if is_for_programs():
        return problem(sentence, status)
    headings = {403: "You cannot use this page", 404: "Page not found", 409: "That did not work"}
    heading = headings.get(int(status), "There is a problem")
    try:
        db.session.rollback()
        begin_reading(db.session())
        return Response(
            render_template("layouts/error.html", heading=heading, words=sentence), status, mimetype="text/html"
        )
    except SQLAlchemyError:
        if status < 500:
            raise
        return Response(BARE_PAGE.format(sentence), status, mimetype="text/html")
