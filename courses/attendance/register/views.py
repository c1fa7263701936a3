"""The register of an event day: one form for all of it, and one short request for each mark that a phone sends."""

from dataclasses import asdict
from typing import Any

from flask import Blueprint, jsonify, request

from courses.attendance.register.forms import (
    OTHERS,
    RegisterForm,
    RowShown,
    as_typed,
    others_present,
    read_row,
    read_rows,
    typed_row,
)
from courses.attendance.register.queries import Register, block_of, register_of, seen_of, tally_of_day
from courses.attendance.register.rules import check_can_mark, made_at, opens_at
from courses.attendance.register.services import mark_people, mark_person, open_day
from courses.programme import words
from courses.programme.events.models import Event
from courses.programme.events.rules import EventState
from lms.frame.plugins import PanelContent
from lms.frame.web import Answer, back_to, page, say, signed_in, site_url, work
from lms.frame.work import Work
from lms.kit.errors import Invalid, Refused
from lms.kit.folding import has_words, words_typed
from lms.kit.words import count

bp = Blueprint("register", __name__)


@bp.route("/events/<int:event_id>/days/<int:number>/register", methods=["GET", "POST"])
@signed_in
def day(event_id: int, number: int) -> Answer:
    """Who is there. Saving changes only what was changed on this page, so that two trainers lose nothing."""
    register, form = register_of(work().session, event_id, number, work().actor), RegisterForm()
    rows = [RowShown(row, as_typed(row.seen)) for row in register.rows]
    if form.validate_on_submit():
        changes, rows = read_rows(request.form, register, work().now)
        form.form_errors.extend(f"{each.row.name}: {each.error}" for each in rows if each.error)
        if not form.errors:
            with form.refusals():
                changes |= others_present(request.form, register, changes)
                saved = mark_people(work(), event_id, number, changes)
                say(f"{count(saved, 'mark')} saved." if saved else "Every mark is saved.")
                return back_to("register.day", event_id=event_id, number=number)
    return page("courses/register/day.html", form=form, rows=_found(rows), others=OTHERS, **_about(register))


@bp.post("/events/<int:event_id>/days/<int:number>/marks")
@signed_in
def marks(event_id: int, number: int) -> Answer:
    """One mark from a phone, by a key made there. Answers the mark that counts now, or why not, as JSON."""
    said = request.get_json(silent=True)
    try:
        return jsonify(_mark(event_id, number, said if isinstance(said, dict) else {}))
    except Refused as refusal:
        answer = jsonify({"words": refusal.words})
        answer.status_code = int(refusal.status)
        return answer


def _mark(event_id: int, number: int, said: dict[str, Any]) -> dict[str, Any]:
    booking_id, age, key = said.get("booking"), said.get("age", 0), said.get("key")
    if (
        not isinstance(booking_id, int)
        or not isinstance(age, int)
        or not isinstance(key, str)
        or not 8 <= len(key) < 99
    ):
        raise Invalid("The phone sent something that we cannot read. Open the register again.")
    day = open_day(work(), event_id, number)
    at = made_at(work().now, age, day.starts_at)
    seen = read_row(typed_row(said), block_of(day), at, only_changes=False)
    if seen is None:
        raise Invalid("Choose present, late or absent.")
    mark = mark_person(work(), day, booking_id, seen, client_key=key, made_at=at)
    work().session.flush()
    now = seen_of(mark)
    return {
        "booking": booking_id,
        "row": asdict(as_typed(now)),
        "words": now.words if now else "",
        "tally": asdict(tally_of_day(work().session, event_id, day.id)),
    }


def _found(rows: list[RowShown]) -> list[RowShown]:
    """Those whose name was searched for; all when nothing was."""
    wanted = words_typed(request.args.get("find", ""))
    return [each for each in rows if has_words(each.row.name, wanted)]


def _about(register: Register) -> dict[str, Any]:
    event, day = register.event, register.day
    return {
        "register": register,
        "day": day,
        "event": event,
        "place": words.place_of_day(day),
        "find": request.args.get("find", ""),
        "why_not": _why_not(register),
        "back": _back(event),
        "opens_at": opens_at(day.starts_at),
    }


def _back(event: Event) -> tuple[str, str]:
    if any(each.id == work().actor.person_id for each in event.trainers):
        return "My events", site_url("trainers.event", event_id=event.id)
    return "The event", site_url("events.manage", event_id=event.id)


def _why_not(register: Register) -> str:
    """Why nobody can be marked now; nothing when they can."""
    try:
        check_can_mark(register.event.state, register.day.starts_at, work().now)
    except Refused as refusal:
        return refusal.words
    return ""


def event_panel(work: Work, event_id: int) -> PanelContent | None:
    """On an event's page: its registers, by day."""
    event = work.session.get_one(Event, event_id)
    if event.state not in (EventState.PUBLISHED, EventState.DELIVERED):
        return None
    days = [(each, work.now >= opens_at(each.starts_at)) for each in event.days]
    return PanelContent(
        "courses/register/event_panel.html",
        {"event": event, "days": days, "is_over": work.now >= event.ends_at},
    )
