"""What a year's charges come to under the terms of the bookings, and what they would be under a draft. Reads only."""

from dataclasses import dataclass, replace
from datetime import date, time, timedelta

from sqlalchemy.orm import Session

from charges.claims.queries import told
from charges.claims.rules import Assessment, assess, under
from courses.booking.bookings.models import Booking
from courses.programme.events.models import Event
from courses.programme.events.rules import EventState
from lms.kit.working_days import add_months, wall_time
from lms.policies.rules import Policy


@dataclass(frozen=True)
class ReplayRow:
    """An agency: charges and pence under its bookings' own terms, and under the draft."""

    agency: str
    number: int = 0
    pence: int = 0
    draft_number: int = 0
    draft_pence: int = 0

    @property
    def difference(self) -> int:
        return self.draft_pence - self.pence

    def with_charges(self, own: Assessment, draft: Assessment) -> "ReplayRow":
        """Counted on by a booking's charges."""
        return replace(
            self,
            number=self.number + len(own.lines),
            pence=self.pence + own.pence,
            draft_number=self.draft_number + len(draft.lines),
            draft_pence=self.draft_pence + draft.pence,
        )


@dataclass(frozen=True)
class Replay:
    """The whole: its agencies by name, and together."""

    rows: list[ReplayRow]
    together: ReplayRow


def last_year(today: date) -> tuple[date, date]:
    """The twelve months up to today."""
    return add_months(today, -12), today


def replayed(session: Session, draft: Policy, from_day: date, to_day: date) -> Replay:
    """Every booking of the delivered events of a period by the same rules twice. History counts like the rest."""
    since = wall_time(from_day, time(0, 0))
    until = wall_time(to_day + timedelta(days=1), time(0, 0))
    bookings = told(
        session,
        Event.state == EventState.DELIVERED,
        Event.starts_at >= since,
        Event.starts_at < until,
        Booking.confirmed_at.is_not(None),
    )
    rows: dict[int, ReplayRow] = {}
    together = ReplayRow("Together")
    for each in bookings:
        own, other = each.assessment, assess(under(each.claim, each.policy, draft), draft, 0)
        if each.booking.agency is None or not (own.lines or other.lines):
            continue
        row = rows.setdefault(each.booking.agency.id, ReplayRow(each.booking.agency.name))
        rows[each.booking.agency.id] = row.with_charges(own, other)
        together = together.with_charges(own, other)
    return Replay(sorted(rows.values(), key=lambda row: row.agency), together)
