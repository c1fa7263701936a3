"""For whom somebody worked and works, and further employers."""

from flask import Blueprint

from lms.agencies.queries import agency_choices, role_groups
from lms.frame.web import Answer, back_to, page, requires, say, work
from lms.kit.working_days import london_date
from lms.people.affiliations import services
from lms.people.affiliations.forms import EmployerForm
from lms.people.affiliations.queries import affiliations_of
from lms.people.queries import person_of

bp = Blueprint("affiliations", __name__)


@bp.route("/people/<int:person_id>/employers", methods=["GET", "POST"])
@requires("people.manage")
def employers(person_id: int) -> Answer:
    found = person_of(work().session, work().actor, person_id)
    form = EmployerForm(data={"since": london_date(work().now)})
    form.offer(agency_choices(work().session), role_groups(work().session))
    if form.validate_on_submit():
        with form.refusals():
            services.add_employer(
                work(),
                found,
                form.agency.data,
                since=form.since.data or london_date(work().now),
                role_group_id=form.role_group.data or None,
                job_title=form.job_title.data,
            )
            say("Added the employer.")
            return back_to("affiliations.employers", person_id=person_id)
    known = affiliations_of(work().session, person_id)
    return page("people/affiliations/employers.html", form=form, found=found, known=known)


@bp.post("/people/<int:person_id>/employers/<int:affiliation_id>/end")
@requires("people.manage")
def end(person_id: int, affiliation_id: int) -> Answer:
    found = person_of(work().session, work().actor, person_id)
    services.end_employer(work(), found, affiliation_id)
    say("They work there no more.")
    return back_to("affiliations.employers", person_id=person_id)
