"""Cascades as pages need them: of a lead's agencies, of a briefing, and a delegate's own marks."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload, selectinload

from briefings.cascade.models import BriefingMark, Cascade, CascadeReturn
from briefings.cascade.rules import CascadeRag, Stand, rag_of
from briefings.writing.models import Briefing, BriefingVersion
from briefings.writing.queries import is_embargoed, published_versions
from lms.agencies.models import Agency
from lms.frame.access import Role, program
from lms.frame.plugins import RecordEntry
from lms.frame.work import Work
from lms.kit.working_days import london_date
from lms.people.models import Person, RoleGrant

WITHDRAWN_TITLE = "A briefing that was withdrawn"


@dataclass(frozen=True)
class LeadByLink:
    """A lead by their link: the briefing that is out, and their agencies' cascades."""

    person: Person
    version: BriefingVersion
    cascades: tuple[Cascade, ...]


def asked_by_link(session: Session, briefing_id: int, person_id: int) -> LeadByLink | None:
    """What a link opens; None when the briefing is not out any more, or the person leads no agency that was asked."""
    reader = program("an agency lead's link")
    version = session.scalar(
        published_versions(reader)
        .where(BriefingVersion.briefing_id == briefing_id)
        .options(selectinload(BriefingVersion.parts))
    )
    person = session.get(Person, person_id)
    if version is None or person is None or not person.is_here:
        return None
    led = sa.select(RoleGrant.agency_id).where(
        RoleGrant.person_id == person_id, RoleGrant.role == Role.AGENCY_LEAD, RoleGrant.agency_id.is_not(None)
    )
    cascades = session.scalars(_cascades(Cascade.briefing_id == briefing_id, Cascade.agency_id.in_(led)))
    found = tuple(cascades)
    return LeadByLink(person, version, found) if found else None


def _cascades(*where: sa.ColumnElement[bool]) -> sa.Select[Cascade]:
    return (
        sa.select(Cascade)
        .join(Agency, Agency.id == Cascade.agency_id)
        .where(*where)
        .options(joinedload(Cascade.agency), selectinload(Cascade.returns), selectinload(Cascade.changes))
        .order_by(Agency.name, Cascade.id)
    )


@dataclass(frozen=True)
class AgencyAnswer:
    """A line of an agency lead's own list."""

    briefing_id: int
    title: str
    agency: str
    sent_on: date | None
    rag: CascadeRag
    teams: int
    people: int
    changes: int


def answers_of_agencies(session: Session, agency_ids: Collection[int], today: date) -> list[AgencyAnswer]:
    """What the agencies of a lead were asked, the latest first; only of briefings that are out."""
    out = published_versions(program("an agency lead's list")).with_only_columns(
        BriefingVersion.briefing_id, BriefingVersion.title
    )
    titles = {row.briefing_id: row.title for row in session.execute(out)}
    cascades = session.scalars(_cascades(Cascade.agency_id.in_(list(agency_ids)), Cascade.briefing_id.in_(titles)))
    rows = [
        AgencyAnswer(
            briefing_id=each.briefing_id,
            title=titles[each.briefing_id],
            agency=each.agency.name,
            sent_on=london_date(each.sent_at) if each.sent_at else None,
            rag=rag_of(stand_of(each), today),
            teams=len(each.returns),
            people=sum(one.people for one in each.returns),
            changes=len(each.changes),
        )
        for each in cascades
    ]
    return sorted(rows, key=lambda row: (row.sent_on or date.min, row.briefing_id), reverse=True)


def stand_of(cascade: Cascade) -> Stand:
    """What is known of a cascade whose returns are loaded. A change without a discussion counts as received."""
    return Stand(
        sent_on=london_date(cascade.sent_at) if cascade.sent_at else None,
        has_acknowledged=cascade.acknowledged_at is not None or bool(cascade.changes),
        discussions=len(cascade.returns),
    )


def silent_cascades() -> sa.Select[Cascade]:
    """Agencies that were asked and said nothing at all, about briefings that are out."""
    out = published_versions(program("reminders")).with_only_columns(BriefingVersion.briefing_id)
    return (
        sa.select(Cascade)
        .join(Agency, Agency.id == Cascade.agency_id)
        .where(
            Cascade.briefing_id.in_(out),
            Cascade.sent_at.is_not(None),
            Cascade.acknowledged_at.is_(None),
            ~Cascade.returns.any(),
            ~Cascade.changes.any(),
            Agency.closed_on.is_(None),
        )
        .order_by(Cascade.briefing_id, Cascade.id)
    )


def cascade_of(session: Session, briefing_id: int, agency_id: int) -> Cascade | None:
    """One agency's cascade, locked."""
    mine = (Cascade.briefing_id == briefing_id, Cascade.agency_id == agency_id)
    return session.scalar(sa.select(Cascade).where(*mine).with_for_update(key_share=True))


def has_return(session: Session, cascade_id: int, on: date, team: str, people: int) -> bool:
    """Whether this very discussion was told before."""
    same = sa.select(CascadeReturn.id).where(
        CascadeReturn.cascade_id == cascade_id,
        CascadeReturn.discussed_on == on,
        CascadeReturn.team == team,
        CascadeReturn.people == people,
    )
    return session.scalar(same) is not None


def mark_of(session: Session, briefing_id: int, person_id: int) -> BriefingMark | None:
    """What a person said of themselves."""
    return session.scalar(
        sa.select(BriefingMark).where(BriefingMark.briefing_id == briefing_id, BriefingMark.person_id == person_id)
    )


def record_entries(work: Work, person_id: int) -> Iterator[RecordEntry]:
    """The lines of a training record. What an embargo hides has no title there, and what is not out has no link."""
    out = published_versions(program("training record")).with_only_columns(BriefingVersion.briefing_id)
    is_out = BriefingMark.briefing_id.in_(out)
    rows = work.session.execute(
        sa.select(BriefingMark, BriefingVersion.title, is_embargoed(), is_out, Agency.name)
        .join(Briefing, Briefing.id == BriefingMark.briefing_id)
        .join(BriefingVersion, BriefingVersion.id == BriefingMark.version_id)
        .outerjoin(Agency, Agency.id == BriefingMark.agency_id)
        .where(BriefingMark.person_id == person_id)
        .order_by(BriefingMark.read_on, BriefingMark.id)
    )
    for mark, title, is_hidden, has_page, agency in rows:
        yield RecordEntry(
            title=WITHDRAWN_TITLE if is_hidden else f"Briefing: {title}",
            on=mark.discussed_on or mark.read_on,
            outcome="Discussed" if mark.discussed_on else "Read",
            url=f"/briefings/{mark.briefing_id}" if has_page else "",
            agency=agency or "",
        )


def readers_of(session: Session, briefing_id: int) -> tuple[list[int], list[int]]:
    """Who had read it: people by their own word, and agencies that answered."""
    people = session.scalars(
        sa.select(BriefingMark.person_id)
        .where(BriefingMark.briefing_id == briefing_id)
        .order_by(BriefingMark.person_id)
    )
    answered = sa.or_(Cascade.acknowledged_at.is_not(None), Cascade.returns.any(), Cascade.changes.any())
    agencies = session.scalars(
        sa.select(Cascade.agency_id).where(Cascade.briefing_id == briefing_id, answered).order_by(Cascade.agency_id)
    )
    return list(people), list(agencies)
