"""That something was typed and not sent: theirs to know, and gone with them. What it says, only their browser opens."""

from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa

from lms.frame.plugins import PersonalData
from lms.frame.work import Work
from lms.unsent.models import UnsentAnswers


def _export(work: Work, person_id: int) -> Mapping[str, Any]:
    mine = sa.select(UnsentAnswers).where(UnsentAnswers.person_id == person_id).order_by(UnsentAnswers.id)
    return {
        "What you typed and have not sent": [
            {"Page": each.path, "Kept since": each.kept_at.isoformat()} for each in work.session.scalars(mine)
        ]
    }


def _erase(work: Work, person_id: int) -> None:
    work.session.execute(sa.delete(UnsentAnswers).where(UnsentAnswers.person_id == person_id))


PERSONAL_DATA = PersonalData(tables=("unsent_answers",), export=_export, erase=_erase)
