"""Who prepared and approved terms."""

from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa

from lms.frame.plugins import PersonalData
from lms.frame.work import Work
from lms.kit.erased import ERASED_NAME
from lms.people.models import Person
from lms.policies.models import PolicyVersion


def _export(work: Work, person_id: int) -> Mapping[str, Any]:
    made = sa.select(PolicyVersion).where(PolicyVersion.created_by_id == person_id).order_by(PolicyVersion.number)
    return {
        "Versions of the policy that you approved": [
            {"Version": each.number, "Approved": each.approved_at.isoformat()} for each in work.session.scalars(made)
        ]
    }


def _erase(work: Work, person_id: int) -> None:
    name = work.session.get_one(Person, person_id).name
    work.session.execute(
        sa.update(PolicyVersion)
        .where(PolicyVersion.created_by_id == person_id, PolicyVersion.approved_by == name)
        .values(approved_by=ERASED_NAME)
    )


PERSONAL_DATA = PersonalData(tables=("policy_version",), export=_export, erase=_erase)
