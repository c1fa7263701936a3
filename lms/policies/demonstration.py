"""The demonstration's draft policy: what a business manager might be thinking about."""

from dataclasses import replace

from lms.frame.work import Work
from lms.policies.models import PolicyDraft
from lms.policies.rules import Policy


def load(work: Work) -> None:
    """Add one draft, so that its effect on last year's charges can be looked at."""
    terms = replace(Policy(), notice_working_days=7, charge_full_day_pence=6500, charge_half_day_pence=4500)
    work.session.add(
        PolicyDraft(
            name="Longer notice and higher charges, for the sub-group in spring",
            terms=terms.as_terms(),
            changed_at=work.now,
            changed_by=work.actor.name,
        )
    )
    work.session.flush()
