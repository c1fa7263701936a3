"""The audit as lists: about a person, about a record, or by what, who and when."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from lms.audit.models import AuditEntry
from lms.frame.access import Actor
from lms.frame.folding import bears, finds
from lms.kit.folding import words_typed
from lms.kit.pages import ROWS_ON_A_PAGE, PageOf
from lms.kit.words import listed
from lms.kit.working_days import wall_time
from lms.people.models import Person

LATEST = 10


@dataclass(frozen=True)
class AuditLine:
    """One line: who did what to which record, and whom it concerns."""

    at: datetime
    actor_id: int | None
    actor_name: str
    event: str
    record_type: str
    record_id: str
    person_id: int | None
    person_name: str
    details: str


@dataclass(frozen=True)
class AuditSearch:
    """What is looked for; nothing is everything. `words` are of the event or of who did it."""

    words: str = ""
    person: str = ""
    person_id: int | None = None
    record_type: str = ""
    record_id: str = ""
    from_day: date | None = None
    to_day: date | None = None


_about = aliased(Person)


def readable_by(actor: Actor) -> sa.ColumnElement[bool]:
    """Which lines exist for this reader: confidential ones only for those who may read such lines."""
    return sa.true() if actor.may("audit.read_confidential") else AuditEntry.is_confidential.is_(False)


def entries(session: Session, actor: Actor, wanted: AuditSearch, number: int = 1) -> PageOf[AuditLine]:
    """A page of the audit, newest first."""
    query = _select().where(readable_by(actor), *_conditions(wanted))
    total = session.scalar(sa.select(sa.func.count()).select_from(query.order_by(None).subquery())) or 0
    found = session.execute(_newest(query).limit(ROWS_ON_A_PAGE).offset((number - 1) * ROWS_ON_A_PAGE))
    return PageOf([_entry(entry, name) for entry, name in found], total, number)


def latest_about(session: Session, actor: Actor, person_id: int) -> list[AuditLine]:
    """The last few lines about a person."""
    query = _newest(_select().where(readable_by(actor), AuditEntry.person_id == person_id)).limit(LATEST)
    return [_entry(entry, name) for entry, name in session.execute(query)]


def name_of(session: Session, person_id: int) -> str:
    """A person's name, for the heading of what is about them; empty when there is no such person."""
    return session.scalar(sa.select(Person.name).where(Person.id == person_id)) or ""


def record_types(session: Session, actor: Actor) -> list[str]:
    """The types of record that the audit knows, as far as this reader may."""
    kinds = sa.select(AuditEntry.record_type).where(readable_by(actor)).distinct()
    return list(session.scalars(kinds.order_by(AuditEntry.record_type)))


def details_in_words(details: dict[str, Any]) -> str:
    """reason: ill; places: 24, 30"""
    return "; ".join(f"{name.replace('_', ' ')}: {_plain(value)}" for name, value in details.items() if value != "")


def _plain(value: Any) -> str:
    if isinstance(value, list):
        return listed([_plain(each) for each in value]) if value else "none"
    if isinstance(value, dict):
        return ", ".join(f"{name} {_plain(each)}" for name, each in value.items())
    if isinstance(value, bool):
        return "yes" if value else "no"
    return "nothing" if value is None else str(value)


def _select() -> sa.Select[AuditEntry, str | None]:
    return sa.select(AuditEntry, _about.name).outerjoin(_about, _about.id == AuditEntry.person_id)


def _newest(query: sa.Select[AuditEntry, str | None]) -> sa.Select[AuditEntry, str | None]:
    return query.order_by(AuditEntry.at.desc(), AuditEntry.id.desc())


def _conditions(wanted: AuditSearch) -> list[sa.ColumnElement[bool]]:
    conditions: list[sa.ColumnElement[bool]] = []
    if wanted.person_id is not None:
        conditions.append(AuditEntry.person_id == wanted.person_id)
    if wanted.record_type:
        conditions.append(AuditEntry.record_type == wanted.record_type)
    if wanted.record_id:
        conditions.append(AuditEntry.record_id == wanted.record_id)
    if wanted.from_day:
        conditions.append(AuditEntry.at >= wall_time(wanted.from_day, time(0)))
    if wanted.to_day:
        conditions.append(AuditEntry.at < wall_time(wanted.to_day + timedelta(days=1), time(0)))
    for word in words_typed(wanted.words):
        called_so = sa.select(Person.id).where(finds(word, Person.name_folded))
        done_so = bears(word, AuditEntry.event, AuditEntry.actor_name)
        conditions.append(sa.or_(done_so, AuditEntry.actor_id.in_(called_so)))
    for word in words_typed(wanted.person):
        conditions.append(sa.or_(finds(word, _about.name_folded), _about.ref == word))
    return conditions


def _entry(entry: AuditEntry, person_name: str | None) -> AuditLine:
    return AuditLine(
        at=entry.at,
        actor_id=entry.actor_id,
        actor_name=entry.actor_name,
        event=entry.event,
        record_type=entry.record_type,
        record_id=entry.record_id,
        person_id=entry.person_id,
        person_name=person_name or "",
        details=details_in_words(entry.details),
    )
