"""What was asked of business managers about somebody, for a copy of it and for erasing them."""

from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa

from lms.entrusting.models import ChangeRequest
from lms.entrusting.rules import RequestOutcome
from lms.frame.plugins import PersonalData
from lms.frame.work import Work


def _requests(person_id: int) -> sa.Select[ChangeRequest]:
    about = sa.or_(ChangeRequest.person_id == person_id, ChangeRequest.other_id == person_id)
    return sa.select(ChangeRequest).where(about).order_by(ChangeRequest.id)


def _export(work: Work, person_id: int) -> Mapping[str, Any]:
    return {
        "Requests about you to a business manager": [
            {"Asked": each.asked_at.isoformat(), "For": each.details.words, "Became": each.outcome or "waits"}
            for each in work.session.scalars(_requests(person_id))
        ]
    }


def _erase(work: Work, person_id: int) -> None:
    """That something was asked stays, and what it was goes; nothing waits for somebody who is gone."""
    for request in work.session.scalars(_requests(person_id)).all():
        request.particulars, request.words = {}, ""
        if request.decided_at is None:
            request.decided_at, request.outcome = work.now, RequestOutcome.WITHDRAWN


PERSONAL_DATA = PersonalData(tables=("change_request",), export=_export, erase=_erase)
