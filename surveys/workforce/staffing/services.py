"""Saying how many people a round is for: until its results are out."""

from collections.abc import Mapping

from lms.frame.locks import lock_row
from lms.frame.work import Work
from lms.kit.working_days import london_date
from surveys.workforce.models import RoundLink, SurveyRound
from surveys.workforce.staffing.rules import check_staff


def say_staff(work: Work, link: RoundLink, staff: int | None) -> None:
    """How many people of an agency a round is for: as its lead or the office says, until the results are out."""
    lock_row(work.session, SurveyRound, link.round_id)
    said = check_staff(staff, is_let_out=link.round.let_out_at is not None)
    link.staff, link.staff_on = said, london_date(work.now)
    work.record("workforce of an agency said", link.round, agency_id=link.agency_id, staff=said)


def say_staff_of(work: Work, found: SurveyRound, said: Mapping[int, int | None]) -> int:
    """What the office types, by agency. How many of them are new: who says the same or nothing changes nothing."""
    changed = [
        (link, staff) for link in found.links if (staff := said.get(link.agency_id)) is not None and staff != link.staff
    ]
    for link, staff in changed:
        say_staff(work, link, staff)
    return len(changed)
