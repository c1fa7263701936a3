"""Tokens as their page lists them, and the one that a request brought."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload, selectinload

from lms.agencies.models import Agency
from lms.api.tokens.models import ApiToken
from lms.api.tokens.rules import (
    POWER_WORDS,
    SHOWN_CHARACTERS,
    Power,
    digest,
    is_over,
    is_sandbox,
    without_powers,
)
from lms.frame.access import ROLE_WORDS, Actor
from lms.frame.settings import Settings
from lms.frame.site import Site
from lms.kit.errors import NotFound
from lms.kit.working_days import london_date
from lms.partnership.queries import is_demonstration


@dataclass(frozen=True)
class TokenRow:
    """A token without its secret, which nobody has any more."""

    id: int
    name: str
    start: str
    scope: str
    may_write: bool
    may: str
    created_at: datetime
    created_by: str
    last_used_at: datetime | None
    ends_on: date | None
    revoked_at: datetime | None
    is_over: bool


def token_rows(session: Session, today: date) -> list[TokenRow]:
    """Every token, those that are valid first, the newest on top."""
    tokens = session.scalars(
        sa.select(ApiToken)
        .options(joinedload(ApiToken.agency), selectinload(ApiToken.further_agencies), joinedload(ApiToken.created_by))
        .order_by(ApiToken.revoked_at.is_not(None), ApiToken.id.desc())
    )
    return sorted((_row(token, today) for token in tokens), key=lambda row: row.is_over)


def _row(token: ApiToken, today: date) -> TokenRow:
    return TokenRow(
        id=token.id,
        name=token.name,
        start=token.start,
        scope=scope_words(token),
        may_write=token.may_write,
        may=power_words(token),
        created_at=token.created_at,
        created_by=token.created_by.name if token.created_by else "a command",
        last_used_at=token.last_used_at,
        ends_on=token.ends_on,
        revoked_at=token.revoked_at,
        is_over=is_over(is_revoked=token.revoked_at is not None, ends_on=token.ends_on, today=today),
    )


def scope_words(token: ApiToken) -> str:
    """agency lead, Larkham Primary School"""
    agencies = [*([token.agency] if token.agency else []), *token.further_agencies]
    return ", ".join([ROLE_WORDS[token.role], *(each.name for each in agencies)])


def power_words(token: ApiToken) -> str:
    """reads only; or what it may beyond that"""
    may = ["reads, books and cancels" if token.may_write else "reads only"]
    return "; may ".join([*may, *(POWER_WORDS[each] for each in Power if each.value in token.powers)])


def token_of(session: Session, token_id: int) -> ApiToken:
    """A token to change. Raises NotFound."""
    found = session.get(ApiToken, token_id)
    if found is None:
        raise NotFound("We cannot find that token. The list shows them all.")
    return found


def token_by_start(session: Session, start: str) -> ApiToken:
    """The one token whose secret begins so, dots left out. Raises NotFound, also where several do."""
    begins = start.rstrip(".…")[:SHOWN_CHARACTERS]
    found = session.scalars(sa.select(ApiToken).where(ApiToken.start == begins).order_by(ApiToken.id).limit(2)).all()
    if len(found) != 1:
        raise NotFound("No token, or more than one, begins so. The list shows them all.")
    return found[0]


def valid_token(session: Session, secret: str, now: datetime, settings: Settings) -> ApiToken | None:
    """The token with this secret, unless it was revoked, its last day is past, or it is a demonstration's elsewhere."""
    if is_sandbox(secret) and not is_demonstration(session, settings):
        return None
    found = session.scalar(sa.select(ApiToken).where(ApiToken.digest == digest(secret)))
    return found if found is not None and is_valid(found, now) else None


def is_valid(token: ApiToken, now: datetime) -> bool:
    """Whether it opens anything now."""
    return not is_over(is_revoked=token.revoked_at is not None, ends_on=token.ends_on, today=london_date(now))


def actor_of_token(token: ApiToken, site: Site) -> Actor:
    """Who asks when this token does: no person, with what its role may."""
    return Actor(
        name=f"{token.name} (token)",
        roles=frozenset({token.role}),
        permissions=site.permissions_of_token(token.role) - without_powers(token.powers),
        leads_agency_ids=frozenset(_agency_ids(token)),
    )


def _agency_ids(token: ApiToken) -> Iterator[int]:
    """Its agencies, and those into which they have merged: their people are there now."""
    for each in (*((token.agency,) if token.agency is not None else ()), *token.further_agencies):
        agency: Agency | None = each
        seen: set[int] = set()
        while agency is not None and agency.id not in seen:
            seen.add(agency.id)
            yield agency.id
            agency = agency.successor


def agencies_to_choose(session: Session) -> Sequence[tuple[int, str]]:
    """Agencies that are open, by name."""
    rows = session.execute(sa.select(Agency.id, Agency.name).where(Agency.closed_on.is_(None)).order_by(Agency.name))
    return [(agency_id, name) for agency_id, name in rows]
