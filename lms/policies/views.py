"""The booking and charging policy as everybody may read it, its versions, and preparing a new one."""

from flask import Blueprint

from lms.frame.plugins import PanelContent
from lms.frame.web import Answer, back_to, page, public, requires, say, site, work
from lms.frame.work import Work
from lms.kit.words import listed, pounds
from lms.policies import queries, services
from lms.policies.forms import ApprovePolicyForm, StartForm, TermsForm
from lms.policies.models import PolicyDraft
from lms.policies.rules import TERMS, Policy, Term, Unit, changed_terms, terms_with

bp = Blueprint("policies", __name__)


@bp.get("/booking-policy")
@public
def policy() -> Answer:
    version = queries.policy_in_force(work().session, work().now)
    terms = queries.terms_of(version)
    days = (
        terms.first_reminder_working_days,
        terms.joining_instructions_working_days,
        terms.last_reminder_working_days,
    )
    return page(
        "policies/policy.html",
        version=version,
        terms=terms,
        in_force_always=version.in_force_from <= services.LONG_AGO,
        reminders=f"{listed(map(str, days))} working days",
    )


@bp.route("/policies", methods=["GET", "POST"])
@requires("policies.read")
def versions() -> Answer:
    """Every version with who, when and why; what is being prepared; and a form to begin a draft."""
    form = StartForm()
    if form.validate_on_submit():
        with form.refusals():
            draft = services.start_draft(work(), form.draft_name.data)
            say("The draft begins with the terms in force. Change what should differ.")
            return back_to("policies.draft", policy_draft_id=draft.id)
    return page(
        "policies/versions.html",
        form=form,
        versions=queries.versions(work().session),
        drafts=queries.drafts(work().session),
        in_force=queries.policy_in_force(work().session, work().now),
        long_ago=services.LONG_AGO,
        now=work().now,
    )


@bp.get("/policies/<int:number>")
@requires("policies.read")
def version(number: int) -> Answer:
    """One version: its terms, and what differs from the one before."""
    found = queries.version_by_number(work().session, number)
    terms, before = queries.terms_of(found), queries.version_before(work().session, found)
    was = queries.terms_of(before) if before else terms
    changed = changed_terms(was, terms)
    rows = [(term, said(term, terms), said(term, was) if term in changed else "") for term in terms_with(site().hosts)]
    return page("policies/version.html", version=found, before=before, rows=rows, long_ago=services.LONG_AGO)


@bp.route("/policies/drafts/<int:policy_draft_id>", methods=["GET", "POST"])
@requires("policies.manage")
def draft(policy_draft_id: int) -> Answer:
    found = queries.draft_of(work().session, policy_draft_id)
    terms = Policy.from_terms(found.terms)
    values = {term.name: getattr(terms, term.name) for term in TERMS} | {"draft_name": found.name}
    form = TermsForm(data=values | {"exempt_role_groups": list(terms.exempt_role_groups)})
    form.offer(queries.role_group_names(work().session, *terms.exempt_role_groups), terms_with(site().hosts))
    if form.validate_on_submit():
        with form.refusals():
            services.change_draft(work(), found, form.draft_name.data, form.policy(terms))
            say("Saved the draft. Nothing changes for anyone until it is approved.")
            return back_to("policies.draft", policy_draft_id=found.id)
    return page("policies/draft.html", form=form, draft=found, changed=_changes(found))


@bp.route("/policies/drafts/<int:policy_draft_id>/approve", methods=["GET", "POST"])
@requires("policies.manage")
def approve(policy_draft_id: int) -> Answer:
    found = queries.draft_of(work().session, policy_draft_id)
    form = ApprovePolicyForm()
    if form.validate_on_submit() and form.in_force_on.data:
        with form.refusals():
            made = services.approve_draft(work(), found, why=form.why.data, in_force_on=form.in_force_on.data)
            say(f"Version {made.number} is approved.")
            return back_to("policies.version", number=made.number)
    return page("policies/approve.html", form=form, draft=found, changed=_changes(found))


@bp.post("/policies/drafts/<int:policy_draft_id>/drop")
@requires("policies.manage")
def drop(policy_draft_id: int) -> Answer:
    services.drop_draft(work(), queries.draft_of(work().session, policy_draft_id))
    say("Deleted the draft.")
    return back_to("policies.versions")


def settings_panel(work: Work, _nothing: int) -> PanelContent | None:
    """The line on the settings page."""
    return PanelContent("policies/settings_panel.html", {}) if work.actor.may("policies.read") else None


def said(term: Term, terms: Policy) -> str:
    """A term's value with its unit."""
    value = getattr(terms, term.name)
    if term.unit is Unit.PENCE:
        return pounds(value)
    if term.unit is Unit.YES_NO:
        return "Yes" if value else "No"
    if term.unit is Unit.NAMES:
        return listed(value) or "None"
    return f"{value}%" if term.unit is Unit.PERCENT else f"{value:,} {term.unit}"


def _changes(draft: PolicyDraft) -> list[tuple[Term, str, str]]:
    """What a draft would change of the terms in force: the term, now, then."""
    now = queries.terms_of(queries.policy_in_force(work().session, work().now))
    then = Policy.from_terms(draft.terms)
    return [(term, said(term, now), said(term, then)) for term in changed_terms(now, then)]
