"""The letter that invites."""

from lms.kit.letters import Letter
from lms.kit.words import long_date
from lms.people.invitations.models import FactorInvitation
from lms.people.models import Person


def second_factor_invited(invitation: FactorInvitation, person: Person, *, roles: list[str], by: str) -> Letter:
    """Sign in with a code, then set up the app; until when, and who invites."""
    return Letter(
        "signin.second_factor_invited",
        f"signin.second_factor_invited:{person.id}:{invitation.id}",
        {"roles": roles, "until": long_date(invitation.good_until), "by": by},
        person_id=person.id,
    )
