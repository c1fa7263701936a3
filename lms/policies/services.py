"""Approving policy versions."""

from datetime import UTC, datetime

import sqlalchemy as sa

from lms.policies.models import PolicyVersion
from lms.policies.rules import Policy
from lms.work import Work

LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)


def approve_first_policy(work: Work) -> PolicyVersion:
    """Version 1 with the usual terms, in force since ever, so that history can be brought in under it."""
    first = work.session.scalar(sa.select(PolicyVersion).order_by(PolicyVersion.number).limit(1))
    if first is None:
        first = PolicyVersion(
            number=1,
            in_force_from=LONG_AGO,
            terms=Policy().as_terms(),
            why="The terms that partnerships usually publish. Check them against your own.",
            approved_by=work.actor.name,
            approved_at=work.now,
        )
        work.session.add(first)
        work.record("policy approved", first, number=1)
    return first
