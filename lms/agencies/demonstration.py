"""The demonstration's sectors, agencies and role groups: a merger, a new name and some exempt charities among them."""

import sqlalchemy as sa

from lms.agencies.models import Agency, AgencyDomain, FormerAgencyName, RoleGroup, Sector
from lms.frame.demonstration import Row, read_rows
from lms.frame.work import Work
from lms.kit.working_days import add_months, london_date

SECTORS = (
    "Police",
    "Local authority",
    "Children’s trust",
    "Health",
    "Education",
    "Early years",
    "Voluntary and community",
    "Probation",
    "Other",
)
ROLE_GROUPS = (
    "Health visiting and midwifery",
    "School or college staff",
    "Social work",
    "Police",
    "Early years",
    "Charity or volunteer",
    "GPs and practice nurses",
    "Hospital and ambulance staff",
    "Mental health",
    "Drug and alcohol services",
    "Domestic abuse services",
    "Family support and early help",
    "Youth work and youth justice",
    "Probation",
    "Housing",
    "Council and community services",
    "Foster carers",
    "Designated safeguarding leads",
    "Managers and supervisors",
)


def load(work: Work) -> None:
    """Add the sectors, role groups and agencies, using those that are there already."""
    sectors = _sectors(work)
    _role_groups(work)
    rows = agency_rows()
    agencies = {row["code"]: _agency(work, row, sectors[row["sector"]]) for row in rows}
    work.session.add_all(agencies.values())
    work.session.flush()
    for row in rows:
        if row["successor_code"]:
            agencies[row["code"]].successor = agencies[row["successor_code"]]
    work.session.flush()


def agency_rows() -> list[Row]:
    """The agencies as they are written down, with how many people each has and what kind of place it is."""
    return read_rows(__file__)


def _sectors(work: Work) -> dict[str, Sector]:
    there = {sector.name: sector for sector in work.session.scalars(sa.select(Sector).order_by(Sector.id))}
    new = [Sector(name=name, position=at * 10) for at, name in enumerate(SECTORS, 1) if name not in there]
    work.session.add_all(new)
    return there | {sector.name: sector for sector in new}


def _role_groups(work: Work) -> None:
    there = set(work.session.scalars(sa.select(RoleGroup.name).order_by(RoleGroup.id)))
    new = [RoleGroup(name=name, position=at * 10) for at, name in enumerate(ROLE_GROUPS, 1) if name not in there]
    work.session.add_all(new)


def _agency(work: Work, row: Row, sector: Sector) -> Agency:
    """An agency of the table. What changed did so a number of months before today."""
    today = london_date(work.now)
    changed_on = add_months(today, -int(row["months_since_change"])) if row["months_since_change"] else None
    domain = row["email_domain"]
    agency = Agency(
        code=row["code"],
        name=row["name"],
        sector=sector,
        charge_email=f"finance@{domain}" if domain and row["exempt"] == "no" else "",
        is_exempt=row["exempt"] == "yes",
        opened_on=add_months(today, -96),
        closed_on=changed_on if row["successor_code"] else None,
        domains=[AgencyDomain(domain=domain)] if domain else [],
    )
    if row["former_name"] and changed_on:
        agency.former_names.append(FormerAgencyName(name=row["former_name"], until_on=changed_on))
    return agency
