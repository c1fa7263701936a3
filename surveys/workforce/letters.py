"""The letter with an agency's link to a survey of its workforce."""

from datetime import datetime

from lms.kit.letters import Letter
from lms.kit.words import count, long_date
from lms.kit.working_days import end_of_day
from surveys.workforce.models import RoundLink, SurveyRound


def agency_link(found: SurveyRound, link: RoundLink, token: str, person_id: int, due_at: datetime) -> Letter:
    """To an agency lead on the first day: please pass the link on, and say how many it is for. `token` opens that."""
    return Letter(
        kind="surveys.workforce_link",
        key=f"surveys.workforce_link:{person_id}:{found.title}:{found.opens_on.isoformat()}:{link.agency.code}",
        person_id=person_id,
        due_at=due_at,
        can_wait=True,
        good_until=end_of_day(found.closes_on),
        context={
            "title": found.title,
            "agency": link.agency.name,
            "closes": long_date(found.closes_on),
            "secret": link.secret,
            "token": token,
            "staff": count(link.staff, "person", "people") if link.staff else "",
            "staff_on": long_date(link.staff_on) if link.staff_on else "",
        },
    )
