"""The quarter as a page and as one sheet: for readers of reports, and for the leads of an agency."""

from flask import Blueprint, request
from werkzeug.wrappers import Response

from lms.agencies.queries import agency_of
from lms.frame.files import file_to_keep
from lms.frame.web import Answer, page, requires, signed_in, work
from lms.kit.errors import NotAllowed, NotFound
from lms.kit.figures import Period
from lms.partnership.queries import the_partnership
from lms.quarterly.documents import one_page_pdf
from lms.quarterly.queries import OnePage, page_of_agency, page_of_group
from lms.quarterly.rules import last_quarter_told, quarter_of_key, quarter_title
from lms.reports.queries import READ, SEE_ROWS
from lms.reports.rules import quarter_before

bp = Blueprint("quarterly", __name__)


@bp.get("/quarter")
@requires(READ)
def group() -> Answer:
    """The partnership's quarter."""
    return _page(page_of_group(work(), _quarter()), None)


@bp.get("/quarter.pdf")
@requires(READ)
def group_pdf() -> Response:
    return _pdf(page_of_group(work(), _quarter()))


@bp.get("/agencies/<int:agency_id>/quarter")
@signed_in
def agency(agency_id: int) -> Answer:
    """An agency's quarter, for its leads and the office."""
    return _page(_of_agency(agency_id), agency_id)


@bp.get("/agencies/<int:agency_id>/quarter.pdf")
@signed_in
def agency_pdf(agency_id: int) -> Response:
    return _pdf(_of_agency(agency_id))


def _of_agency(agency_id: int) -> OnePage:
    actor = work().actor
    if agency_id not in actor.leads_agency_ids and not actor.may(SEE_ROWS):
        raise NotAllowed("This page is for those who lead the agency. Ask the training team if you should.")
    return page_of_agency(work(), agency_of(work().session, agency_id), _quarter())


def _quarter() -> Period:
    asked = request.args.get("from", "")
    try:
        return quarter_of_key(asked) if asked else last_quarter_told(work().now)
    except ValueError:
        raise NotFound("That is not a quarter. Remove the date from the address to see the latest one.") from None


def _page(one: OnePage, agency_id: int | None) -> Answer:
    return page(
        "quarterly/quarter.html",
        one=one,
        title=quarter_title(one.period),
        agency_id=agency_id,
        earlier=quarter_before(one.period),
        has_before=True,
    )


def _pdf(one: OnePage) -> Response:
    return file_to_keep(one_page_pdf(one, the_partnership(work().session).name), f"quarter-{one.period.from_on}.pdf")
