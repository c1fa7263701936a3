"""Somebody who is not on the list: find them, or write down who they are."""

from flask import Blueprint, request

from courses.attendance.register.queries import Register, register_of
from courses.attendance.walkins.forms import NewComerForm
from courses.attendance.walkins.queries import agencies_to_choose, find_comers
from courses.attendance.walkins.services import add_comer, add_new_comer
from lms.frame.web import Answer, Form, back_to, page, say, signed_in, work

bp = Blueprint("walkins", __name__)


@bp.get("/events/<int:event_id>/days/<int:number>/add")
@signed_in
def add(event_id: int, number: int) -> Answer:
    """Who it may be, to choose from; and below, a form for somebody new."""
    return _page(register_of(work().session, event_id, number, work().actor), NewComerForm(name=_who()))


@bp.post("/events/<int:event_id>/days/<int:number>/add/<int:person_id>")
@signed_in
def choose(event_id: int, number: int, person_id: int) -> Answer:
    """This is the one who came."""
    register = register_of(work().session, event_id, number, work().actor)
    form = Form()
    if form.validate_on_submit():
        with form.refusals():
            booking = add_comer(work(), event_id, number, person_id, instead_of=_instead_of())
            return _added(booking.person.name, event_id, number)
    return _page(register, NewComerForm(None, name=_who()), form)


@bp.post("/events/<int:event_id>/days/<int:number>/add")
@signed_in
def add_new(event_id: int, number: int) -> Answer:
    """Somebody nobody knows here."""
    register = register_of(work().session, event_id, number, work().actor)
    form = NewComerForm()
    form.offer(agencies_to_choose(work().session))
    if form.validate_on_submit():
        with form.refusals():
            booking = add_new_comer(work(), event_id, number, form.details, instead_of=_instead_of())
            return _added(booking.person.name, event_id, number)
    return _page(register, form, form)


def _added(name: str, event_id: int, number: int) -> Answer:
    say(f"{name} is on the register and marked present.")
    return back_to("register.day", event_id=event_id, number=number)


def _page(register: Register, new: NewComerForm, form: Form | None = None) -> Answer:
    """`form` is the one that refuses, if one does."""
    new.offer(agencies_to_choose(work().session))
    instead_of = _instead_of()
    return page(
        "courses/walkins/add.html",
        register=register,
        new=new,
        form=form or new,
        who=_who(),
        found=find_comers(work().session, register.event.id, _who()) if _who() else [],
        instead_of=next((row for row in register.rows if row.booking_id == instead_of), None),
    )


def _who() -> str:
    return request.args.get("who", "").strip()


def _instead_of() -> int | None:
    typed = request.args.get("for", "")
    return int(typed) if typed.isascii() and typed.isdigit() else None
