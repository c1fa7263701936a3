"""What was written down about a charge."""

from sqlalchemy.orm import Session

from charges.charge.models import Charge, SicknessReport
from charges.grounds.rules import Sickness
from lms.kit.working_days import london_date
from lms.policies.queries import terms_of


def sickness_of(session: Session, charge: Charge) -> Sickness | None:
    """What was reported about the day, under the terms of the booking; None when nothing was."""
    report = session.get(SicknessReport, charge.id)
    if report is None:
        return None
    terms = terms_of(charge.policy_version)
    return Sickness(
        day=london_date(charge.day_starts_at),
        told_at=report.told_at,
        confirmed_on=report.confirmed_on,
        confirmed_working_days=terms.sickness_confirmed_working_days,
    )
