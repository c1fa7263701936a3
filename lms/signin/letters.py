"""Letters about signing in. Those that carry a code are wiped from the outbox once sent."""

from collections.abc import Sequence
from datetime import datetime

from lms.kit.letters import Letter
from lms.kit.words import moment
from lms.people.accounts.models import Account
from lms.people.models import Person
from lms.signin.models import Registration, SignInCode
from lms.signin.rules import CODE_LASTS


def sign_in_code(row: SignInCode, person: Person, *, code: str, address: str) -> Letter:
    """The code, to the address that was typed when it is one of the person's, else to their own."""
    context = {"code": code, "token": row.token}
    key = f"signin.code:{person.id}:{row.id}"
    if address == person.email:
        return Letter("signin.code", key, context, person_id=person.id, secret=True, good_until=good_until(row))
    return Letter(
        "signin.code", key, context, to_name=person.name, to_address=address, secret=True, good_until=good_until(row)
    )


def good_until(row: SignInCode) -> datetime:
    """A code that works no more is not sent any more."""
    return row.made_at + CODE_LASTS


def shared_mailbox(row: SignInCode, people: Sequence[Person], *, address: str) -> Letter:
    """To a mailbox that several people share: whose it is, and that each signs in with their own reference."""
    sharing = [{"name": person.name, "ref": person.ref} for person in people]
    return Letter(
        "signin.shared_mailbox",
        f"signin.shared_mailbox:{row.id}",
        {"people": sharing},
        to_name="everyone who reads this mailbox",
        to_address=address,
    )


def unknown_address(row: SignInCode, *, address: str) -> Letter:
    """To an address that we do not know: how to register. Carries no word that was typed."""
    return Letter(
        "signin.unknown_address",
        f"signin.unknown_address:{row.id}",
        {},
        to_name="reader",
        to_address=address,
    )


def password_off(account: Account, *, occurrence: str) -> Letter:
    """After a hundred wrong passwords: it is switched off, and codes go on working."""
    return _to_owner(account, "signin.password_off", occurrence)


def second_factor_refused(account: Account, *, occurrence: str) -> Letter:
    """Somebody gets past the first factor and not past the second."""
    return _to_owner(account, "signin.second_factor_refused", occurrence)


def _to_owner(account: Account, kind: str, occurrence: str) -> Letter:
    return Letter(kind, f"{kind}:{account.person_id}:{occurrence}", {}, person_id=account.person_id)


def account_changed(account: Account, what: str, *, occurrence: str) -> Letter:
    """A way to sign in was changed; if it was somebody else, the person should know."""
    return Letter(
        "signin.account_changed",
        f"signin.account_changed:{account.person_id}:{occurrence}",
        {"what": what},
        person_id=account.person_id,
    )


def linked_address_changed(account: Account, title: str, *, occurrence: str) -> Letter:
    """The account at work by which they sign in has another address there than it had."""
    kind = "signin.linked_address_changed"
    return Letter(kind, f"{kind}:{account.person_id}:{occurrence}", {"title": title}, person_id=account.person_id)


def other_account(person: Person, title: str, *, occurrence: str) -> Letter:
    """Somebody came with their address, and with another account than the one that they linked."""
    kind = "signin.other_account"
    return Letter(kind, f"{kind}:{person.id}:{occurrence}", {"title": title}, person_id=person.id)


def registration_code(row: SignInCode, registration: Registration, *, code: str) -> Letter:
    """The code that confirms an address. Nobody has confirmed it, so it carries no word of whoever typed it."""
    return Letter(
        "signin.registration_code",
        f"signin.registration_code:{row.id}",
        {"code": code, "token": row.token},
        to_address=registration.email,
        secret=True,
        good_until=good_until(row),
    )


def registration_known(row: SignInCode, *, address: str) -> Letter:
    """Somebody registers with an address that we know: how to sign in instead. Names nobody."""
    return Letter("signin.registration_known", f"signin.registration_known:{row.id}", {}, to_address=address)


def registration_received(registration: Registration) -> Letter:
    """We have it; a coordinator looks at it."""
    return _about(registration, "signin.registration_received")


def registration_refused(registration: Registration) -> Letter:
    """We cannot give an account."""
    return _about(registration, "signin.registration_refused")


def registration_accepted(registration: Registration, person: Person) -> Letter:
    """There is an account now, and what they came for is not forgotten."""
    return Letter(
        "signin.registration_accepted",
        f"signin.registration_accepted:{person.id}:{registration.id}",
        {
            "ref": person.ref,
            "agency": person.agency.name if person.agency else "",
            "wants": registration.wants,
            "wanted_path": registration.wanted_path,
        },
        person_id=person.id,
    )


def _about(registration: Registration, kind: str) -> Letter:
    context = {"wants": registration.wants, "since": moment(registration.confirmed_at or registration.asked_at)}
    return Letter(kind, f"{kind}:{registration.id}", context, to_name=registration.name, to_address=registration.email)
