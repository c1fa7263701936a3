"""Which terms are in force, which were, and which are being prepared."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from lms.agencies.queries import role_groups
from lms.kit.errors import Conflict, NotFound
from lms.policies.models import PolicyDraft, PolicyVersion
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


def notice_in_force(at: datetime) -> sa.ScalarSelect[Any]:
    """The notice to cancel free of charge by the terms in force at a moment, for queries of more than that."""
    notice = sa.select(PolicyVersion.terms["notice_working_days"].as_integer())
    latest = PolicyVersion.in_force_from.desc(), PolicyVersion.number.desc()
    return notice.where(PolicyVersion.in_force_from <= at).order_by(*latest).limit(1).scalar_subquery()


def terms_of(version: PolicyVersion) -> Policy:
    """The version's terms as values to reckon with."""
    return Policy.from_terms(version.terms)


def versions(session: Session) -> list[PolicyVersion]:
    """Every approved version, the newest first."""
    return list(session.scalars(sa.select(PolicyVersion).order_by(PolicyVersion.number.desc())))


def version_by_number(session: Session, number: int) -> PolicyVersion:
    """An approved version. Raises NotFound."""
    found = session.scalar(sa.select(PolicyVersion).where(PolicyVersion.number == number))
    if found is None:
        raise NotFound("We cannot find that version of the policy. The list shows them all.")
    return found


def version_before(session: Session, version: PolicyVersion) -> PolicyVersion | None:
    """The version that this one replaced."""
    return session.scalar(
        sa.select(PolicyVersion)
        .where(PolicyVersion.number < version.number)
        .order_by(PolicyVersion.number.desc())
        .limit(1)
    )


def drafts(session: Session) -> list[PolicyDraft]:
    """What is being prepared, the latest change first."""
    return list(session.scalars(sa.select(PolicyDraft).order_by(PolicyDraft.changed_at.desc(), PolicyDraft.id)))


def draft_of(session: Session, draft_id: int) -> PolicyDraft:
    """A draft by its id. Raises NotFound, also once it has been approved."""
    found = session.get(PolicyDraft, draft_id)
    if found is None:
        raise NotFound("We cannot find that draft. It may have been approved. Look at the list of versions.")
    return found


def role_group_names(session: Session, *also: str) -> list[str]:
    """The role groups to choose from, and those that a version names though they are gone."""
    return list(dict.fromkeys([*(group.name for group in role_groups(session)), *also]))
