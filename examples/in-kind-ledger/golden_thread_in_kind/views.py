"""Pages of the ledger, and its box on the page of a person."""

from flask import Blueprint, request

from courses.programme.events.queries import trainers_to_choose
from golden_thread_in_kind.forms import ContributionForm
from golden_thread_in_kind.queries import balances, contribution_of, contributions, trained_by
from golden_thread_in_kind.rules import WORDS, Kind
from golden_thread_in_kind.services import record_contribution, withdraw_contribution
from lms.agencies.queries import agency_choices
from lms.frame.fields import choices_of
from lms.frame.plugins import PanelContent
from lms.frame.web import Answer, Form, back_to, page, requires, say, work
from lms.frame.work import Work
from lms.kit.working_days import london_date
from lms.reports.rules import financial_year, financial_year_of

bp = Blueprint("in_kind", __name__)


@bp.get("/in-kind")
@requires("in_kind.see")
def ledger() -> Answer:
    this = financial_year_of(london_date(work().now))
    year = min(max(request.args.get("year", this, type=int), 2000), this)
    shown = financial_year(year)
    found = {"balances": balances(work(), shown), "given": contributions(work(), shown)}
    return page("in_kind/ledger.html", year=year, this=this, shown=shown, words=WORDS, **found)


@bp.route("/in-kind/new", methods=["GET", "POST"])
@requires("in_kind.record")
def record() -> Answer:
    form = ContributionForm()
    form.agency_id.choices = choices_of(agency_choices(work().session))
    form.person_ref.choices = choices_of(trainers_to_choose(work().session), (0, "Nobody in particular"))
    if form.validate_on_submit():
        typed = (form.agency_id.data, Kind(form.kind.data), form.given_on.day, form.quantity.data or 0, form.what.data)
        with form.refusals():
            record_contribution(work(), *typed, form.person_ref.data or None)
            say("Noted. It counts for the agency from now on.")
            return back_to("in_kind.ledger")
    return page("in_kind/record.html", form=form)


@bp.route("/in-kind/<int:contribution_id>", methods=["GET", "POST"])
@requires("in_kind.record")
def contribution(contribution_id: int) -> Answer:
    found, form = contribution_of(work(), contribution_id), Form()
    if form.validate_on_submit():
        withdraw_contribution(work(), found)
        say("Taken back. It counts no longer.")
        return back_to("in_kind.ledger")
    return page("in_kind/contribution.html", found=found, words=WORDS)


def person_panel(work: Work, person_id: int) -> PanelContent | None:
    """For the office, about people who trained."""
    days, latest = trained_by(work, person_id) if work.actor.may("in_kind.record") else (0, None)
    return PanelContent("in_kind/person.html", {"days": days, "latest": latest}) if latest else None
