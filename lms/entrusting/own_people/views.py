"""An agency lead's pages about their own people: a starter, a leaver, and what somebody does."""

from flask import Blueprint

from lms.agencies.queries import agency_choices, role_groups
from lms.entrusting.own_people.forms import GoneForm, StarterForm, WorkForm
from lms.entrusting.own_people.queries import own_person
from lms.entrusting.own_people.services import add_starter, note_back, note_left, say_work
from lms.entrusting.views import say_done_or_asked
from lms.frame.plugins import PanelContent
from lms.frame.web import Answer, back_to, page, requires, say, work
from lms.frame.work import Work
from lms.kit.errors import NotFound
from lms.kit.working_days import london_date

bp = Blueprint("own_people", __name__)


@bp.route("/people/started", methods=["GET", "POST"])
@requires("people.keep_own_agency")
def add() -> Answer:
    """Somebody has started."""
    own = work().actor.leads_agency_ids
    agencies = [each for each in agency_choices(work().session) if each[0] in own]
    form = StarterForm().offer(agencies, role_groups(work().session))
    if form.validate_on_submit():
        with form.refusals():
            added = add_starter(work(), form.details, is_another=form.is_another.data)
            say(f"{added.name} is added, as {added.ref}. You can book for them now.")
            return back_to("people.person", person_id=added.id)
    return page("own_people/add.html", form=form, has_several=len(agencies) > 1)


@bp.route("/people/<int:person_id>/work", methods=["GET", "POST"])
@requires("people.keep_own_agency")
def change(person_id: int) -> Answer:
    """What somebody does, and who manages them."""
    found = own_person(work().session, work().actor, person_id)
    plain = {name: getattr(found, name) for name in ("job_title", "manager_name", "manager_email")}
    form = WorkForm(data={**plain, "role_group": found.role_group_id or 0})
    form.offer_kinds(role_groups(work().session))
    if form.validate_on_submit():
        with form.refusals():
            say_work(work(), person_id, form.said)
            say("Saved.")
            return back_to("people.person", person_id=person_id)
    return page("own_people/work.html", form=form, found=found)


@bp.route("/people/<int:person_id>/gone", methods=["GET", "POST"])
@requires("people.keep_own_agency")
def gone(person_id: int) -> Answer:
    """Somebody has left: what becomes of what they have open, and the day."""
    found = own_person(work().session, work().actor, person_id)
    form = GoneForm(left_on=london_date(work().now))
    if form.validate_on_submit():
        with form.refusals():
            asked = note_left(work(), person_id, form.left_on.day)
            say_done_or_asked(asked, f"{found.name} has left. Their coming bookings are released; nothing is charged.")
            return back_to("people.person", person_id=person_id)
    return page("own_people/gone.html", form=form, found=found)


@bp.post("/people/<int:person_id>/here-again")
@requires("people.keep_own_agency")
def here_again(person_id: int) -> Answer:
    """They are back, or it was a mistake."""
    found = own_person(work().session, work().actor, person_id)
    say_done_or_asked(note_back(work(), person_id), f"{found.name} is here again.")
    return back_to("people.person", person_id=person_id)


def person_panel(work: Work, person_id: int) -> PanelContent | None:
    """On the page of one of their own people: what a lead can say about them."""
    if not work.actor.may("people.keep_own_agency") or work.actor.may("people.manage"):
        return None
    try:
        found = own_person(work.session, work.actor, person_id)
    except NotFound:
        return None
    return PanelContent("own_people/person_panel.html", {"found": found, "is_self": found.id == work.actor.person_id})
