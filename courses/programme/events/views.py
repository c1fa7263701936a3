"""The coordinators' pages about events: the list, one event, and everything that is done to it."""

from flask import Blueprint, request

from courses.programme.courses.queries import codes_to_choose, courses_to_choose
from courses.programme.events import forms, queries, services
from courses.programme.events.clashes.queries import clashes_of
from courses.programme.events.life import LIFE
from courses.programme.events.listing.queries import listed_events, rows_in_order
from courses.programme.events.rules import WANTED_WORDS, EventsListed, EventState, usual_closing
from lms.frame.fields import choices_of
from lms.frame.paging import page_of
from lms.frame.web import Answer, back_to, page, requires, say, work
from lms.kit.folding import has_words, words_typed
from lms.kit.words import MONTHS
from lms.kit.working_days import london_date
from lms.policies.queries import policy_in_force, terms_of
from lms.policies.rules import Policy

bp = Blueprint("events", __name__)

ROWS_ON_A_PAGE = 100


@bp.get("/events")
@requires("courses.manage_events")
def events() -> Answer:
    chosen = forms.EventFilter(request.args)
    wanted = next((each for each in EventsListed if each.value == chosen.state.data), EventsListed.COMING)
    found = listed_events(work().session, wanted, work().now)
    months = {f"{london_date(each.starts_at):%Y-%m}": None for each in found}
    chosen.state.choices = choices_of([(each.value, words) for each, words in WANTED_WORDS.items()])
    chosen.course.choices = choices_of(codes_to_choose(work().session), ("", "Every course"))
    chosen.month.choices = choices_of([(month, month_words(month)) for month in months], ("", "Any month"))
    words = words_typed(chosen.q.data)
    kept = [
        each.id
        for each in found
        if has_words(each.words, words)
        and chosen.course.data in (None, "", each.course_code)
        and chosen.month.data in (None, "", f"{london_date(each.starts_at):%Y-%m}")
    ]
    part = page_of(kept, ROWS_ON_A_PAGE)
    rows = rows_in_order(work(), part.items)
    return page("courses/events/list.html", rows=rows, part=part, chosen=chosen, number=len(kept), now=work().now)


@bp.route("/events/new", methods=["GET", "POST"])
@requires("courses.manage_events")
def add() -> Answer:
    form = forms.EventForm()
    venues = queries.venues_to_choose(work().session)
    courses = courses_to_choose(work().session)
    form.course_id.choices = choices_of(courses, (0, "Choose a course"))
    form.offer_trainers(queries.trainers_to_choose(work().session))
    if request.method == "GET" and request.args.get("course", "").isdigit():
        form.course_id.data = int(request.args["course"])
    wishes_days = form.change_number_of_days(request.form.get("days_wish", ""), venues)
    if not wishes_days and form.validate_on_submit():
        with form.refusals():
            event = services.plan_event(
                work(),
                form.course_id.data,
                form.planned_days(),
                form.details(),
                capacity=form.capacity.data,
                despite_clashes=form.anyway.data,
            )
            say(f"{event.ref} is planned. Check it again, then publish it.")
            return back_to("events.manage", event_id=event.id)
    return page("courses/events/add.html", form=form, policy=_policy())


@bp.get("/events/<int:event_id>/manage")
@requires("courses.manage_events")
def manage(event_id: int) -> Answer:
    row = queries.event_row(work(), event_id)
    event = queries.event_with_days(work().session, event_id)
    takes_place = event.state in (EventState.PLANNED, EventState.PUBLISHED) and event.ends_at > work().now
    return page(
        "courses/events/manage.html",
        row=row,
        event=event,
        stage=row.stage(work().now),
        can=_can(row),
        taken=clashes_of(work(), event) if takes_place else (),
    )


@bp.route("/events/<int:event_id>/edit", methods=["GET", "POST"])
@requires("courses.manage_events")
def edit(event_id: int) -> Answer:
    event = queries.event_with_days(work().session, event_id)
    usual = usual_closing(london_date(event.starts_at), _policy().booking_closes_working_days)
    form = forms.ChangeForm(data=forms.details_as_typed(event, usual) | {"tell": "yes"})
    known = dict(queries.trainers_to_choose(work().session))
    form.offer_trainers(
        sorted({**known, **{each.id: each.name for each in event.trainers}}.items(), key=lambda t: t[1])
    )
    if form.validate_on_submit():
        with form.refusals():
            services.change_event(
                work(),
                event_id,
                form.details(),
                despite_clashes=form.anyway.data,
                why=form.why.data,
                is_correction=form.tell.data == "no",
            )
            say("The event is changed.")
            return back_to("events.manage", event_id=event_id)
    row = queries.event_row(work(), event_id)
    return page("courses/events/edit.html", form=form, row=row, policy=_policy())


