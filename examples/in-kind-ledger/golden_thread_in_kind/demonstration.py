"""Invented gifts, the same at every loading."""

from datetime import timedelta
from itertools import islice

from courses.programme.events.queries import trainers_to_choose
from golden_thread_in_kind.models import InKindContribution
from golden_thread_in_kind.rules import Kind
from lms.agencies.queries import agency_choices
from lms.frame.work import Work
from lms.kit.working_days import london_date

GIFTS = (
    (Kind.TRAINER, 4, "Neglect: what we see and miss", 70_000),
    (Kind.ROOM, 3, "The hall at Ashbeck Centre", 36_000),
    (Kind.TRAINER, 1, "Working together, refresher", 17_500),
    (Kind.PLACES, 12, "Contextual safeguarding, the agency’s own day", 72_000),
)


def load(work: Work) -> None:
    """Each by another agency."""
    trainers: list[int | None] = [person_id for person_id, _ in trainers_to_choose(work.session)]
    agencies = islice(agency_choices(work.session), len(GIFTS))
    for number, ((kind, quantity, what, pence), (agency_id, _)) in enumerate(zip(GIFTS, agencies, strict=False)):
        given = InKindContribution(ref=f"IK-{number}", agency_id=agency_id, kind=kind, quantity=quantity, what=what)
        given.person_id = trainers[number % len(trainers)] if kind is Kind.TRAINER and trainers else None
        given.given_on, given.worth_pence = london_date(work.now) - timedelta(days=20 * number + 5), pence
        work.session.add(given)
    work.session.flush()
