"""The demonstration partnership: Rowan Valley, which exists nowhere."""

from lms.frame.work import Work
from lms.partnership.services import found_partnership

ROWAN_VALLEY = {
    "short_name": "Rowan Valley",
    "rest_of_name": "Safeguarding Children Partnership",
    "host_authority": "Rowan Valley Council",
    "team_name": "Rowan Valley training team",
    "team_email": "training@rowanvalleyscp.example",
    "team_phone": "01632 960 118",
    "front_door_name": "Rowan Valley Front Door",
    "front_door_phone": "01632 960 100",
    "ref_prefix": "RV",
    "dpo_name": "Information Governance, Rowan Valley Council",
    "dpo_email": "dataprotection@rowanvalley.example",
    "ico_number": "Z0000000",
    "privacy_more": "Figures, never names, go to the partnership’s sub-group and to the independent scrutineer.",
    "accessibility_problems": "The floor plan of the Ashbeck Centre is a picture. Ask us and we’ll describe the way.",
}


def load(work: Work) -> None:
    """Give the partnership its invented name and addresses."""
    partnership = found_partnership(work)
    for name, value in ROWAN_VALLEY.items():
        setattr(partnership, name, value)
    work.record("demonstration loaded", partnership)
