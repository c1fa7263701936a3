"""The training team writes to the people of an event, and to those who ask for a date of a course."""

from flask import Blueprint, request
from werkzeug.datastructures import MultiDict

from courses.booking.messages.forms import MessageForm
from courses.booking.messages.letters import lines_of
from courses.booking.messages.queries import (
    MessageAbout,
    about_course,
    about_event,
    copies_of,
    message_about,
    messages_about,
    readers_of,
)
from courses.booking.messages.rules import without_address
from courses.booking.messages.services import choose_readers, send_message
from lms.frame.plugins import PanelContent
from lms.frame.web import Answer, back_to, page, requires, say, site_url, work
from lms.frame.work import Work
from lms.kit.words import count
from lms.mail.forms import STATE_WORDS

bp = Blueprint("messages", __name__)

SHOWN_IN_PANEL = 3


@bp.route("/events/<int:event_id>/messages/new", methods=["GET", "POST"])
@requires("courses.manage_bookings")
def write(event_id: int) -> Answer:
    """To those booked, waiting or asked for, the trainers, or people by name. `?to=` and `?person=` tick them."""
    return _write(about_event(work().session, event_id))


@bp.route("/catalogue/<int:course_id>/messages/new", methods=["GET", "POST"])
@requires("courses.manage_bookings")
def write_to_asking(course_id: int) -> Answer:
    """To those who ask for a date of a course."""
    return _write(about_course(work().session, course_id))


def _write(about: MessageAbout) -> Answer:
    """Written, looked at with every name, then sent. What was typed is carried along; a GET sends nothing."""
    readers = readers_of(work().session, about)
    form = (MessageForm() if request.method == "POST" else MessageForm(formdata=_ticked())).offer(readers)
    step = request.form.get("step", "")
    if form.is_submitted() and step != "change" and form.validate():
        with form.refusals():
            if step == "send":
                return _send(about, form)
            chosen = choose_readers(readers, form.written)
            form.look_at(chosen)
            unreached = without_address(chosen)
            return page(
                "courses/messages/preview.html",
                form=form,
                about=about,
                back=_list_url(about),
                readers=chosen,
                unreached=unreached,
                lines=lines_of(form.body.data),
            )
    return page("courses/messages/write.html", form=form, about=about, back=_list_url(about), readers=readers)


def _ticked() -> MultiDict[str, str]:
    """What an address ticks beforehand."""
    return MultiDict(
        [("groups", each) for each in request.args.getlist("to")]
        + [("people", each) for each in request.args.getlist("person") if each.isdecimal()]
    )


def _send(about: MessageAbout, form: MessageForm) -> Answer:
    message = send_message(work(), about, form.written, seen=form.seen_ids, key=form.key.data)
    readers = count(message.number_of_readers, "person", "people")
    say(f"The message goes to {readers}. Replies go to the team’s mailbox.")
    where = {"event_id": about.event_id} if about.event_id is not None else {"course_id": about.course_id}
    endpoint = "messages.message" if about.event_id is not None else "messages.message_to_asking"
    return back_to(endpoint, message_id=message.id, **where)


def _list_url(about: MessageAbout) -> str:
    if about.event_id is not None:
        return site_url("messages.messages", event_id=about.event_id)
    return site_url("catalogue.manage", course_id=about.course_id)


@bp.get("/events/<int:event_id>/messages")
@requires("courses.manage_bookings")
def messages(event_id: int) -> Answer:
    """What was written about an event."""
    about = about_event(work().session, event_id)
    return page("courses/messages/messages.html", about=about, rows=messages_about(work().session, about))


@bp.get("/events/<int:event_id>/messages/<int:message_id>")
@requires("courses.manage_bookings")
def message(event_id: int, message_id: int) -> Answer:
    """One message, with whom it went to and what became of each copy."""
    return _message(about_event(work().session, event_id), message_id)


@bp.get("/catalogue/<int:course_id>/messages/<int:message_id>")
@requires("courses.manage_bookings")
def message_to_asking(course_id: int, message_id: int) -> Answer:
    """One message to those who asked for a date."""
    return _message(about_course(work().session, course_id), message_id)


def _message(about: MessageAbout, message_id: int) -> Answer:
    found = message_about(work().session, about, message_id)
    return page(
        "courses/messages/message.html",
        about=about,
        back=_list_url(about),
        message=found,
        lines=lines_of(found.body),
        copies=copies_of(work().session, found),
        state_words=STATE_WORDS,
    )


def event_panel(work: Work, event_id: int) -> PanelContent | None:
    """On the office's page of an event: the last messages, and the way to write one."""
    if not work.actor.may("courses.manage_bookings"):
        return None
    return _panel(work, about_event(work.session, event_id))


def course_panel(work: Work, course_id: int) -> PanelContent | None:
    """The same on the office's page of a course, about those who ask for a date."""
    if not work.actor.may("courses.manage_bookings"):
        return None
    return _panel(work, about_course(work.session, course_id))


def _panel(work: Work, about: MessageAbout) -> PanelContent | None:
    rows = messages_about(work.session, about, most=SHOWN_IN_PANEL)
    can_write = bool(readers_of(work.session, about))
    if not rows and not can_write:
        return None
    return PanelContent("courses/messages/panel.html", {"about": about, "rows": rows, "can_write": can_write})
