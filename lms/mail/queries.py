"""The outbox as lists: what waits, what went, what is stuck, and to who."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from lms.frame.folding import bears, finds
from lms.kit.folding import words_typed
from lms.mail.life import ENDED_BADLY
from lms.mail.models import OutboxLetter, SharedLetter
from lms.mail.rules import LetterState
from lms.people.models import Person, PersonAddress

PAGE = 50
STUCK_AFTER = timedelta(days=1)
CLAIM_STUCK_AFTER = timedelta(hours=1)
TO_ADDRESS_OF_BEFORE = ":also"
"""The end of keys of letters that are meant for an address which is not the main one: that it was changed."""
LATELY = timedelta(days=30)


@dataclass(frozen=True)
class LetterRecipient:
    """Whom a letter goes to, and where. `has_left`: nobody who is here reads at that address any more."""

    name: str
    address: str
    has_left: bool = False

    @property
    def why_not(self) -> str:
        """What is wrong when mail cannot go to the address."""
        if not self.address:
            return f"{self.name} has no email address."
        return f"Mail cannot go to {self.address!r}. Correct the address."


@dataclass(frozen=True)
class LetterRow:
    """A line of the outbox. `address` is where it went, or would go now."""

    id: int
    kind: str
    key: str
    person_id: int | None
    name: str
    address: str
    subject: str
    context: dict[str, Any]
    is_secret: bool
    due_at: datetime
    state: LetterState
    tries: int
    retry_at: datetime | None
    sent_at: datetime | None
    may_have_gone_at: datetime | None
    last_error: str
    calendar_method: str | None
    is_forgotten: bool


@dataclass(frozen=True)
class LetterCounts:
    """What the top of the page says."""

    waiting: int
    failing: int
    stuck: int
    ended_badly: int
    unclear: int


def recipient_of(session: Session, letter: OutboxLetter) -> LetterRecipient:
    """The person's name and address as they are now; of a merged person, those of the one kept.

    An address alone is that of a record too, where one has it: a line manager's, say.
    """
    if letter.person_id is None:
        return _reader_at(session, letter)
    person = _kept_of(session, session.get_one(Person, letter.person_id))
    return LetterRecipient(person.name, person.email, has_left=person.left_on is not None)


def _reader_at(session: Session, letter: OutboxLetter) -> LetterRecipient:
    as_written = LetterRecipient(letter.to_name, letter.to_address)
    records = session.scalars(sa.select(Person).where(Person.email == letter.to_address).order_by(Person.id)).all()
    if not records or letter.key.endswith(TO_ADDRESS_OF_BEFORE) or any(each.is_here for each in records):
        return as_written
    kept = [_kept_of(session, each) for each in records]
    if moved := next((each for each in kept if each.is_here and each.email), None):
        return LetterRecipient(letter.to_name, moved.email)
    further = sa.select(PersonAddress.id).join(Person).where(PersonAddress.address == letter.to_address, Person.is_here)
    has_left = any(each.left_on is not None for each in kept) and session.scalar(further.limit(1)) is None
    return replace(as_written, has_left=has_left)


def _kept_of(session: Session, person: Person) -> Person:
    """The record that was kept in the end."""
    seen = {person.id}
    while person.merged_into_id is not None and person.merged_into_id not in seen:
        person = session.get_one(Person, person.merged_into_id)
        seen.add(person.id)
    return person


def letters(
    session: Session,
    *,
    states: Sequence[LetterState] = (),
    kind: str = "",
    words: str = "",
    page: int = 1,
) -> tuple[list[LetterRow], int]:
    """A page of the outbox, newest first, and how many letters there are in all."""
    wanted = _filters(states, kind, words)
    total = session.scalar(sa.select(sa.func.count()).select_from(_joined(wanted).subquery())) or 0
    found = session.execute(
        _joined(wanted)
        .order_by(OutboxLetter.due_at.desc(), OutboxLetter.id.desc())
        .limit(PAGE)
        .offset((page - 1) * PAGE)
    )
    return [_row(*each) for each in found], total


def letter_row(session: Session, letter_id: int) -> LetterRow | None:
    """One letter of the outbox."""
    found = session.execute(_joined([OutboxLetter.id == letter_id])).one_or_none()
    return _row(*found) if found else None


def every_letter(session: Session) -> Iterator[LetterRow]:
    """The whole outbox in the order in which letters are due, a thousand rows at a time."""
    query = _joined([]).order_by(OutboxLetter.due_at, OutboxLetter.id).execution_options(yield_per=1000)
    for each in session.execute(query):
        yield _row(*each)


def kinds(session: Session) -> list[str]:
    """Every kind of letter there has been."""
    return list(session.scalars(sa.select(OutboxLetter.kind).distinct().order_by(OutboxLetter.kind)))


def counts(session: Session, now: datetime) -> LetterCounts:
    """How many letters wait, fail, are stuck or ended badly."""
    waiting = OutboxLetter.state == LetterState.WAITING
    each = sa.select(
        sa.func.count().filter(waiting),
        sa.func.count().filter(waiting & (OutboxLetter.tries > 0)),
        sa.func.count().filter(_is_stuck(now)),
        sa.func.count().filter(OutboxLetter.state.in_(ENDED_BADLY), OutboxLetter.may_have_gone_at.is_(None)),
        sa.func.count().filter(OutboxLetter.state.in_(ENDED_BADLY), OutboxLetter.may_have_gone_at.is_not(None)),
    ).where(OutboxLetter.state.in_([LetterState.WAITING, LetterState.SENDING, *ENDED_BADLY]))
    return LetterCounts(*session.execute(each).one())


def not_gone(
    session: Session, states: Sequence[LetterState], kind: str = "", words: str = "", since: datetime | None = None
) -> list[int]:
    """The letters in these states that ended badly, by number: those that may be tried again."""
    wanted = _filters([each for each in states if each in ENDED_BADLY] or list(ENDED_BADLY), kind, words)
    if since is not None:
        wanted.append(OutboxLetter.due_at >= since)
    return sorted(row.id for row in session.execute(_joined(wanted).with_only_columns(OutboxLetter.id)))


def not_gone_lately(session: Session, now: datetime, person_id: int | None = None) -> list[OutboxLetter]:
    """Letters of the last month that ended without arriving, or perhaps without; newest first, at most a hundred."""
    query = sa.select(OutboxLetter).where(
        OutboxLetter.state.in_(ENDED_BADLY), OutboxLetter.due_at > now - LATELY, OutboxLetter.due_at <= now
    )
    if person_id is not None:
        query = query.where(OutboxLetter.person_id == person_id)
    return list(session.scalars(query.order_by(OutboxLetter.due_at.desc(), OutboxLetter.id.desc()).limit(100)))


def stuck_letters(session: Session, now: datetime) -> list[OutboxLetter]:
    """Letters that should have gone long ago, oldest first; at most a hundred."""
    query = sa.select(OutboxLetter).where(_is_stuck(now)).order_by(OutboxLetter.due_at, OutboxLetter.id).limit(100)
    return list(session.scalars(query))


def _is_stuck(now: datetime) -> sa.ColumnElement[bool]:
    return sa.or_(
        sa.and_(OutboxLetter.state == LetterState.WAITING, OutboxLetter.due_at <= now - STUCK_AFTER),
        sa.and_(OutboxLetter.state == LetterState.SENDING, OutboxLetter.claimed_at <= now - CLAIM_STUCK_AFTER),
    )


_kept = aliased(Person)


def _joined(wanted: Sequence[sa.ColumnElement[bool]]) -> sa.Select[OutboxLetter, str, str, Any]:
    return (
        sa.select(
            OutboxLetter,
            sa.func.coalesce(_kept.name, Person.name, OutboxLetter.to_name),
            sa.func.coalesce(_kept.email, Person.email, OutboxLetter.to_address),
            SharedLetter.context,
        )
        .outerjoin(SharedLetter, SharedLetter.id == OutboxLetter.shared_id)
        .outerjoin(Person, Person.id == OutboxLetter.person_id)
        .outerjoin(_kept, _kept.id == Person.merged_into_id)
        .where(*wanted)
    )


def _filters(states: Sequence[LetterState], kind: str, words: str) -> list[sa.ColumnElement[bool]]:
    wanted: list[sa.ColumnElement[bool]] = []
    if states:
        wanted.append(OutboxLetter.state.in_(states))
    if kind:
        wanted.append(OutboxLetter.kind == kind)
    for word in words_typed(words):
        addresses = (Person.email, _kept.email, OutboxLetter.to_address, OutboxLetter.sent_to)
        sent_there = bears(word, *addresses)
        names = (Person.name_folded, _kept.name_folded, OutboxLetter.to_name_folded)
        wanted.append(sa.or_(sent_there, finds(word, *names)))
    return wanted


OF_NOBODY = {"unsubscribe_token": "the-readers-own"}


def _row(letter: OutboxLetter, name: str, address: str, shared: dict[str, Any] | None) -> LetterRow:
    return LetterRow(
        id=letter.id,
        kind=letter.kind,
        key=letter.key,
        person_id=letter.person_id,
        name=name,
        address=letter.sent_to or address,
        subject=letter.subject,
        context=letter.context if shared is None else {**shared, **letter.context, **OF_NOBODY},
        is_secret=letter.is_secret,
        due_at=letter.due_at,
        state=letter.state,
        tries=letter.tries,
        retry_at=letter.retry_at,
        sent_at=letter.sent_at,
        may_have_gone_at=letter.may_have_gone_at,
        last_error=letter.last_error,
        calendar_method=letter.calendar_method,
        is_forgotten=letter.forgotten_at is not None,
    )
