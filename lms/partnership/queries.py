"""The partnership's one row."""

from sqlalchemy.orm import Session

from lms.partnership.models import Partnership


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
