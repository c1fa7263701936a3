"""Briefings in the yearly report: sent, delivered, bounced, acknowledged, discussed, changed; by sector and agency."""

from collections.abc import Mapping
from dataclasses import replace

from briefings.returns import rules
from briefings.returns.queries import CascadeScope, figures_of, titles_of
from briefings.returns.rules import AgencyFigures, add_up
from lms.frame.plugins import ReportPart, ReportSection
from lms.frame.work import Work
from lms.kit.figures import Cell, Figure, FigureTable, ReportQuestion, SectionContent, count, hidden, rate
from lms.kit.telling.lines import others_named
from lms.kit.telling.numbers import Told
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


def gather(work: Work, question: ReportQuestion) -> SectionContent:
    """What was sent and told in the period. Programs, and whoever reads the report, never see what is under embargo."""
    agency_ids = None if question.agency_id is None else [question.agency_id]
    scope = CascadeScope(None, agency_ids, question.period.from_on, question.period.to_on, question.as_now)
    found = figures_of(work.session, work.actor, scope, london_date(work.now))
    titles = {each.briefing_id: each.title for each in titles_of(work.session, work.actor)}
    rows = [row for those in found.values() for row in those]
    numbers = rules.numbers_told(found, is_exact=False)
    everybody = rules.EVERYBODY
    sums = add_up("All", rows)
    figures = (
        count("briefings_sent", "Briefings sent", len([1 for those in found.values() if add_up("", those).sent]), SENT),
        _of_people("briefing_recipients", "People sent a briefing", numbers.sent[everybody], rules.SENT),
        _of_people("briefings_delivered", "Delivered", numbers.delivered(everybody, sums.delivered), rules.DELIVERED),
        _of_people("briefings_bounced", "Bounced", numbers.bounced[everybody], rules.BOUNCED),
        rate("briefings_acknowledged", "Acknowledged", sums.acknowledged, asked(rows), rules.ACKNOWLEDGED),
        rate("briefings_discussed", "Discussed in a team", sums.discussed, asked(rows), rules.DISCUSSED),
        count("briefing_discussions", "Discussions in teams", sums.teams, rules.TEAMS),
        _reach(numbers.people[everybody], sums.audience),
        count("briefing_changes", "Changes recorded", sums.changes, rules.CHANGES),
    )
    tables = (
        _table(
            "briefings_by_briefing",
            "By briefing",
            numbers,
            {rules.briefing(k): (titles[k], list(v)) for k, v in found.items() if k in titles},
        ),
        _table(
            "briefings_by_sector",
            "By sector",
            numbers,
            _by_sector(rows),
        ),
        _table(
            "briefings_by_agency",
            "By agency",
            numbers,
            _by_agency(rows, numbers.lines),
        ),
    )
    return SectionContent(figures=figures, tables=tables)


SENT = "Briefings of which a copy went to somebody in the period."


def asked(rows: list[AgencyFigures]) -> int:
    """How often an agency was asked: once for each briefing."""
    return sum(1 for row in rows if row.is_asked)


def _of_people(name: str, title: str, number: Told, definition: str) -> Figure:
    if number.number is None:
        return replace(hidden(name, title, definition, is_small=False), shown=number.shown)
    return count(name, title, number.number, definition)


def _reach(reached: Told, audience: int) -> Figure:
    if reached.number is None:
        return _of_people("briefing_reach", "People who discussed one", reached, rules.REACHED)
    return rate("briefing_reach", "People who discussed one", reached.number, audience, rules.REACHED)


Groups = Mapping[rules.Kind, tuple[str, list[AgencyFigures]]]


def _by_sector(rows: list[AgencyFigures]) -> Groups:
    found: dict[rules.Kind, tuple[str, list[AgencyFigures]]] = {}
    for row in sorted(rows, key=lambda row: row.sector):
        found.setdefault(rules.sector(row.sector), (row.sector, []))[1].append(row)
    return found


def _by_agency(rows: list[AgencyFigures], lines: Mapping[rules.Stamp, rules.Kind]) -> Groups:
    """Agencies by name, then the small ones of each sector together."""
    found: dict[rules.Kind, list[AgencyFigures]] = {}
    for row in sorted(rows, key=lambda row: (lines[row.stamp][0], row.agency, row.sector)):
        found.setdefault(lines[row.stamp], []).append(row)
    return {kind: (_line_name(kind, those), those) for kind, those in found.items()}


def _line_name(kind: rules.Kind, rows: list[AgencyFigures]) -> str:
    if kind == rules.agency(rows[0].stamp):
        return rows[0].agency
    number = len({row.agency_id for row in rows})
    return f"{others_named(number, 'agency', 'agencies')}: {rows[0].sector}"


def _table(name: str, title: str, numbers: rules.Numbers, groups: Groups) -> FigureTable:
    rows: list[dict[str, Cell]] = []
    for kind, (group, those) in groups.items():
        each = add_up(group, those)
        rows.append(
            {
                "name": each.name,
                "sent": numbers.sent[kind].cell,
                "delivered": numbers.delivered(kind, each.delivered).cell,
                "bounced": numbers.bounced[kind].cell,
                "asked": sum(1 for row in those if row.is_asked),
                "acknowledged": each.acknowledged,
                "discussed": each.discussed,
                "teams": each.teams,
                "people": numbers.people[kind].cell,
                "changes": each.changes,
            }
        )
    return FigureTable(name, title, {"name": title.removeprefix("By ").capitalize(), **COLUMNS}, tuple(rows), NOTE)


SECTION = ReportSection("briefings.cascade", "Briefings and their cascade", ReportPart.HOW_MUCH, 60, gather)
