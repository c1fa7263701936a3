"""Holds on a person, as the person may know of them."""

from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa

from lms.frame.plugins import PersonalData, Retention
from lms.frame.work import Work
from lms.kit.erased import ERASED_WORDS
from lms.retention.models import Hold, RetentionRun
from lms.retention.queries import not_held, past

REPORTS = "retention.reports"
REPORTS_KEPT_MONTHS = 24


def _export(work: Work, person_id: int) -> Mapping[str, Any]:
    holds = sa.select(Hold).where(Hold.person_id == person_id).order_by(Hold.id)
    return {
        "Holds: what we may not delete at present": [
            {
                "Set": each.set_at.isoformat(),
                "Review on": each.look_again_on.isoformat(),
                "Lifted": each.lifted_at.isoformat() if each.lifted_at else "",
            }
            for each in work.session.scalars(holds)
        ]
    }


def _erase(work: Work, person_id: int) -> None:
    """A standing hold stops the erasure, so these are lifted; their words go with the rest."""
    work.session.execute(sa.update(Hold).where(Hold.person_id == person_id).values(reason=ERASED_WORDS))


def _forget_reports(work: Work) -> int:
    old = RetentionRun.at < past(work.now, months=REPORTS_KEPT_MONTHS)
    gone = sa.delete(RetentionRun).where(old, not_held(REPORTS, sa.null()))
    return len(work.session.execute(gone.returning(RetentionRun.id)).all())


PERSONAL_DATA = PersonalData(
    tables=("retention_hold",),
    export=_export,
    erase=_erase,
    retention=(
        Retention(REPORTS, f"Reports of what was removed, after {REPORTS_KEPT_MONTHS} months", _forget_reports),
    ),
)
