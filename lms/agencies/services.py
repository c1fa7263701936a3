"""Agencies: add, describe, close, merge into a successor."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import object_session
from sqlalchemy.orm.attributes import flag_modified

from lms.agencies.facts import AgencyMerged
from lms.agencies.models import Agency, AgencyDomain, FormerAgencyName, Sector
from lms.agencies.queries import agency_by_code, owners_of
from lms.agencies.rules import check_days, check_successor, clean_code, clean_domains
from lms.frame.work import Work
from lms.kit.addresses import clean_address
from lms.kit.errors import Invalid
from lms.kit.names import read_name
from lms.kit.working_days import london_date


@dataclass(frozen=True)
class AgencyDetails:
    """What a coordinator says about an agency."""

    name: str
    sector: Sector
    domains: tuple[str, ...] = ()
    charge_email: str = ""
    is_exempt: bool = False
    opened_on: date | None = None


def add_agency(work: Work, code: str, details: AgencyDetails) -> Agency:
    """Add an agency under a code that no other has."""
    code = clean_code(code)
    if agency_by_code(work.session, code):
        raise Invalid(f"There is already an agency with the code {code}. Choose another code.", field="code")
    agency = Agency(code=code, name=details.name, sector=details.sector)
    work.session.add(agency)
    _describe(work, agency, details)
    work.record("agency added", agency, code=code, name=agency.name)
    return agency


def change_agency(work: Work, agency: Agency, details: AgencyDetails, *, renamed_on: date | None = None) -> Agency:
    """Describe an agency anew. With `renamed_on` the old name is kept as a former one; without, it was a slip."""
    was = {"name": agency.name, "sector": agency.sector.name, "domains": [each.domain for each in agency.domains]}
    if renamed_on and details.name != agency.name:
        keep_former_name(work, agency, renamed_on)
    _describe(work, agency, details)
    work.record("agency changed", agency, before=was)
    return agency


def keep_former_name(work: Work, agency: Agency, until: date) -> None:
    """Remember what an agency was called until a day."""
    work.session.add(FormerAgencyName(agency_id=agency.id, name=agency.name, until_on=until))


def set_domains(agency: Agency, domains: list[str], owners: dict[str, Agency], *, field: str = "domains") -> None:
    """Give an agency these email domains. `owners` holds who has which now; one domain belongs to one agency."""
    for domain in domains:
        owner = owners.get(domain)
        if owner is not None and owner is not agency:
            raise Invalid(f"{domain} belongs to {owner.name}. Delete it there first.", field=field)
    kept = {each.domain: each for each in agency.domains}
    for domain in kept.keys() - set(domains):
        owners.pop(domain, None)
    if kept.keys() != set(domains) and agency in (object_session(agency) or ()):
        flag_modified(agency, "name")  # so that the agency's row says when this changed
    agency.domains = [kept.get(domain) or AgencyDomain(domain=domain) for domain in sorted(domains)]
    owners.update(dict.fromkeys(domains, agency))


def close_agency(work: Work, agency: Agency, *, on: date) -> None:
    """It closed on a day. Its people and past bookings stay as they are."""
    check_days(agency.opened_on, on)
    agency.closed_on = on
    work.record("agency closed", agency, on=on)


def reopen_agency(work: Work, agency: Agency) -> None:
    """It did not close after all, and nobody succeeds it."""
    agency.closed_on, agency.successor = None, None
    work.record("agency reopened", agency)


def merge_agency(work: Work, agency: Agency, successor: Agency, *, on: date, move_people: bool) -> Agency:
    """Close an agency in favour of a successor, to which its people move if wanted. Past bookings keep the old one."""
    check_days(agency.opened_on, on)
    check_successor(agency, successor, closed_on=on, field="successor")
    if successor.closed_on is not None:
        raise Invalid(f"{successor.name} has closed too. Choose an agency that is open.", field="successor")
    agency.closed_on, agency.successor = on, successor
    work.record("agency merged", agency, successor=successor.code, on=on)
    work.tell(AgencyMerged(agency.id, successor.id, moves_people=move_people))
    return agency


def _describe(work: Work, agency: Agency, details: AgencyDetails) -> None:
    check_days(details.opened_on, agency.closed_on)
    domains = clean_domains(details.domains)
    agency.name = read_name(details.name)
    agency.sector = details.sector
    agency.charge_email = clean_address(details.charge_email, field="charge_email")
    agency.is_exempt = details.is_exempt
    agency.opened_on = details.opened_on
    set_domains(agency, domains, owners_of(work.session, domains))
    work.session.flush()


def today(work: Work) -> date:
    """The day on a calendar in London."""
    return london_date(work.now)