@bp.route("/events/<int:event_id>/move", methods=["GET", "POST"])
@requires("courses.manage_events")
def move(event_id: int) -> Answer:
    event = queries.event_with_days(work().session, event_id)
    is_known = event.state is not EventState.PLANNED
    form = (forms.MoveForm if is_known else forms.DaysForm)(data={"days": forms.days_as_typed(event)})
    venues = queries.venues_to_choose(work().session)
    wishes_days = form.change_number_of_days(request.form.get("days_wish", ""), venues)
    if not wishes_days and form.validate_on_submit():
        with form.refusals():
            why = form.why.data if isinstance(form, forms.MoveForm) else ""
            services.move_event(work(), event_id, form.planned_days(), despite_clashes=form.anyway.data, why=why)
            say(f"The event is changed{'. We’ll email the people affected' if is_known else ''}.")
            return back_to("events.manage", event_id=event_id)
    row = queries.event_row(work(), event_id)
    return page("courses/events/move.html", form=form, row=row, now=work().now, policy=_policy())


@bp.route("/events/<int:event_id>/capacity", methods=["GET", "POST"])
@requires("courses.manage_events")
def capacity(event_id: int) -> Answer:
    row = queries.event_row(work(), event_id)
    form = forms.CapacityForm(data={"capacity": row.capacity})
    if form.validate_on_submit():
        with form.refusals():
            services.change_capacity(work(), event_id, form.capacity.data or 0)
            say(f"The event has {form.capacity.data} places now.")
            return back_to("events.manage", event_id=event_id)
    return page("courses/events/capacity.html", form=form, row=row)


@bp.route("/events/<int:event_id>/copy", methods=["GET", "POST"])
@requires("courses.manage_events")
def copy(event_id: int) -> Answer:
    row = queries.event_row(work(), event_id)
    form = forms.CopyForm()
    if form.validate_on_submit():
        with form.refusals():
            made = services.copy_event(work(), event_id, form.day(), despite_clashes=form.anyway.data)
            say(f"{made.ref} is planned as a copy. Check it again, then publish it.")
            return back_to("events.manage", event_id=made.id)
    return page("courses/events/copy.html", form=form, row=row)


@bp.post("/events/<int:event_id>/publish")
@requires("courses.manage_events")
def publish(event_id: int) -> Answer:
    services.publish_event(work(), event_id)
    say("The event is published and in the catalogue.")
    return back_to("events.manage", event_id=event_id)


@bp.route("/events/<int:event_id>/postpone", methods=["GET", "POST"])
@requires("courses.manage_events")
def postpone(event_id: int) -> Answer:
    form = forms.PostponeForm()
    if form.validate_on_submit():
        with form.refusals():
            services.postpone_event(work(), event_id, form.why.data)
            say("The event is postponed. Move it when you know the new dates.")
            return back_to("events.manage", event_id=event_id)
    return page("courses/events/postpone.html", form=form, row=queries.event_row(work(), event_id))


@bp.route("/events/<int:event_id>/cancel", methods=["GET", "POST"])
@requires("courses.manage_events")
def cancel(event_id: int) -> Answer:
    form = forms.CancelEventForm()
    if form.validate_on_submit():
        with form.refusals():
            services.cancel_event(work(), event_id, form.reason.data)
            say("The event is cancelled and everyone who booked is told.")
            return back_to("events.manage", event_id=event_id)
    return page("courses/events/cancel.html", form=form, row=queries.event_row(work(), event_id))


def _can(row: queries.EventRow) -> frozenset[str]:
    return LIFE.open_steps(row.state, has_started=work().now >= row.starts_at)


def _policy() -> Policy:
    return terms_of(policy_in_force(work().session, work().now))


def month_words(month: str) -> str:
    """April 2026, for 2026-04."""
    year, number = month.split("-")
    return f"{MONTHS[int(number) - 1]} {year}"
