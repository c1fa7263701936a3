"""Sums of what was sent, discussed and changed. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass

from briefings.cascade.rules import CascadeRag

SENT = "People a briefing was sent to: a copy left for them, or is waiting to leave. Each person once a briefing."
DELIVERED = "People whose copy the mail server took. Nothing tells us whether they opened it."
BOUNCED = "People whose copy was refused, had no address that works, or was given up after three days."
ACKNOWLEDGED = "Agencies that said that they received it, of the agencies that were asked."
DISCUSSED = "Agencies in which at least one team discussed it, by their own return, of the agencies that were asked."
TEAMS = "Discussions in teams that were told: a date and a number of people each. The same told twice is one."
REACHED = (
    "People who took part in these discussions, as each team counted itself; of each agency at most as many as the "
    "briefing was meant for there."
)
CHANGES = "Changes that agencies recorded because of it, in their own words."


@dataclass(frozen=True)
class AgencyFigures:
    """One briefing at one agency, or the sum of several. Numbers of people are exact here."""

    agency_id: int
    agency: str
    sector: str
    is_asked: bool
    rag: CascadeRag
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
    def stamp(self) -> tuple[int, str]:
        """The agency in the sector that it was of: one that moved is two lines, each with one sector above it."""
        return (self.agency_id, self.sector)

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
        no_return=sum(1 for row in asked if row.rag is CascadeRag.RED),
        teams=sum(row.teams for row in those),
        people=sum(row.reached for row in those),
        audience=sum(row.audience for row in asked),
        changes=sum(len(row.changes) for row in those),
        changed_agencies=len({row.agency_id for row in those if row.changes}),
    )
