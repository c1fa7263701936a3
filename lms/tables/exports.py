"""Tables of the host to download: letters, roles, and the audit."""

from collections.abc import Iterator, Mapping

import sqlalchemy as sa

from lms.agencies.models import Agency
from lms.audit.models import AuditEntry
from lms.audit.queries import readable_by
from lms.frame.cells import said_wall
from lms.frame.plugins import Export
from lms.frame.work import Work
from lms.kit.figures import Cell
from lms.mail.models import OutboxLetter
from lms.people.models import Person, RoleGrant

Rows = Iterator[Mapping[str, Cell]]
MOST_LINES = 100_000


def letter_rows(work: Work) -> Rows:
    """What was written to who and whether it went; never what it says."""
    found = (
        sa.select(OutboxLetter, Person.ref)
        .outerjoin(Person, Person.id == OutboxLetter.person_id)
        .order_by(OutboxLetter.due_at, OutboxLetter.id)
    )
    for letter, person_ref in work.session.execute(found):
        yield {
            "kind": letter.kind,
            "person_ref": person_ref or "",
            "due_at": said_wall(letter.due_at),
            "state": letter.state.value,
            "sent_at": said_wall(letter.sent_at),
            "tries": letter.tries,
            "last_error": letter.last_error,
        }


def role_rows(work: Work) -> Rows:
    """Who holds which role, and since when."""
    found = (
        sa.select(RoleGrant, Person.ref, Person.name, Agency.code)
        .join(Person, Person.id == RoleGrant.person_id)
        .outerjoin(Agency, Agency.id == RoleGrant.agency_id)
        .order_by(RoleGrant.role, Person.name, RoleGrant.id)
    )
    for grant, person_ref, name, agency_code in work.session.execute(found):
        yield {
            "role": grant.role.value,
            "person_ref": person_ref,
            "name": name,
            "agency_code": agency_code or "",
            "granted_at": said_wall(grant.granted_at),
        }


def audit_rows(work: Work) -> Rows:
    """Who did what to which record, the latest lines; confidential ones for those who may read them."""
    found = sa.select(AuditEntry).where(readable_by(work.actor)).order_by(AuditEntry.id.desc()).limit(MOST_LINES)
    for entry in work.session.scalars(found):
        yield {
            "at": said_wall(entry.at),
            "who": entry.actor_name,
            "what": entry.event,
            "record": entry.record_type,
            "number": entry.record_id,
        }


EXPORTS = (
    Export(
        "letters",
        "Emails: what was written, and whether it went",
        "mail.read",
        ("kind", "person_ref", "due_at", "state", "sent_at", "tries", "last_error"),
        letter_rows,
    ),
    Export(
        "roles",
        "Roles: who holds which",
        "people.manage",
        ("role", "person_ref", "name", "agency_code", "granted_at"),
        role_rows,
    ),
    Export(
        "audit",
        "Audit: who did what to which record",
        "audit.read",
        ("at", "who", "what", "record", "number"),
        audit_rows,
    ),
)
