"""Attempts that concern a person: theirs to see, gone with them, and gone for everybody after a short time."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import sqlalchemy as sa

from lms.attempts.models import Attempt
from lms.attempts.rules import KEPT_DAYS
from lms.frame.plugins import PersonalData, Retention
from lms.frame.work import Work
from lms.retention.queries import not_held

ATTEMPTS = "attempts.attempts"


def _export(work: Work, person_id: int) -> Mapping[str, Any]:
    about = sa.select(Attempt).where(Attempt.person_id == person_id).order_by(Attempt.id)
    return {
        "Sign-ins and refusals": [
            {"When": each.at.isoformat(), "What": each.what.value, "Network address": each.network}
            for each in work.session.scalars(about)
        ]
    }


def _erase(work: Work, person_id: int) -> None:
    work.session.execute(sa.delete(Attempt).where(Attempt.person_id == person_id))


def _forget_old(work: Work) -> int:
    old = Attempt.at < work.now - timedelta(days=KEPT_DAYS)
    gone = sa.delete(Attempt).where(old, not_held(ATTEMPTS, Attempt.person_id))
    return len(work.session.execute(gone.returning(Attempt.id)).all())


PERSONAL_DATA = PersonalData(
    tables=("sign_in_attempt",),
    export=_export,
    erase=_erase,
    retention=(
        Retention(ATTEMPTS, f"Sign-ins and refusals with their network addresses, after {KEPT_DAYS} days", _forget_old),
    ),
)
