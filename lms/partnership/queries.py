"""The partnership's one row."""

import sqlalchemy as sa
from sqlalchemy.orm import Session

from lms.frame.settings import Settings
from lms.partnership.models import Partnership
from lms.people.models import Person


def the_partnership(session: Session) -> Partnership:
    """The partnership; a plain one before `lms init` has been run or while the name is not yet set."""
    return session.get(Partnership, 1) or Partnership(
        short_name="Safeguarding",
        rest_of_name="Children Partnership",
        host_authority="",
        team_name="Training team",
        team_email="",
        team_phone="",
        front_door_name="",
        front_door_phone="",
        ref_prefix="GT",
        brand="",
        brand_dark="",
        brand_mid="",
        brand_tint="",
        dpo_name="",
        dpo_email="",
        ico_number="",
        privacy_more="",
        accessibility_problems="",
        accessibility_tested="",
    )


def is_marked(session: Session) -> bool:
    """Whether `lms demo` filled this database."""
    return bool(session.scalar(sa.select(Partnership.is_invented).where(Partnership.id == 1)))


def is_demonstration(session: Session, settings: Settings) -> bool:
    """Demonstration mode holds where it was asked for and the database is marked, or there is nobody in it."""
    return settings.is_demo and may_demonstrate(session)


def may_demonstrate(session: Session) -> bool:
    """Marked or empty: nobody real is in this database."""
    return is_marked(session) or not session.scalar(sa.select(sa.exists().select_from(Person)))
