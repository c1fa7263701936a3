"""Somebody is here again."""

from courses.booking.leaving.services import tell_returner
from lms.frame.work import Work
from lms.people.facts import PersonCameBack


def tell_who_is_back(work: Work, fact: PersonCameBack) -> None:
    """What was kept from them while they were gone."""
    tell_returner(work, fact.person_id)
