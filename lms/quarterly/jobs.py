"""Telling the quarter, fifteen days after it ended; nothing twice."""

from functools import partial

from lms.agencies.models import Agency
from lms.frame.plugins import Portion
from lms.frame.work import Work
from lms.jobs.models import JobState
from lms.kit.figures import Period
from lms.quarterly.letters import quarter_for_agency, quarter_for_group
from lms.quarterly.queries import group_members, leads_by_agency, page_of_agency, page_of_group
from lms.quarterly.rules import quarter_to_tell
from lms.quarterly.services import keep_quarter

TELL = "quarterly.tell_the_quarter"


def tell_the_quarter(work: Work) -> list[Portion]:
    """One letter to each of the sub-group, and to each lead about their agency, if anything happened there.

    An agency at a time: nobody who writes waits until the figures of all of them are reckoned.
    """
    state = work.session.get(JobState, TELL)
    period = quarter_to_tell(work.now, since=state.done_until if state is not None else work.now)
    if period is None:
        return []
    agencies = sorted(leads_by_agency(work.session))
    return [
        partial(_tell_group, period=period),
        *(partial(_tell_agency, period=period, agency_id=each) for each in agencies),
    ]


def _tell_group(work: Work, *, period: Period) -> None:
    members = group_members(work.session)
    if not members:
        return
    one = page_of_group(work, period)
    keep_quarter(work, one)
    for person_id in members:
        work.send(quarter_for_group(one, person_id))


def _tell_agency(work: Work, *, period: Period, agency_id: int) -> None:
    theirs = page_of_agency(work, work.session.get_one(Agency, agency_id), period)
    for person_id in () if theirs.is_empty else leads_by_agency(work.session).get(agency_id, ()):
        work.send(quarter_for_agency(theirs, agency_id, person_id))
