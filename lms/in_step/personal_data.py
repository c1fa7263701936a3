"""What identity providers call somebody, and what another system said when they left."""

from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa

from lms.frame.plugins import PersonalData
from lms.frame.work import Work
from lms.in_step.leavers.models import UnseenLeaver
from lms.in_step.scim.models import ProvisionedPerson


def _export(work: Work, person_id: int) -> Mapping[str, Any]:
    named = sa.select(ProvisionedPerson).where(ProvisionedPerson.person_id == person_id)
    left = sa.select(UnseenLeaver).where(UnseenLeaver.person_id == person_id).order_by(UnseenLeaver.id)
    return {
        "What your organisation’s identity provider calls you": [
            {
                "User name": each.user_name,
                "Its number": each.external_id,
                "Given name": each.given_name,
                "Family name": each.family_name,
                "Since": each.created_at.isoformat(),
                "Deleted there": each.gone_at.isoformat() if each.gone_at else "",
            }
            for each in work.session.scalars(named)
        ],
        "What another system said when you left": [
            {"When": each.left_at.isoformat(), "By": each.said_by, "What was open": each.said}
            for each in work.session.scalars(left)
        ],
    }


def _erase(work: Work, person_id: int) -> None:
    """None of it counts for anything: the rows go."""
    for model in (ProvisionedPerson, UnseenLeaver):
        work.session.execute(sa.delete(model).where(model.person_id == person_id))


PERSONAL_DATA = PersonalData(tables=("provisioned_person", "unseen_leaver"), export=_export, erase=_erase)
