"""For whom somebody worked and works, and further agencies."""

from flask import Blueprint

from lms.agencies.queries import agency_choices, role_groups
from lms.frame.web import Answer, back_to, page, requires, say, work
from lms.kit.working_days import london_date
from lms.people.affiliations import services
from lms.people.affiliations.forms import AffiliationForm
from lms.people.affiliations.queries import affiliations_of
from lms.people.queries import person_of

bp = Blueprint("affiliations", __name__)


@bp.route("/people/<int:person_id>/agencies", methods=["GET", "POST"])
@requires("people.manage")
def agencies(person_id: int) -> Answer:
    found = person_of(work().session, work().actor, person_id)
    form = AffiliationForm(data={"since": london_date(work().now)})
    form.offer(agency_choices(work().session), role_groups(work().session))
    if form.validate_on_submit():
        with form.refusals():
            services.add_further_agency(
                work(),
                found,
                form.agency.data,
                since=form.since.data or london_date(work().now),
                role_group_id=form.role_group.data or None,
                job_title=form.job_title.data,
            )
            say("Added the further agency.")
            return back_to("affiliations.agencies", person_id=person_id)
    known = affiliations_of(work().session, person_id)
    return page("people/affiliations/agencies.html", form=form, found=found, known=known)


@bp.post("/people/<int:person_id>/agencies/<int:affiliation_id>/end")
@requires("people.manage")
def end(person_id: int, affiliation_id: int) -> Answer:
    found = person_of(work().session, work().actor, person_id)
    services.end_further_agency(work(), found, affiliation_id)
    say("Ended. They no longer work there.")
    return back_to("affiliations.agencies", person_id=person_id)
