"""How many people a round is for: an agency lead says it by a signed link, or the office types it."""

from flask import Blueprint

from lms.frame.web import Answer, back_to, page, public, requires, say, work
from lms.kit.errors import NotFound
from lms.limits.limiter import wrong_links
from surveys.permissions import OPEN_ROUNDS
from surveys.workforce.queries import find_round
from surveys.workforce.staffing.forms import StaffForm, all_staff_form, staff_typed
from surveys.workforce.staffing.queries import link_by_token
from surveys.workforce.staffing.services import say_staff, say_staff_of

bp = Blueprint("staffing", __name__)


@bp.route("/workforce/people-of/<token>", methods=["GET", "POST"])
@public
@wrong_links
def of_agency(token: str) -> Answer:
    """For whoever leads training for an agency. A GET keeps nothing."""
    try:
        link = link_by_token(work(), token)
    except NotFound:
        html = page("surveys/answers/closed.html")
        return (html, 404) if isinstance(html, str) else html
    form = StaffForm(data={"staff": link.staff})
    if form.validate_on_submit():
        with form.refusals():
            say_staff(work(), link, form.staff.data)
            return page("surveys/staffing/thanks.html", link=link)
    return page("surveys/staffing/of_agency.html", form=form, link=link)


@bp.route("/workforce/<int:round_id>/people", methods=["GET", "POST"])
@requires(OPEN_ROUNDS)
def of_all(round_id: int) -> Answer:
    """The office sees what agencies have said, and types what they told it otherwise."""
    found = find_round(work().session, round_id)
    links = sorted(found.links, key=lambda each: each.agency.name)
    form = all_staff_form(links)
    if form.validate_on_submit():
        with form.refusals():
            done = say_staff_of(work(), found, staff_typed(form, links))
            say(f"{done} changed." if done else "Nothing changed.")
            return back_to("workforce.one", round_id=round_id)
    return page("surveys/staffing/of_all.html", form=form, found=found, links=links)
