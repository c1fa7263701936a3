"""Request glue: who is asking, who may, one commit, refusals as pages. Views import what they need from here."""

from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from functools import wraps
from typing import Any, ParamSpec, Protocol, cast

import sqlalchemy as sa
from flask import (
    Response,
    current_app,
    g,
    get_flashed_messages,
    make_response,
    redirect,
    render_template,
    request,
)
from flask import flash as flask_flash
from flask_sqlalchemy import SQLAlchemy
from flask_wtf import FlaskForm
from flask_wtf.form import _Auto
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response as BaseResponse

from lms.frame.db import Base, begin_reading
from lms.frame.network import network_address
from lms.frame.site import Site
from lms.frame.work import Work
from lms.kit.errors import Invalid, NotAllowed

P = ParamSpec("P")
Answer = str | BaseResponse | tuple[str, int]
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
NEED_NO_DATABASE = frozenset({"static", "monitoring.health", "monitoring.ready", "monitoring.metrics"})
db = SQLAlchemy(model_class=Base)


def site() -> Site:
    """The site of the running application."""
    return cast(Site, current_app.extensions["lms"])


def work() -> Work:
    """This request's Work: made once, with who asks, what time it is, and from where."""
    if "work" not in g:
        now, who = current_app.extensions["lms.clock"](), current_app.extensions["lms.who"]
        session = cast(Session, db.session())
        g.work = Work(session, who(), now, site(), network=network_address())
    return cast(Work, g.work)


def open_session() -> None:
    """Before each request: one that only asks gets a transaction that can only read. A GET changes nothing."""
    if request.method in SAFE_METHODS and request.endpoint not in NEED_NO_DATABASE:
        begin_reading(cast(Session, db.session()))


def requires(permission: str) -> Callable[[Callable[P, Answer]], Callable[P, BaseResponse]]:
    """Guard a view by a permission. Somebody not signed in is sent to sign in; somebody else is refused in words."""
    return _guard(permission, lambda: work().actor.may(permission))


def signed_in(view: Callable[P, Answer]) -> Callable[P, BaseResponse]:
    """Guard a view by being signed in: for what everybody may do with their own record."""
    return _guard("signed in", lambda: work().actor.is_signed_in)(view)


def public(view: Callable[P, Answer]) -> Callable[P, BaseResponse]:
    """Say that a view is for everybody."""
    return _guard("public", lambda: True)(view)


def _guard(guard: str, allows: Callable[[], bool]) -> Callable[[Callable[P, Answer]], Callable[P, BaseResponse]]:
    def decorate(view: Callable[P, Answer]) -> Callable[P, BaseResponse]:
        @wraps(view)
        def guarded(*args: P.args, **kwargs: P.kwargs) -> BaseResponse:
            if not allows():
                return turn_away()
            response = make_response(view(*args, **kwargs))
            _finish(response)
            return response

        guarded.guard = guard  # type: ignore[attr-defined]
        return guarded

    return decorate


class TypedAnswers(Protocol):
    """What was typed and could not be sent: `lms.unsent.browser` keeps it until it can."""

    def keep_cut_off(self) -> None: ...

    def typed_before(self, fields: Collection[str]) -> Any: ...

    def sent(self) -> None: ...


def unsent() -> TypedAnswers:
    """Where this application keeps what was not sent."""
    return cast(TypedAnswers, current_app.extensions["lms.unsent"])


def turn_away() -> BaseResponse:
    """To sign in, and back to this page: with what was typed, where a session ended while somebody typed."""
    if work().actor.is_signed_in:
        raise NotAllowed("Your role does not include this page. If you think it should, ask the training team.")
    is_read, rule = request.method in SAFE_METHODS, request.url_rule
    is_page = is_read or (rule is not None and "GET" in (rule.methods or ()))
    if not is_read and is_page:
        unsent().keep_cut_off()
    here = request.full_path.rstrip("?") if is_page else "/"
    return redirect(site_url("signin.sign_in", next=here), code=302 if is_read else 303)


def site_url(endpoint: str, **values: Any) -> str:
    """`url_for`, under a name that does not need another import in every view."""
    return current_app.url_for(endpoint, **values)


def _finish(response: Response) -> None:
    """Commit once, after a view that changed something and did not refuse; then wake whoever delivers mail."""
    if request.method in SAFE_METHODS:
        return
    if response.status_code >= 400:
        db.session.rollback()
        return
    unsent().sent()
    db.session.commit()
    if work().has_letters:
        current_app.extensions["lms.wake_mail"]()


def page(template: str, **context: Any) -> Answer:
    """Render a page. A form that refuses, or `refuses=True`, makes it 422, and its title begins with "Error:"."""
    form = context.get("form")
    is_refused = context.get("refuses", False) or (form is not None and bool(form.errors))
    html = render_template(template, is_refused=is_refused, **context)
    return (html, 422) if is_refused else html


class Form(FlaskForm):  # type: ignore[misc]
    """The base of every form: what is refused comes back as typed, with the sentence at its field.

    So does what could not be sent, because the session had ended, when the page is read again.
    """

    class Meta(FlaskForm.Meta):  # type: ignore[misc]
        """Where a form gets what was typed."""

        def wrap_formdata(self, form: Any, formdata: Any) -> Any:
            given = super().wrap_formdata(form, formdata)
            is_read = formdata is _Auto and given is None and request.method in SAFE_METHODS
            return unsent().typed_before(form._fields) if is_read else given

    @contextmanager
    def refusals(self) -> Iterator[None]:
        """Run services in here: an Invalid undoes what they wrote and becomes the field's error.

        Without a `field`, or for a field that this form does not have, it becomes an error of the whole form.
        """
        try:
            yield
        except Invalid as refusal:
            db.session.rollback()
            if not _lay_at_field(self, refusal):
                self.form_errors.append(refusal.words)


def _lay_at_field(fields: Any, refusal: Invalid) -> bool:
    """Put the sentence at the field that it names, also inside a list of forms: `days-0-starts_at`."""
    for field in fields:
        if hasattr(field, "form"):
            if _lay_at_field(field.form, refusal):
                return True
        elif field.name == refusal.field:
            field.errors = [*field.errors, refusal.words]
            return True
        elif hasattr(field, "entries") and _lay_at_field(field.entries, refusal):
            field.errors = [entry.errors for entry in field.entries]
            return True
    return False


def say(words: str) -> None:
    """Tell the reader, at the top of the next page, what was done."""
    flask_flash(words)


def said() -> list[str]:
    """What is to be told at the top of this page."""
    return cast(list[str], get_flashed_messages())


def back_to(endpoint: str, **values: Any) -> BaseResponse:
    """After a change: to the page that shows it."""
    return redirect(site_url(endpoint, **values), code=303)


def database_answers() -> bool:
    """Whether the database is there."""
    try:
        db.session.execute(sa.text("SELECT 1"))
    except sa.exc.SQLAlchemyError:
        return False
    return True
