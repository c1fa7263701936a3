"""Whom a sending would reach, counted before anything goes."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session

from briefings.cascade.models import Cascade
from briefings.distribution.models import Recipient
from briefings.distribution.rules import LIST_NAME, SAMPLE, Audience, Drawn, mailboxes
from briefings.writing.models import BriefingVersion, briefing_point
from courses.booking.bookings.models import Booking
from courses.booking.bookings.rules import Outcome
from courses.coverage.models import Coverage
from courses.programme.courses.models import CourseVersion
from courses.programme.events.models import Event
from lms.agencies.models import Agency, RoleGroup, Sector
from lms.frame.access import Role
from lms.lists.queries import addresses_that_left, people_with_own_copy, people_with_wish
from lms.lists.rules import Wish
from lms.people.models import Person, RoleGrant


@dataclass(frozen=True)
class AskedLead:
    """An agency lead who is asked what its teams did: a person, with all the agencies they lead here.

    `has_it`: they were sent the briefing before, so that they are only asked.
    """

    person: Drawn
    agency_ids: tuple[int, ...]
    has_it: bool = False


@dataclass(frozen=True)
class Draw:
    """Everybody whom a sending would reach now, and why others are left out."""

    people: tuple[Drawn, ...]
    leads: tuple[AskedLead, ...]
    copies: tuple[tuple[Drawn, ...], ...]
    without_address: int
    left_list: int
    had_before: int
    audience: dict[int, int]  # by agency that is asked: how many people it is meant for, had before or not

    @property
    def recipients(self) -> int:
        """Different people who get the briefing: a copy each, or the letter that also asks for the agency."""
        return len(self.people) + sum(1 for lead in self.leads if not lead.has_it)

    @property
    def letters(self) -> int:
        """Letters that would go."""
        return len(self.copies) + len(self.leads)


@dataclass(frozen=True)
class SampleRow:
    """One of those who would get it, as the page before sending shows them."""

    name: str
    agency: str
    email: str
    gets: str


def draw(session: Session, version: BriefingVersion | None, audience: Audience) -> Draw:
    """Whom this audience means, in a number of queries that does not grow with it. Nobody twice.

    Without a version, for a standing order: whom it would mean for a briefing that nobody has had.
    """
    had_as = _had(session, version)
    had = set(had_as)
    meant = _people(session, _meant(version, audience))
    refused = set(session.scalars(people_with_wish(LIST_NAME, Wish.NONE)))
    silent = addresses_that_left(session, LIST_NAME)
    leads = _leads(session, audience, meant, had_as)
    asked = {lead.person.id for lead in leads}
    new = [each for each in meant if each.id not in had]
    reachable = [each for each in new if each.email]
    willing = [each for each in reachable if each.id not in refused and each.email not in silent]
    people = () if audience.is_leads_only else tuple(each for each in willing if each.id not in asked)
    return Draw(
        people=people,
        leads=leads,
        copies=tuple(mailboxes(people, people_with_own_copy(session))),
        without_address=len(new) - len(reachable),
        left_list=len(reachable) - len(willing),
        had_before=len(meant) - len(new),
        audience=_asked(_by_agency(meant), audience, leads),
    )


def _had(session: Session, version: BriefingVersion | None) -> dict[int, bool]:
    """Who was sent the briefing before, and whether they were asked as a lead."""
    if version is None:
        return {}
    rows = session.execute(
        sa.select(Recipient.person_id, Recipient.is_lead).where(Recipient.briefing_id == version.briefing_id)
    )
    return {row.person_id: row.is_lead for row in rows}


def _asked(people: dict[int, int], audience: Audience, leads: Iterable[AskedLead]) -> dict[int, int]:
    """The agencies that a sending asks: those of its people; of leads alone, those that somebody leads."""
    if audience.is_leads_only:
        led = {each for lead in leads for each in lead.agency_ids}
        return {agency_id: number for agency_id, number in people.items() if agency_id in led}
    return people if audience.asks_agencies else {}


def _by_agency(people: Iterable[Drawn]) -> dict[int, int]:
    counted: dict[int, int] = {}
    for each in people:
        if each.agency_id is not None:
            counted[each.agency_id] = counted.get(each.agency_id, 0) + 1
    return counted


def _people(session: Session, meant: sa.ColumnElement[bool]) -> list[Drawn]:
    rows = session.execute(
        sa.select(Person.id, Person.name, Person.email, Person.agency_id)
        .where(Person.is_here, meant)
        .order_by(Person.name, Person.id)
    )
    return [Drawn(*row) for row in rows]


def _meant(version: BriefingVersion | None, audience: Audience) -> sa.ColumnElement[bool]:
    """Who is meant: what was chosen, and those who asked for every briefing."""
    chosen = [_of_agencies(Person.agency_id, audience)]
    if audience.role_group_ids:
        chosen.append(Person.role_group_id.in_(audience.role_group_ids))
    if audience.levels:
        chosen.append(Person.id.in_(_attended(CourseVersion.level.in_(audience.levels))))
    if audience.has_attended:
        covering = sa.select(Coverage.course_version_id)
        if version is not None:
            points = sa.select(briefing_point.c.learning_point_id).where(briefing_point.c.version_id == version.id)
            covering = covering.where(Coverage.learning_point_id.in_(points))
        chosen.append(Person.id.in_(_attended(CourseVersion.id.in_(covering))))
    meant = sa.and_(*chosen)
    if audience.has_subscribers and not audience.is_leads_only:
        return sa.or_(meant, Person.id.in_(people_with_wish(LIST_NAME, Wish.ALL)))
    return meant


def _of_agencies(column: sa.orm.InstrumentedAttribute[int | None], audience: Audience) -> sa.ColumnElement[bool]:
    """Those of the sectors and of the agencies that were chosen; of all when neither was."""
    either = []
    if audience.sector_ids:
        either.append(column.in_(sa.select(Agency.id).where(Agency.sector_id.in_(audience.sector_ids))))
    if audience.agency_ids:
        either.append(column.in_(audience.agency_ids))
    return sa.or_(*either) if either else sa.true()


def _attended(criterion: sa.ColumnElement[bool]) -> sa.Select[int]:
    return (
        sa.select(Booking.person_id)
        .join(Event, Event.id == Booking.event_id)
        .join(CourseVersion, CourseVersion.id == Event.course_version_id)
        .where(Booking.outcome == Outcome.ATTENDED, criterion)
    )


def _leads(session: Session, audience: Audience, meant: Sequence[Drawn], had: dict[int, bool]) -> tuple[AskedLead, ...]:
    """The leads, with an address, of open agencies that the audience touches; nobody who was asked before."""
    if not audience.asks_agencies and not audience.is_leads_only:
        return ()
    touched = {each.agency_id for each in meant if each.agency_id is not None}
    rows = session.execute(
        sa.select(Person.id, Person.name, Person.email, Person.agency_id, RoleGrant.agency_id)
        .join(RoleGrant, RoleGrant.person_id == Person.id)
        .join(Agency, Agency.id == RoleGrant.agency_id)
        .where(
            Person.is_here,
            RoleGrant.role == Role.AGENCY_LEAD,
            Person.email != "",
            Agency.closed_on.is_(None),
            _of_agencies(RoleGrant.agency_id, audience),
        )
        .order_by(Person.name, Person.id, RoleGrant.agency_id)
    )
    found: dict[int, tuple[Drawn, list[int]]] = {}
    for person_id, name, email, agency_id, led_id in rows:
        if led_id is not None and led_id in touched and not had.get(person_id, False):
            found.setdefault(person_id, (Drawn(person_id, name, email, agency_id), []))[1].append(led_id)
    return tuple(AskedLead(person, tuple(ids), has_it=person.id in had) for person, ids in found.values())


def leads_asked(session: Session, briefing_id: int, agency_ids: Iterable[int] | None = None) -> list[AskedLead]:
    """Those who lead agencies that were asked about a briefing, now: all agencies, or only some of them."""
    asked = sa.select(Cascade.agency_id).where(Cascade.briefing_id == briefing_id, Cascade.sent_at.is_not(None))
    some = RoleGrant.agency_id.in_(asked if agency_ids is None else list(agency_ids))
    rows = session.execute(
        sa.select(Person.id, Person.name, Person.email, Person.agency_id, RoleGrant.agency_id)
        .join(RoleGrant, RoleGrant.person_id == Person.id)
        .where(Person.is_here, RoleGrant.role == Role.AGENCY_LEAD, Person.email != "", some)
        .order_by(Person.name, Person.id, RoleGrant.agency_id)
    )
    found: dict[int, tuple[Drawn, list[int]]] = {}
    for person_id, name, email, agency_id, led_id in rows:
        if led_id is not None:
            found.setdefault(person_id, (Drawn(person_id, name, email, agency_id), []))[1].append(led_id)
    return [AskedLead(person, tuple(ids)) for person, ids in found.values()]


def sample_of(session: Session, drawn: Draw) -> list[SampleRow]:
    """Some of them from all over the list, by name: whoever sends sees that these are the right people."""
    asked = {lead.person.id for lead in drawn.leads}
    everybody = [*(lead.person for lead in drawn.leads), *drawn.people]
    step = max(1, len(everybody) // SAMPLE)
    some = everybody[::step][:SAMPLE]
    names = agency_names(session, {each.agency_id for each in some if each.agency_id is not None})
    return [
        SampleRow(
            each.name,
            names.get(each.agency_id or 0, "No agency"),
            each.email,
            "Is asked for the agency" if each.id in asked else "A copy",
        )
        for each in some
    ]


def agency_names(session: Session, ids: Iterable[int]) -> dict[int, str]:
    """The names of agencies."""
    rows = session.execute(sa.select(Agency.id, Agency.name).where(Agency.id.in_(list(ids))).order_by(Agency.id))
    return {row.id: row.name for row in rows}


@dataclass(frozen=True)
class AudienceChoices:
    """What can be chosen of an audience."""

    sectors: list[tuple[int, str]]
    agencies: list[tuple[int, str]]
    role_groups: list[tuple[int, str]]
    levels: list[str]


def choices(session: Session) -> AudienceChoices:
    """Sectors, open agencies, role groups, and the levels that courses have."""
    sectors = session.execute(sa.select(Sector.id, Sector.name).order_by(Sector.position, Sector.name))
    agencies = session.execute(
        sa.select(Agency.id, Agency.name).where(Agency.closed_on.is_(None)).order_by(Agency.name, Agency.id)
    )
    groups = session.execute(sa.select(RoleGroup.id, RoleGroup.name).order_by(RoleGroup.position, RoleGroup.name))
    levels = session.scalars(
        sa.select(CourseVersion.level).where(CourseVersion.level != "").distinct().order_by(CourseVersion.level)
    )
    return AudienceChoices(
        [(row.id, row.name) for row in sectors],
        [(row.id, row.name) for row in agencies],
        [(row.id, row.name) for row in groups],
        list(levels),
    )
