"""Which terms are in force."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from lms.errors import Conflict
from lms.policies.models import PolicyVersion
from lms.policies.rules import Policy


def policy_in_force(session: Session, at: datetime) -> PolicyVersion:
    """The version in force at a moment. Raises Conflict when there is none: nothing is booked without terms."""
    version = session.scalar(
        sa.select(PolicyVersion)
        .where(PolicyVersion.in_force_from <= at)
        .order_by(PolicyVersion.in_force_from.desc(), PolicyVersion.number.desc())
        .limit(1)
    )
    if version is None:
        raise Conflict("No policy is in force yet. A business manager must approve one first.")
    return version


def terms_of(version: PolicyVersion) -> Policy:
    """The version's terms as values to reckon with."""
    return Policy.from_terms(version.terms)
