"""Where somebody is signed in: theirs to see, gone with them. The key is in no copy."""

from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa

from lms.frame.plugins import PersonalData
from lms.frame.work import Work
from lms.sessions.models import SignInSession


def _export(work: Work, person_id: int) -> Mapping[str, Any]:
    mine = sa.select(SignInSession).where(SignInSession.person_id == person_id).order_by(SignInSession.id)
    return {
        "Where you are signed in": [
            {"Device": each.device, "Since": each.began_at.isoformat(), "Last used": each.seen_at.isoformat()}
            for each in work.session.scalars(mine)
        ]
    }


def _erase(work: Work, person_id: int) -> None:
    work.session.execute(sa.delete(SignInSession).where(SignInSession.person_id == person_id))


PERSONAL_DATA = PersonalData(tables=("sign_in_session",), export=_export, erase=_erase)
