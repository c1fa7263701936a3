"""Observation of training: asking for one, one's own, writing it up and answering it."""

from flask import Blueprint

from courses.booking.bookings.queries import event_with_days
from courses.programme import words
from lms.frame.plugins import PanelContent
from lms.frame.web import Answer, back_to, page, requires, say, signed_in, work
from lms.frame.work import Work
from surveys.observation import services
from surveys.observation.forms import AskForm, ObservationForm, RespondForm
from surveys.observation.models import Observation
from surveys.observation.queries import find_observation, observation_rows
from surveys.observation.rules import ITEMS, RATINGS
from surveys.permissions import MANAGE_OBSERVATIONS

bp = Blueprint("observation", __name__)


@bp.get("/observations")
@requires(MANAGE_OBSERVATIONS)
def all_of_them() -> Answer:
    rows = observation_rows(work().session, work().actor, work().now)
    return page("surveys/observation/list.html", rows=rows, title="Observations of training")


@bp.get("/my-observations")
@signed_in
def mine() -> Answer:
    """Those that I write, and those of my own training."""
    rows = observation_rows(work().session, work().actor, work().now, is_own=True)
    return page("surveys/observation/list.html", rows=rows, title="My observations")


@bp.route("/events/<int:event_id>/observe", methods=["GET", "POST"])
@requires(MANAGE_OBSERVATIONS)
def ask(event_id: int) -> Answer:
    event = event_with_days(work().session, event_id)
    form = AskForm().offer((each.id, each.name) for each in event.trainers)
    if form.validate_on_submit():
        with form.refusals():
            made = services.ask_to_observe(work(), event_id, form.trainer_id.data, form.observer_ref.data)
            say(f"We’ve asked {made.observer.name}, and told them when to write it up by.")
            return back_to("events.manage", event_id=event_id)
    return page("surveys/observation/ask.html", form=form, event=event, when=words.when(event))


@bp.route("/observations/<int:observation_id>", methods=["GET", "POST"])
@signed_in
def observation(observation_id: int) -> Answer:
    """To write for the observer, to read for both and the training team, to answer for the trainer."""
    found = find_observation(work().session, work().actor, observation_id)
    form = _form_for(found)
    if isinstance(form, ObservationForm) and form.validate_on_submit():
        with form.refusals():
            words_ = form.went_well.data, form.to_develop.data
            services.write_observation(work(), found.id, form.ratings, *words_)
            say("Thank you. The trainer has been told and can answer.")
            return back_to("observation.observation", observation_id=observation_id)
    if isinstance(form, RespondForm) and form.validate_on_submit():
        with form.refusals():
            services.respond(work(), found.id, form.response.data)
            say("Thank you. Your colleague has been told.")
            return back_to("observation.observation", observation_id=observation_id)
    return page(
        "surveys/observation/observation.html",
        form=form,
        observation=found,
        is_written=found.written_at is not None,
        when=words.when(event_with_days(work().session, found.event_id)),
        items=ITEMS,
        ratings=RATINGS,
    )


def _form_for(found: Observation) -> ObservationForm | RespondForm | None:
    """What this reader may do with it now."""
    me = work().actor.person_id
    if found.written_at is None:
        return ObservationForm() if me == found.observer_id and work().now >= found.event.ends_at else None
    return RespondForm() if me == found.trainer_id and found.responded_at is None else None


def event_panel(work: Work, event_id: int) -> PanelContent | None:
    """On an event's page: its observations, and asking for one."""
    rows = observation_rows(work.session, work.actor, work.now, event_id=event_id)
    if not rows and not work.actor.may(MANAGE_OBSERVATIONS):
        return None
    may_ask = work.actor.may(MANAGE_OBSERVATIONS)
    return PanelContent(
        "surveys/observation/event_panel.html", {"rows": rows, "event_id": event_id, "may_ask": may_ask}
    )
