"""Who reads the queue."""

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload

from surveys.concerns.models import SafeguardingLead


def lead_now(session: Session) -> SafeguardingLead | None:
    """The named safeguarding lead."""
    return session.scalar(
        sa.select(SafeguardingLead).where(SafeguardingLead.is_now).options(joinedload(SafeguardingLead.person))
    )
