"""What signing in keeps of a person. Secrets are in no copy: whoever holds one could sign in."""

from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa

from lms.frame.plugins import PersonalData, Retention
from lms.frame.work import Work
from lms.kit.erased import ERASED_NAME
from lms.people.accounts.models import Account
from lms.people.invitations.models import FactorInvitation
from lms.retention.queries import not_held, past
from lms.signin.linked.models import LinkedAccount, RoundTrip
from lms.signin.models import Registration, SignInCode

REGISTRATIONS = "signin.registrations"
REGISTRATIONS_KEPT_MONTHS = 3


def _export(work: Work, person_id: int) -> Mapping[str, Any]:
    accounts = work.session.scalars(sa.select(Account).where(Account.person_id == person_id)).all()
    asked = sa.select(Registration).where(Registration.person_id == person_id).order_by(Registration.id)
    return {
        "Ways to sign in": [
            {
                "Since": each.created_at.isoformat(),
                "Has a password": each.password is not None,
                "Has a second factor": each.tf_totp_secret is not None,
            }
            for each in accounts
        ],
        "Invitations to set up a second factor": [
            {"Made": each.made_at.isoformat(), "Sent to": each.address, "Good until": each.good_until.isoformat()}
            for each in work.session.scalars(
                sa.select(FactorInvitation).where(FactorInvitation.person_id == person_id).order_by(FactorInvitation.id)
            )
        ],
        "Accounts at work by which you sign in": [
            {
                "Provider": each.provider,
                "Issuer": each.issuer,
                "You are known there as": each.subject,
                "Email address there": each.address,
                "Linked": each.linked_at.isoformat(),
                "Last used": each.last_used_at.isoformat(),
            }
            for each in work.session.scalars(
                sa.select(LinkedAccount).where(LinkedAccount.person_id == person_id).order_by(LinkedAccount.id)
            )
        ],
        "When you asked for an account": [
            {
                "Name": each.name,
                "Email address": each.email,
                "Agency": each.agency_words,
                "Job title": each.job_title,
                "Asked": each.asked_at.isoformat(),
            }
            for each in work.session.scalars(asked)
        ],
    }


def _erase(work: Work, person_id: int) -> None:
    asked = sa.select(Registration.id).where(Registration.person_id == person_id)
    for gone in (SignInCode.person_id == person_id, SignInCode.registration_id.in_(asked)):
        work.session.execute(sa.delete(SignInCode).where(gone))
    for table in (FactorInvitation, LinkedAccount, RoundTrip, Account):
        work.session.execute(sa.delete(table).where(table.person_id == person_id))
    work.session.execute(
        sa.update(Registration)
        .where(Registration.person_id == person_id)
        .values(name=ERASED_NAME, email="", agency_words="", job_title="")
    )


def _forget_registrations(work: Work) -> int:
    """Those that were decided long ago: who got an account has a record, who did not has none."""
    before = past(work.now, months=REGISTRATIONS_KEPT_MONTHS)
    old = sa.select(Registration.id).where(
        Registration.decided_at < before, not_held(REGISTRATIONS, Registration.person_id)
    )
    work.session.execute(sa.delete(SignInCode).where(SignInCode.registration_id.in_(old)))
    gone = sa.delete(Registration).where(Registration.id.in_(old)).returning(Registration.id)
    return len(work.session.execute(gone).all())


PERSONAL_DATA = PersonalData(
    tables=("account", "registration", "sign_in_code", "factor_invitation", "linked_account", "provider_round_trip"),
    export=_export,
    erase=_erase,
    retention=(
        Retention(
            REGISTRATIONS,
            f"What people wrote who asked for an account, {REGISTRATIONS_KEPT_MONTHS} months after the decision",
            _forget_registrations,
        ),
    ),
)
