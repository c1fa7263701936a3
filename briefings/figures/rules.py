"""Sums of what was sent, discussed and changed, and how small numbers of people are said. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from briefings.cascade.rules import Rag
from lms.kit.small_numbers import protect

SENT = "People whom a briefing was sent to: a copy left for them, or waits to leave. Each person once a briefing."
DELIVERED = "People whose copy the mail server took. Nothing tells us whether they opened it."
BOUNCED = "People whose copy was refused, had no address that works, or was given up after three days."
ACKNOWLEDGED = "Agencies that said that they received it, of the agencies that were asked."
DISCUSSED = "Agencies in which at least one team discussed it, by their own return, of the agencies that were asked."
TEAMS = "Discussions in teams that were told: a date and a number of people each. The same told twice is one."
REACHED = (
    "People who took part in these discussions, as each team counted itself; of each agency at most as many as the "
    "briefing was meant for there."
)
AUDIENCE = "People of the agencies for whom the briefing was meant when it was sent."
CHANGES = "Changes that agencies recorded because of it, in their own words."


@dataclass(frozen=True)
class AgencyFigures:
    """One briefing at one agency, or the sum of several. Numbers of people are exact here."""

    agency_id: int
    agency: str
    sector: str
    is_asked: bool
    rag: Rag
    sent: int = 0
    delivered: int = 0
    bounced: int = 0
    waiting: int = 0
    is_acknowledged: bool = False
    teams: int = 0
    people: int = 0
    audience: int = 0
    changes: tuple[str, ...] = ()
    reminders: int = 0

    @property
    def reached(self) -> int:
        """People who discussed it, at most as many as it was meant for."""
        return min(self.people, self.audience) if self.audience else self.people


@dataclass(frozen=True)
class Sums:
    """The figures of several rows together."""

    name: str
    asked: int
    sent: int
    delivered: int
    bounced: int
    waiting: int
    acknowledged: int
    discussed: int
    no_return: int
    teams: int
    people: int
    audience: int
    changes: int
    changed_agencies: int


@dataclass(frozen=True)
class Said:
    """A row as it is shown: with numbers of people hidden where they are small, or would give a small one away."""

    sums: Sums
    people: int | None
    is_small: bool = False
    sent: int | None = None
    rows: tuple[AgencyFigures, ...] = field(default=())


def add_up(name: str, rows: Iterable[AgencyFigures]) -> Sums:
    """The sums over rows: people are added, agencies are counted."""
    those = list(rows)
    asked = [row for row in those if row.is_asked]
    return Sums(
        name=name,
        asked=len({row.agency_id for row in asked}),
        sent=sum(row.sent for row in those),
        delivered=sum(row.delivered for row in those),
        bounced=sum(row.bounced for row in those),
        waiting=sum(row.waiting for row in those),
        acknowledged=sum(1 for row in asked if row.is_acknowledged or row.teams),
        discussed=sum(1 for row in asked if row.teams),
        no_return=sum(1 for row in asked if row.rag is Rag.RED),
        teams=sum(row.teams for row in those),
        people=sum(row.reached for row in those),
        audience=sum(row.audience for row in asked),
        changes=sum(len(row.changes) for row in those),
        changed_agencies=len({row.agency_id for row in those if row.changes}),
    )


def by_sector(rows: Sequence[AgencyFigures], *, is_exact: bool) -> tuple[list[Said], int | None]:
    """Sums by sector, small numbers of people hidden unless the reader sees the rows behind; and the sum of people.

    The sum is None when telling it would tell a small number.
    """
    names = list(dict.fromkeys(row.sector for row in sorted(rows, key=lambda row: row.sector)))
    sums = [add_up(name, [row for row in rows if row.sector == name]) for name in names]
    protected, sent = protect([each.people for each in sums]), protect([each.sent for each in sums])
    said = [
        Said(
            each,
            None if place in protected.hidden and not is_exact else each.people,
            place in protected.small and not is_exact,
            None if place in sent.hidden and not is_exact else each.sent,
        )
        for place, each in enumerate(sums)
    ]
    total = sum(each.people for each in sums)
    return said, None if protected.is_total_hidden and not is_exact else total
