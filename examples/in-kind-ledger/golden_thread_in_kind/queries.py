"""Who gave what, and how it weighs against what they used. An agency lead sees their own agencies."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from courses.booking.bookings.models import Booking
from courses.booking.bookings.rules import THERE
from courses.programme.events.models import Event
from courses.questions import ChargedTo
from golden_thread_in_kind.models import InKindContribution as Given
from golden_thread_in_kind.rules import Balance, Kind
from lms.agencies.models import Agency
from lms.agencies.queries import successor_now
from lms.frame.work import Work
from lms.kit.errors import NotFound
from lms.kit.figures import Period
from lms.reports.rules import moments_of


def pence_each(work: Work, kind: Kind) -> int:
    """What the partnership reckons one of a kind at."""
    return 100 * int(work.setting(f"in_kind.pounds_for_{kind}"))


def contributions(work: Work, period: Period) -> Sequence[Given]:
    """What was given in a period, the latest first."""
    asked = sa.select(Given).where(Given.given_on.between(period.from_on, period.to_on), _may_see(work))
    asked = asked.options(joinedload(Given.agency), joinedload(Given.person))
    return work.session.scalars(asked.order_by(Given.given_on.desc(), Given.id.desc())).all()


def contribution_of(work: Work, contribution_id: int) -> Given:
    """One of them. Raises NotFound for another agency's."""
    found = work.session.scalar(sa.select(Given).where(Given.id == contribution_id, _may_see(work)))
    if found is None:
        raise NotFound("There is no such contribution. Choose one from the list.")
    return found


def trained_by(work: Work, person_id: int) -> tuple[float, date | None]:
    """How many days somebody gave, and the latest."""
    asked = sa.select(sa.func.sum(Given.quantity), sa.func.max(Given.given_on)).where(Given.person_id == person_id)
    half_days, latest = work.session.execute(asked).one()
    return (half_days or 0) / 2, latest


def balances(work: Work, period: Period) -> list[Balance]:
    """Agencies by name, as they are now: what each gave, the places it used, and its charges where there are any."""
    agencies = {each.id: each for each in work.session.scalars(sa.select(Agency))}
    successors = {each.id: each.successor_id for each in agencies.values()}
    charged = work.ask(ChargedTo(period.from_on, period.to_on))
    sums: dict[int, Counter[str]] = defaultdict(Counter)
    for each in contributions(work, period):
        sums[successor_now(each.agency_id, successors)].update({each.kind: each.quantity, "worth": each.worth_pence})
    for what, by_agency in (("used", _places_used(work, period)), ("charged", charged or {})):
        for agency_id, number in by_agency.items():
            sums[successor_now(agency_id, successors)][what] += number
    place = pence_each(work, Kind.PLACES)
    return [
        Balance(
            agency.name, of, of["worth"], of["used"], of["used"] * place, None if charged is None else of["charged"]
        )
        for agency in sorted(agencies.values(), key=lambda each: each.name)
        if (of := sums[agency.id]) and (work.actor.may("in_kind.record") or agency.id in work.actor.leads_agency_ids)
    ]


def _places_used(work: Work, period: Period) -> dict[int, int]:
    """Places in which somebody sat, by the agency of the booking."""
    since, until = moments_of(period.from_on, period.to_on)
    asked = sa.select(Booking.agency_id, sa.func.count()).join(Booking.event).group_by(Booking.agency_id)
    came = asked.where(Booking.outcome.in_(THERE), Event.starts_at >= since, Event.starts_at < until)
    return {agency_id: number for agency_id, number in work.session.execute(came) if agency_id is not None}


def _may_see(work: Work) -> sa.ColumnElement[bool]:
    own = Given.agency_id.in_(work.actor.leads_agency_ids)
    return sa.true() if work.actor.may("in_kind.record") else own
