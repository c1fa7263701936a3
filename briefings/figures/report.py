"""Briefings in the yearly report: sent, delivered, bounced, acknowledged, discussed, changed; by sector and agency."""

from collections.abc import Mapping

from briefings.figures import rules
from briefings.figures.queries import Scope, figures_of, titles_of
from briefings.figures.rules import AgencyFigures, add_up, by_sector
from lms.frame.plugins import ReportPart, ReportSection
from lms.frame.work import Work
from lms.kit.figures import Cell, Figure, FigureTable, Question, SectionContent, count, rate
from lms.kit.small_numbers import is_small, protect
from lms.kit.working_days import london_date

COLUMNS = {
    "sent": "Sent",
    "delivered": "Delivered",
    "bounced": "Bounced",
    "asked": "Agencies asked",
    "acknowledged": "Acknowledged",
    "discussed": "Discussed",
    "teams": "Teams",
    "people": "People",
    "changes": "Changes",
}
NOTE = "Sent, delivered and bounced count people; acknowledged and discussed count agencies, by their own return."


def gather(work: Work, question: Question) -> SectionContent:
    """What was sent and told in the period. Programs, and whoever reads the report, never see what is under embargo."""
    agency_ids = None if question.agency_id is None else [question.agency_id]
    scope = Scope(None, agency_ids, question.period.from_on, question.period.to_on)
    found = figures_of(work.session, work.actor, scope, london_date(work.now))
    titles = {each.briefing_id: each.title for each in titles_of(work.session, work.actor)}
    rows = [row for those in found.values() for row in those]
    _, reached = by_sector(rows, is_exact=False)
    sums = add_up("All", rows)
    figures = (
        count("briefings_sent", "Briefings sent", len([1 for those in found.values() if add_up("", those).sent]), SENT),
        _unless_small("briefing_recipients", "People sent a briefing", sums.sent, sums.sent, rules.SENT),
        _unless_small("briefings_delivered", "Delivered", sums.delivered, sums.bounced, rules.DELIVERED),
        _unless_small("briefings_bounced", "Bounced", sums.bounced, sums.bounced, rules.BOUNCED),
        rate("briefings_acknowledged", "Acknowledged", sums.acknowledged, asked(rows), rules.ACKNOWLEDGED),
        rate("briefings_discussed", "Discussed in a team", sums.discussed, asked(rows), rules.DISCUSSED),
        count("briefing_discussions", "Discussions in teams", sums.teams, rules.TEAMS),
        _people(reached, sums.audience),
        count("briefing_changes", "Changes recorded", sums.changes, rules.CHANGES),
    )
    tables = (
        _table("briefings_by_briefing", "By briefing", {titles[k]: v for k, v in found.items() if k in titles}),
        _table("briefings_by_sector", "By sector", _grouped(rows, lambda row: row.sector)),
        _table("briefings_by_agency", "By agency", _grouped(rows, lambda row: row.agency)),
    )
    return SectionContent(figures=figures, tables=tables)


SENT = "Briefings of which a copy went to somebody in the period."


def asked(rows: list[AgencyFigures]) -> int:
    """How often an agency was asked: once for each briefing."""
    return sum(1 for row in rows if row.is_asked)


def _unless_small(name: str, title: str, number: int, tells: int, definition: str) -> Figure:
    """A number of people, hidden when it, or the other one that it would tell, is small."""
    if is_small(tells):
        return Figure(name, title, None, definition, "fewer than 5" if is_small(number) else "hidden")
    return count(name, title, number, definition)


def _people(reached: int | None, audience: int) -> Figure:
    if reached is None:
        return Figure("briefing_reach", "People who discussed one", None, rules.REACHED, "hidden")
    return rate("briefing_reach", "People who discussed one", reached, audience, rules.REACHED)


def _grouped(rows: list[AgencyFigures], name: "object") -> dict[str, list[AgencyFigures]]:
    found: dict[str, list[AgencyFigures]] = {}
    for row in rows:
        found.setdefault(name(row), []).append(row)  # type: ignore[operator]
    return dict(sorted(found.items()))


def _table(name: str, title: str, groups: Mapping[str, list[AgencyFigures]]) -> FigureTable:
    """Rows with small numbers of people hidden; those who were sent something are people too."""
    sums = [add_up(each, rows) for each, rows in groups.items()]
    people, sent = protect([each.people for each in sums]), protect([each.sent for each in sums])
    bounced = protect([each.bounced for each in sums])

    def hidden(number: int, place: int, small: frozenset[int], those: frozenset[int]) -> Cell:
        return number if place not in those else "fewer than 5" if place in small else "hidden"

    rows: list[dict[str, Cell]] = []
    for place, each in enumerate(sums):
        is_told = place not in sent.hidden and place not in bounced.hidden
        rows.append(
            {
                "name": each.name,
                "sent": hidden(each.sent, place, sent.small, sent.hidden),
                "delivered": each.delivered if is_told else "hidden",
                "bounced": each.bounced if is_told else "hidden",
                "asked": sum(1 for row in groups[each.name] if row.is_asked),
                "acknowledged": each.acknowledged,
                "discussed": each.discussed,
                "teams": each.teams,
                "people": hidden(each.people, place, people.small, people.hidden),
                "changes": each.changes,
            }
        )
    return FigureTable(name, title, {"name": title.removeprefix("By ").capitalize(), **COLUMNS}, tuple(rows), NOTE)


SECTION = ReportSection("briefings.cascade", "Briefings and their cascade", ReportPart.HOW_MUCH, 60, gather)
