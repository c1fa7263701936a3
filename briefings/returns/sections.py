"""Briefings in the yearly report: sent, delivered, bounced, acknowledged, discussed, changed; by sector and agency."""

from collections.abc import Mapping
from dataclasses import replace

from briefings.returns import rules
from briefings.returns.queries import CascadeScope, figures_of, titles_of
from briefings.returns.rules import AgencyFigures, add_up
from briefings.returns.telling import rules as telling
from briefings.returns.telling.rules import YEAR
from lms.frame.plugins import ReportPart, ReportSection
from lms.frame.work import Work
from lms.kit.figures import Cell, Figure, FigureTable, ReportQuestion, SectionContent, count, rate, told_count
from lms.kit.telling.lines import others_named
from lms.kit.telling.numbers import Told
from lms.kit.working_days import london_date
from lms.reports.queries import kept_before, sees_rows
from lms.reports.rules import financial_year, financial_year_of, place_in_year, quarters_of

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


NAME = "briefings.cascade"


def gather(work: Work, question: ReportQuestion) -> SectionContent:
    """What was sent and told in the period. Programs, and whoever reads the report, never see what is under embargo."""
    found = _found(work, question)
    if sees_rows(work.actor, question):
        return _content(work, found, telling.numbers_told(found, is_exact=False), YEAR)
    year = replace(question, period=financial_year(financial_year_of(question.period.from_on)))
    quarters = [_found(work, replace(question, period=each)) for each in quarters_of(year.period)]
    earlier = telling.told_before(kept_before(work.session, NAME, year.period))
    numbers = telling.numbers_told(_found(work, year), is_exact=False, quarters=quarters, earlier=earlier)
    return _content(work, found, numbers, place_in_year(question.period))


def _found(work: Work, question: ReportQuestion) -> dict[int, list[AgencyFigures]]:
    agency_ids = None if question.agency_id is None else [question.agency_id]
    scope = CascadeScope(None, agency_ids, question.period.from_on, question.period.to_on, question.as_now)
    return figures_of(work.session, work.actor, scope, london_date(work.now))


def _content(work: Work, found: telling.Found, numbers: telling.Numbers, quarter: int) -> SectionContent:
    """What a year, a quarter or other dates say. Lines are told of a year: cut both ways, most would be too small."""
    rows = [row for those in found.values() for row in those]
    sums = add_up("All", rows)
    told = {what: numbers.of(what, telling.EVERYBODY, quarter) for what in telling.COUNTED}
    figures = (
        count("briefings_sent", "Briefings sent", len([1 for those in found.values() if add_up("", those).sent]), SENT),
        told_count("briefing_recipients", "People sent a briefing", told["sent"], rules.SENT),
        told_count("briefings_delivered", "Delivered", told["delivered"], rules.DELIVERED),
        told_count("briefings_bounced", "Bounced", told["bounced"], rules.BOUNCED),
        rate("briefings_acknowledged", "Acknowledged", sums.acknowledged, asked(rows), rules.ACKNOWLEDGED),
        rate("briefings_discussed", "Discussed in a team", sums.discussed, asked(rows), rules.DISCUSSED),
        count("briefing_discussions", "Discussions in teams", sums.teams, rules.TEAMS),
        _reach(told["people"], sums.audience),
        count("briefing_changes", "Changes recorded", sums.changes, rules.CHANGES),
    )
    tables = _tables(work, found, numbers) if quarter == YEAR else ()
    return SectionContent(figures, tables, numbers.kept_of(quarter))


def _tables(work: Work, found: telling.Found, numbers: telling.Numbers) -> tuple[FigureTable, ...]:
    titles = {each.briefing_id: each.title for each in titles_of(work.session, work.actor)}
    rows = [row for those in found.values() for row in those]
    of_briefings = {telling.briefing(k): (titles[k], list(v)) for k, v in found.items() if k in titles}
    return (
        _table("briefings_by_briefing", "By briefing", numbers, of_briefings),
        _table("briefings_by_sector", "By sector", numbers, _by_sector(rows)),
        _table("briefings_by_agency", "By agency", numbers, _by_agency(rows, numbers.lines)),
    )


SENT = "Briefings of which a copy went to someone in the period."


def asked(rows: list[AgencyFigures]) -> int:
    """How often an agency was asked: once for each briefing."""
    return sum(1 for row in rows if row.is_asked)


def _reach(reached: Told, audience: int) -> Figure:
    name, title = "briefing_reach", "People who discussed one"
    if reached.number is None:
        return told_count(name, title, reached, rules.REACHED)
    return rate(name, title, reached.number, audience, rules.REACHED)


Groups = Mapping[telling.Kind, tuple[str, list[AgencyFigures]]]


def _by_sector(rows: list[AgencyFigures]) -> Groups:
    found: dict[telling.Kind, tuple[str, list[AgencyFigures]]] = {}
    for row in sorted(rows, key=lambda row: row.sector):
        found.setdefault(telling.sector(row.sector), (row.sector, []))[1].append(row)
    return found


def _by_agency(rows: list[AgencyFigures], lines: Mapping[telling.Stamp, telling.Kind]) -> Groups:
    """Agencies by name, then the small ones of each sector together."""
    found: dict[telling.Kind, list[AgencyFigures]] = {}
    for row in sorted(rows, key=lambda row: (lines[row.stamp][0], row.agency, row.sector)):
        found.setdefault(lines[row.stamp], []).append(row)
    return {kind: (_line_name(kind, those), those) for kind, those in found.items()}


def _line_name(kind: telling.Kind, rows: list[AgencyFigures]) -> str:
    if kind == telling.agency(rows[0].stamp):
        return rows[0].agency
    number = len({row.agency_id for row in rows})
    return f"{others_named(number, 'agency', 'agencies')}: {rows[0].sector}"


def _table(name: str, title: str, numbers: telling.Numbers, groups: Groups) -> FigureTable:
    rows: list[dict[str, Cell]] = []
    for kind, (group, those) in groups.items():
        each = add_up(group, those)
        rows.append(
            {
                "name": each.name,
                "sent": numbers.of("sent", kind).cell,
                "delivered": numbers.of("delivered", kind).cell,
                "bounced": numbers.of("bounced", kind).cell,
                "asked": sum(1 for row in those if row.is_asked),
                "acknowledged": each.acknowledged,
                "discussed": each.discussed,
                "teams": each.teams,
                "people": numbers.of("people", kind).cell,
                "changes": each.changes,
            }
        )
    return FigureTable(name, title, {"name": title.removeprefix("By ").capitalize(), **COLUMNS}, tuple(rows), NOTE)


SECTION = ReportSection(NAME, "Briefings and their cascade", ReportPart.HOW_MUCH, 60, gather)
