"""Making and revoking tokens."""

from datetime import datetime, timedelta
from typing import cast

import sqlalchemy as sa

from lms.agencies.models import Agency
from lms.api.tokens.models import ApiToken
from lms.api.tokens.rules import (
    PERMISSIONS_OF_POWERS,
    POWER_WORDS,
    SHOWN_CHARACTERS,
    TokenWanted,
    check_end,
    check_name,
    check_scope,
    digest,
    new_secret,
)
from lms.frame.access import Actor, Role
from lms.frame.site import Site
from lms.frame.work import Work
from lms.kit.errors import Conflict, Invalid, NotAllowed
from lms.kit.working_days import london_date

NOTED_EVERY = timedelta(minutes=5)
"""Last use is written down no oftener: a busy system would otherwise make every reading a writing."""


def check_may_give(site: Site, role: Role, actor: Actor) -> None:
    """Nobody gives a system more than they may themselves. Raises NotAllowed."""
    wanted = site.permissions_of_token(role) & site.permissions_of_systems
    if not wanted <= actor.permissions:
        raise NotAllowed(
            "A token can never do more than the person who makes it. Choose a role that can do no more than you can."
        )


def make_token(work: Work, wanted: TokenWanted) -> tuple[ApiToken, str]:
    """A new token, and its secret, which is shown this once and kept nowhere. Raises Invalid or NotAllowed."""
    name = check_name(wanted.name)
    check_scope(wanted.role, has_agency=wanted.agency_id is not None, further=bool(wanted.further_codes))
    check_end(wanted.ends_on, london_date(work.now))
    if wanted.agency_id is not None and work.session.get(Agency, wanted.agency_id) is None:
        raise Invalid("We cannot find that agency. Choose one from the list.", field="agency_id")
    _check_powers(cast(Site, work.site), wanted)
    if not work.actor.is_program:
        check_may_give(cast(Site, work.site), wanted.role, work.actor)
    further = [_agency(work, code) for code in dict.fromkeys(wanted.further_codes)]
    secret = new_secret()
    token = ApiToken(
        name=name,
        role=wanted.role,
        agency_id=wanted.agency_id,
        may_write=wanted.may_write,
        powers=[each.value for each in wanted.powers],
        further_agencies=[each for each in further if each.id != wanted.agency_id],
        digest=digest(secret),
        start=secret[:SHOWN_CHARACTERS],
        ends_on=wanted.ends_on,
        created_at=work.now,
        created_by_id=work.actor.person_id,
    )
    work.session.add(token)
    agencies = [each.code for each in further]
    work.record(
        "token made",
        token,
        name=name,
        role=wanted.role.value,
        may_write=wanted.may_write,
        powers=token.powers,
        further_agencies=agencies,
        ends_on=wanted.ends_on,
    )
    return token, secret


def _check_powers(site: Site, wanted: TokenWanted) -> None:
    """A power that the role never has would be a promise that nothing keeps."""
    may = site.permissions_of_token(wanted.role)
    for power in wanted.powers:
        if PERMISSIONS_OF_POWERS[power] not in may:
            raise Invalid(f"This role may not {POWER_WORDS[power]}. Leave it out.", field="powers")


def _agency(work: Work, code: str) -> Agency:
    found = work.session.scalar(sa.select(Agency).where(Agency.code == code))
    if found is None:
        raise Invalid(f"There is no agency with the code {code}. Check the spelling.", field="further_codes")
    return found


def revoke_token(work: Work, token: ApiToken) -> ApiToken:
    """It opens nothing from now on, and its webhooks fall silent. Raises Conflict when it was revoked already."""
    if token.revoked_at is not None:
        raise Conflict("This token was revoked already.")
    token.revoked_at = work.now
    token.revoked_by_id = work.actor.person_id
    work.record("token revoked", token, name=token.name)
    return token


def note_use(token: ApiToken, now: datetime) -> bool:
    """Write down that a token was used, unless that was done a moment ago. Whether there is something to save."""
    if token.last_used_at is not None and now - token.last_used_at < NOTED_EVERY:
        return False
    token.last_used_at = now
    return True
