"""What the audit says about a person. What was done, to which record and when stays; who it was goes."""

from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa

from lms.audit.models import AuditEntry
from lms.audit.queries import details_in_words, readable_by
from lms.frame.plugins import PersonalData, Retention
from lms.frame.work import Work
from lms.kit.erased import ERASED_NAME, without_words
from lms.policies.queries import policy_in_force, terms_of
from lms.retention.queries import not_held, past

ENTRIES = "audit.entries"


def _export(work: Work, person_id: int) -> Mapping[str, Any]:
    about = sa.select(AuditEntry).where(AuditEntry.person_id == person_id, readable_by(work.actor))
    did = sa.select(AuditEntry).where(AuditEntry.actor_id == person_id, readable_by(work.actor))
    return {
        "What was done with your record": [
            {"When": each.at.isoformat(), "What": each.event, "Details": details_in_words(each.details)}
            for each in work.session.scalars(about.order_by(AuditEntry.id))
        ],
        "What you did": [
            {"When": each.at.isoformat(), "What": each.event, "Record": f"{each.record_type} {each.record_id}"}
            for each in work.session.scalars(did.order_by(AuditEntry.id))
        ],
    }


def _erase(work: Work, person_id: int) -> None:
    did = sa.update(AuditEntry).where(AuditEntry.actor_id == person_id).values(actor_name=ERASED_NAME)
    work.session.execute(did)
    about = sa.select(AuditEntry).where(AuditEntry.person_id == person_id).order_by(AuditEntry.id)
    for entry in work.session.scalars(about).all():
        entry.details = without_words(entry.details)


def _forget_old(work: Work) -> int:
    years = terms_of(policy_in_force(work.session, work.now)).records_kept_years
    old = AuditEntry.at < past(work.now, months=12 * years)
    gone = sa.delete(AuditEntry).where(old, not_held(ENTRIES, AuditEntry.person_id))
    return len(work.session.execute(gone.returning(AuditEntry.id)).all())


PERSONAL_DATA = PersonalData(
    tables=("audit_entry",),
    export=_export,
    erase=_erase,
    retention=(Retention(ENTRIES, "Lines of the audit, as long as bookings are kept", _forget_old),),
)
