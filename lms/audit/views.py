"""The audit as pages: all of it, of one record, and a panel about one person."""

from flask import Blueprint, request

from lms.audit.forms import AuditFilters, record_words
from lms.audit.queries import AuditSearch, entries, latest_about, name_of, record_types
from lms.frame.paging import number_asked, pages_of
from lms.frame.plugins import PanelContent
from lms.frame.web import Answer, page, requires, work
from lms.frame.work import Work
from lms.kit.errors import NotFound

bp = Blueprint("audit", __name__)


@bp.get("/audit")
@requires("audit.read")
def audit() -> Answer:
    filters = AuditFilters(request.args)
    filters.offer_records(record_types(work().session, work().actor))
    about_id = request.args.get("person_id", type=int)
    found = entries(work().session, work().actor, filters.wanted(about_id), number_asked())
    return page(
        "audit/audit.html",
        filters=filters,
        found=found,
        about_id=about_id,
        about=name_of(work().session, about_id) if about_id else "",
        pages=pages_of(found),
        record_words=record_words,
        is_filtered=any(value for name, value in request.args.items() if name != "page"),
    )


@bp.get("/audit/<record_type>/<record_id>")
@requires("audit.read")
def record(record_type: str, record_id: str) -> Answer:
    found = entries(
        work().session, work().actor, AuditSearch(record_type=record_type, record_id=record_id), number_asked()
    )
    if not found.total:
        raise NotFound("The audit has nothing about that record.")
    return page(
        "audit/record.html",
        found=found,
        title=f"{record_words(record_type)} {record_id}".capitalize(),
        pages=pages_of(found),
        record_words=record_words,
    )


def show_latest(work: Work, person_id: int) -> PanelContent | None:
    """The last lines about a person, on their page, for those who may read the audit."""
    if not work.actor.may("audit.read"):
        return None
    latest = latest_about(work.session, work.actor, person_id)
    return PanelContent("audit/person_panel.html", {"audit_entries": latest, "audit_person_id": person_id})
