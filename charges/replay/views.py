"""Replay: what the charges of a year would have been under a draft policy."""

from flask import request

from charges.charging.views import bp
from charges.replay.forms import ReplayForm
from charges.replay.queries import last_year, replayed
from lms.frame.plugins import PanelContent
from lms.frame.web import Answer, page, requires, work
from lms.frame.work import Work
from lms.kit.money import exact_pounds
from lms.kit.working_days import london_date
from lms.policies.models import PolicyDraft
from lms.policies.queries import drafts
from lms.policies.rules import Policy


@bp.get("/charges/replay")
@requires("charges.manage_charges")
def replay() -> Answer:
    """By agency: the charges that the bookings' own terms make, and those that a draft would make. Changes nothing."""
    known = drafts(work().session)
    form = ReplayForm(request.args).offer([(each.id, each.name) for each in known])
    chosen = _chosen(known, form.draft.data)
    form.validate()
    usual = last_year(london_date(work().now))
    from_day, to_day = form.from_day.data or usual[0], form.to_day.data or usual[1]
    found = replayed(work().session, Policy.from_terms(chosen.terms), from_day, to_day) if chosen else None
    return page(
        "charges/replay/replay.html",
        filters=form,
        draft=chosen,
        replay=found,
        from_day=from_day,
        to_day=to_day,
        exact_pounds=exact_pounds,
    )


def draft_panel(work: Work, draft_id: int) -> PanelContent | None:
    """On the page of a draft policy: the way to its replay."""
    if not work.actor.may("charges.manage_charges"):
        return None
    return PanelContent("charges/replay/draft_panel.html", {"draft_id": draft_id})


def _chosen(known: list[PolicyDraft], asked: str) -> PolicyDraft | None:
    """The draft that was asked for, or else the latest."""
    return next((each for each in known if str(each.id) == asked), known[0] if known else None)
