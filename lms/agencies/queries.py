"""Which agencies there are, as lists and pages need them."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased, selectinload

from lms.agencies.models import Agency, AgencyDomain, FormerAgencyName, RoleGroup, Sector
from lms.frame.folding import bears, finds
from lms.kit.errors import NotFound
from lms.kit.figures import ReportQuestion
from lms.kit.folding import words_typed
from lms.kit.pages import ROWS_ON_A_PAGE, PageOf

LONGEST_CHAIN = 20
"""Mergers after mergers that are followed; the rules refuse circles, this stops one that got in otherwise."""


@dataclass(frozen=True)
class AgencyRow:
    """A line of the list of agencies."""

    id: int
    code: str
    name: str
    sector: str
    closed_on: date | None
    successor: str | None


def agency_of(session: Session, agency_id: int) -> Agency:
    """An agency by its id. Raises NotFound."""
    found = session.get(Agency, agency_id)
    if found is None:
        raise NotFound("We cannot find that agency. Look for it in the list of agencies.")
    return found


def agency_by_code(session: Session, code: str) -> Agency | None:
    """An agency by its code."""
    return session.scalar(sa.select(Agency).where(Agency.code == code))


def names_on(session: Session, day: date) -> dict[int, str]:
    """What those agencies were called on a day that have another name by now."""
    former = (
        sa.select(FormerAgencyName.agency_id, FormerAgencyName.name)
        .where(FormerAgencyName.until_on >= day)
        .order_by(FormerAgencyName.until_on.desc(), FormerAgencyName.id.desc())
    )  # the one that ended first after the day comes last
    return {row.agency_id: row.name for row in session.execute(former)}


def owners_of(session: Session, domains: Collection[str]) -> dict[str, Agency]:
    """Which of these domains belongs to which agency."""
    found = session.scalars(
        sa.select(AgencyDomain).where(AgencyDomain.domain.in_(domains)).options(selectinload(AgencyDomain.agency))
    )
    return {each.domain: each.agency for each in found}


def sectors(session: Session) -> list[Sector]:
    """Every sector in the office's order."""
    return list(session.scalars(sa.select(Sector).order_by(Sector.position, Sector.name)))


def role_groups(session: Session) -> list[RoleGroup]:
    """Every role group in the office's order."""
    return list(session.scalars(sa.select(RoleGroup).order_by(RoleGroup.position, RoleGroup.name)))


def agency_choices(session: Session, *, also: int | None = None) -> list[tuple[int, str]]:
    """Open agencies by name, for a form; and the one that a record has now, even when it has closed."""
    wanted = sa.or_(Agency.closed_on.is_(None), Agency.id == also)
    rows = session.execute(sa.select(Agency.id, Agency.name, Agency.closed_on).where(wanted).order_by(Agency.name))
    return [(row.id, f"{row.name} (closed)" if row.closed_on else row.name) for row in rows]


def find_agencies(
    session: Session, *, words: str = "", sector_id: int | None = None, state: str = "open", number: int = 1
) -> PageOf[AgencyRow]:
    """A page of agencies by name. `words` look in names, former names, codes, domains; `state`: open, closed, all."""
    chosen = _chosen(words, sector_id, state)
    total = session.scalar(sa.select(sa.func.count()).select_from(Agency).where(*chosen)) or 0
    successor = aliased(Agency)
    rows = session.execute(
        sa.select(
            Agency.id,
            Agency.code,
            Agency.name,
            Sector.name.label("sector"),
            Agency.closed_on,
            successor.name.label("successor"),
        )
        .join(Sector, Agency.sector_id == Sector.id)
        .outerjoin(successor, Agency.successor_id == successor.id)
        .where(*chosen)
        .order_by(Agency.name, Agency.id)
        .limit(ROWS_ON_A_PAGE)
        .offset((number - 1) * ROWS_ON_A_PAGE)
    )
    return PageOf([AgencyRow(*row) for row in rows], total, number)


def _chosen(words: str, sector_id: int | None, state: str) -> list[sa.ColumnElement[bool]]:
    chosen: list[sa.ColumnElement[bool]] = []
    for word in words_typed(words):
        domains = sa.select(AgencyDomain.agency_id).where(bears(word, AgencyDomain.domain))
        formerly = sa.select(FormerAgencyName.agency_id).where(finds(word, FormerAgencyName.name_folded))
        chosen.append(
            sa.or_(
                finds(word, Agency.name_folded),
                bears(word, Agency.code),
                Agency.id.in_(domains),
                Agency.id.in_(formerly),
            )
        )
    if sector_id:
        chosen.append(Agency.sector_id == sector_id)
    if state in ("open", "closed"):
        chosen.append(Agency.closed_on.is_(None) if state == "open" else Agency.closed_on.is_not(None))
    return chosen


def successor_now(agency_id: int, successors: dict[int, int | None]) -> int:
    """The agency into which this one has merged in the end; itself when it has not."""
    for _ in range(LONGEST_CHAIN):
        successor = successors.get(agency_id)
        if successor is None:
            break
        agency_id = successor
    return agency_id


def agency_ids_of(session: Session, question: ReportQuestion) -> frozenset[int] | None:
    """Whose claims the question is about: None is everybody's. As now: the agency and all that merged into it."""
    if question.agency_id is None:
        return None
    if not question.as_now:
        return frozenset({question.agency_id})
    successors = {
        row.id: row.successor_id
        for row in session.execute(sa.select(Agency.id, Agency.successor_id).order_by(Agency.id))
    }
    return frozenset(each for each in successors if successor_now(each, successors) == question.agency_id)
