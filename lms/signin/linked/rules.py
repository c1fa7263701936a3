"""How long a round trip may take, when a provider's second factor counts, and what people are told. Pure."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from lms.signin.providers.rules import ProvedIdentity

TRIP_LASTS = timedelta(minutes=30)
PROOF_LASTS = timedelta(hours=1)
"""How long somebody new may take to say who they are, after their provider has."""
TRIPS_KEPT = timedelta(days=1)


@dataclass(frozen=True)
class Trip:
    """A round trip that has come to its end."""

    provider: str
    person_id: int | None
    then: str
    is_proof: bool = False


def is_in_time(began_at: datetime, now: datetime) -> bool:
    """Whether somebody is still expected back."""
    return now < began_at + TRIP_LASTS


def factor_counts(*, asserted: bool, is_proved: bool, has_own: bool) -> bool:
    """Whether the provider's second factor stands for ours.

    It has to say so, and its account has to have been used together with ours once: a mailbox, or whoever runs a
    directory, makes nobody a review officer. Whoever has none of ours is invited to set one up, as everybody is.
    """
    return asserted and is_proved and has_own


def as_kept(identity: ProvedIdentity, at: datetime) -> dict[str, Any]:
    """An identity as the browser's signed cookie keeps it until it is linked."""
    return {
        "provider": identity.provider,
        "issuer": identity.issuer,
        "subject": identity.subject,
        "address": identity.address,
        "name": identity.name,
        "at": at.isoformat(),
    }


def identity_kept(kept: Any, now: datetime) -> ProvedIdentity | None:
    """It again, unless it was too long ago. It is said anew by the provider whether a second factor was asked for."""
    if not kept or now >= datetime.fromisoformat(kept["at"]) + PROOF_LASTS:
        return None
    return ProvedIdentity(kept["provider"], kept["issuer"], kept["subject"], kept["address"], kept["name"])


START_AGAIN = "That took too long, or was started in another browser. Start again."
REFUSED = "We could not sign you in with your {} account. Try again, or ask for a code."
OTHER_TENANT = "Your {} account belongs to an organisation that we do not work with. Ask for a code instead."
SILENT = "{} cannot be reached just now. Ask for a code instead."
GIVEN_UP = "You did not finish signing in with {}. Try again, or ask for a code."
NO_ADDRESS = (
    "{} did not tell us a work email address of yours that we can rely on. Ask for a code instead. If this goes on, "
    "tell the training team."
)
SHARED = (
    "Several people share the address of your {} account. Ask for a code with your staff reference. You can then link "
    "the account under “My account”."
)
OTHER_ACCOUNT = (
    "Another {0} account is linked to the record with this address. Ask for a code. You can then unlink the other one "
    "under “My account”."
)
NOT_YOURS = (
    "The address of that {} account is not on your record, so it was not linked. Ask the training team to add the "
    "address first."
)
SOMEBODY_ELSES = (
    "That {} account is linked to someone else’s record, so it was not linked to yours. Tell the training team."
)
HAS_ONE = "You have already linked another {} account. Unlink that one first."
