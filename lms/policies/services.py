"""Drafting and approving policy versions."""

from datetime import UTC, date, datetime, time

import sqlalchemy as sa

from lms.frame.work import Work
from lms.kit.errors import Invalid, NotAllowed
from lms.kit.working_days import wall_time
from lms.policies.models import PolicyDraft, PolicyVersion
from lms.policies.queries import policy_in_force, versions
from lms.policies.rules import Policy, check_in_force_from, check_terms

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


def start_draft(work: Work, name: str) -> PolicyDraft:
    """Prepare new terms, beginning with those in force. Raises NotAllowed for those who only read them."""
    if not work.actor.may("policies.manage"):
        raise NotAllowed("Only a business manager prepares new terms.")
    draft = PolicyDraft(
        name=_named(name),
        terms=dict(policy_in_force(work.session, work.now).terms),
        changed_at=work.now,
        changed_by=work.actor.name,
    )
    work.session.add(draft)
    work.record("policy drafted", draft, name=draft.name)
    return draft


def change_draft(work: Work, draft: PolicyDraft, name: str, policy: Policy) -> PolicyDraft:
    """Change the terms of a draft. Raises Invalid at the term that makes no sense."""
    check_terms(policy)
    was = draft.terms
    draft.name, draft.terms = _named(name), policy.as_terms()
    draft.changed_at, draft.changed_by = work.now, work.actor.name
    before = {term: was.get(term) for term, value in draft.terms.items() if was.get(term) != value}
    work.record("policy draft changed", draft, before=before)
    return draft


def drop_draft(work: Work, draft: PolicyDraft) -> None:
    """Give a draft up."""
    work.record("policy draft dropped", draft, name=draft.name)
    work.session.delete(draft)


def approve_draft(work: Work, draft: PolicyDraft, *, why: str, in_force_on: date) -> PolicyVersion:
    """Make a version of a draft. It is never changed again, and bookings made before keep the version they have.

    Raises Invalid without a reason, for a day in the past, and for a day that another version has already.
    """
    if not why.strip():
        raise Invalid("Explain why the policy changes. Everyone can read it.", field="why")
    policy = Policy.from_terms(draft.terms)
    check_terms(policy)
    known = versions(work.session)
    in_force_from = wall_time(in_force_on, time(0, 0), field="in_force_on")
    check_in_force_from(in_force_from, max(each.in_force_from for each in known), work.now)
    version = PolicyVersion(
        number=known[0].number + 1,
        in_force_from=in_force_from,
        terms=policy.as_terms(),
        why=why.strip(),
        approved_by=work.actor.name,
        approved_at=work.now,
        created_by_id=work.actor.person_id,
    )
    work.session.add(version)
    work.record("policy approved", version, number=version.number, in_force_from=in_force_from, why=version.why)
    work.session.delete(draft)
    return version


def _named(name: str) -> str:
    if not name.strip():
        raise Invalid("Give the draft a name, so that others can find it.", field="draft_name")
    return name.strip()
