"""Pages of line managers without an account. Looking changes nothing: mail scanners open every link."""

from flask import Blueprint, request

from courses.booking.managers.forms import CannotComeForm, ColleagueForm
from courses.booking.managers.queries import managed_booking, others_of_manager
from courses.booking.managers.services import look_who, name_colleague, say_cannot_come
from lms.frame.web import Answer, back_to, page, public, say, work
from lms.limits.limiter import wrong_links

bp = Blueprint("managers", __name__)


@bp.get("/managers/<token>")
@public
@wrong_links
def booking(token: str) -> Answer:
    """One booking, what can be done about it, and the others that name the same line manager."""
    shown = managed_booking(work(), token)
    return page("courses/managers/booking.html", shown=shown, others=others_of_manager(work(), shown))


@bp.route("/managers/<token>/cannot-come", methods=["GET", "POST"])
@public
@wrong_links
def cannot_come(token: str) -> Answer:
    """They say that somebody cannot come; a colleague is offered first."""
    shown, form = managed_booking(work(), token), CannotComeForm()
    if request.method == "GET" and not shown.can_cancel:
        return back_to("managers.booking", token=token)
    if form.validate_on_submit():
        with form.refusals():
            say_cannot_come(work(), shown.booking, form.reason.data)
            say(f"Done. We’ll email {shown.booking.person.name}.")
            return back_to("managers.booking", token=token)
    return page("courses/managers/cannot_come.html", shown=shown, form=form)


@bp.route("/managers/<token>/colleague", methods=["GET", "POST"])
@public
@wrong_links
def colleague(token: str) -> Answer:
    """They name a colleague, look who it is, then give the place; both are written to."""
    shown, form, step = managed_booking(work(), token), ColleagueForm(), request.form.get("step", "")
    if request.method == "GET" and not shown.can_give:
        return back_to("managers.booking", token=token)
    if step != "change" and form.validate_on_submit():
        with form.refusals():
            if step != "give":
                named = look_who(work(), shown.booking, form.address.data, form.name.data)
                return page("courses/managers/check.html", shown=shown, form=form, named=named)
            new = name_colleague(work(), shown.booking, form.address.data, form.name.data)
            say(f"{new.person.name} has the place. We’ll email you both.")
            return back_to("managers.booking", token=token)
    return page("courses/managers/colleague.html", shown=shown, form=form)
