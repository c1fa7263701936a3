"""For an agency's lead: the surveys that its people were asked, what is still to do, and what came of it."""

from flask import Blueprint

from lms.frame.web import Answer, page, requires, work
from lms.kit.working_days import london_date
from surveys.permissions import READ_OWN_ROUNDS
from surveys.workforce.own_rounds.figures import own_results, own_round, own_rounds
from surveys.workforce.own_rounds.queries import own_link
from surveys.workforce.results.words import LINES_NOTE, line_words
from surveys.workforce.staffing.queries import STAFF

bp = Blueprint("own_rounds", __name__)


@bp.get("/our-surveys")
@requires(READ_OWN_ROUNDS)
def rounds() -> Answer:
    return page("surveys/own_rounds/list.html", rows=own_rounds(work()))


@bp.get("/our-surveys/<int:round_link_id>")
@requires(READ_OWN_ROUNDS)
def one(round_link_id: int) -> Answer:
    """While it runs the link to pass on; afterwards what is told of the agency."""
    link = own_link(work().session, work().actor.leads_agency_ids, round_link_id)
    row = own_round(link, london_date(work().now))
    return page(
        "surveys/own_rounds/one.html",
        row=row,
        token=STAFF.sign(work().site.settings, link.id) if row.takes_staff else "",
        results=None if row.takes_staff else own_results(work(), link),
        lines_note=LINES_NOTE,
        line_words=line_words,
        base_url=work().site.settings.base_url,
        as_at=work().now,
    )
