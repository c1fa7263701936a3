"""Who gave what, and how it weighs against what they used. An agency lead sees their own agencies."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from courses.figures.queries import facts_of
from courses.questions import ChargedTo
from golden_thread_in_kind.models import InKindContribution as Given
from golden_thread_in_kind.rules import Balance, Kind
from lms.frame.work import Work
from lms.kit.errors import NotFound
from lms.kit.figures import Period, ReportQuestion


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
    facts = facts_of(work.session, ReportQuestion(period, as_now=True))
    charged = work.ask(ChargedTo(period.from_on, period.to_on))
    sums: dict[int | None, Counter[str]] = defaultdict(Counter)
    for each in contributions(work, period):
        sums[facts.agencies[each.agency_id].id].update({each.kind: each.quantity, "worth": each.worth_pence})
    for agency_id, used in facts.by_agency_id.items():
        sums[facts.agencies[agency_id].id]["used"] += used.attendances + used.part_attended
    for agency_id, pence in (charged or {}).items():
        sums[facts.agencies[agency_id].id]["charged"] += pence
    place = pence_each(work, Kind.PLACES)
    return [
        Balance(name, of, of["worth"], of["used"], of["used"] * place, None if charged is None else of["charged"])
        for agency_id, name in sorted({(a.id, a.name) for a in facts.agencies.values() if a.id}, key=lambda a: a[1])
        if (of := sums[agency_id]) and (work.actor.may("in_kind.record") or agency_id in work.actor.leads_agency_ids)
    ]


def _may_see(work: Work) -> sa.ColumnElement[bool]:
    own = Given.agency_id.in_(work.actor.leads_agency_ids)
    return sa.true() if work.actor.may("in_kind.record") else own
