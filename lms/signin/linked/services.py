"""Round trips to a provider, and what becomes of whoever comes back. An account is matched by issuer and subject once
it is linked, before that by an address that is proved; never by a name."""

import logging
import secrets
import uuid
from dataclasses import dataclass
from datetime import timedelta

import sqlalchemy as sa

from lms.attempts.rules import What
from lms.attempts.services import note_attempt
from lms.frame.locks import lock_row
from lms.frame.work import Work
from lms.kit.errors import NotFound
from lms.limits.services import hit
from lms.people.accounts.models import Account
from lms.people.models import Person
from lms.sessions.rules import key_digest
from lms.sessions.services import end_all_sessions
from lms.signin import letters
from lms.signin.linked import rules
from lms.signin.linked.models import LinkedAccount, RoundTrip
from lms.signin.linked.queries import link_of, linked_to
from lms.signin.linked.rules import Trip
from lms.signin.providers.rules import ProvedIdentity
from lms.signin.queries import people_meant
from lms.signin.services import needs_second_factor, open_account

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Arrived:
    """Who came back: an account, to be linked once its second factor was given; somebody new; or why not."""

    account: Account | None = None
    has_second_factor: bool = False
    to_prove: bool = False
    is_new: bool = False
    refused: str = ""


def begin_round_trip(
    work: Work, provider: str, browser_key: str, *, then: str = "", person_id: int | None = None, is_proof: bool = False
) -> str:
    """Somebody sets out. Answers the state, which only they bring back."""
    state = secrets.token_urlsafe(32)
    work.session.add(
        RoundTrip(
            state_digest=key_digest(state),
            browser_digest=key_digest(browser_key),
            provider=provider,
            person_id=person_id,
            then=then,
            is_proof=is_proof,
            began_at=work.now,
        )
    )
    return state


def end_round_trip(work: Work, provider: str, state: str, browser_key: str) -> Trip | None:
    """Somebody is back. None for whoever did not set out in this browser, took too long, or was back before."""
    this = sa.delete(RoundTrip).where(*_of_browser(provider, state, browser_key))
    columns = (RoundTrip.person_id, RoundTrip.then, RoundTrip.is_proof, RoundTrip.began_at)
    row = work.session.execute(this.returning(*columns)).first()
    if row is None or not rules.is_in_time(row.began_at, work.now):
        return None
    return Trip(provider, row.person_id, row.then, row.is_proof)


def trip_under_way(work: Work, provider: str, state: str, browser_key: str) -> Trip | None:
    """Somebody is back who gave up: where they wanted to go on to. Nothing is changed by asking."""
    row = work.session.scalar(sa.select(RoundTrip).where(*_of_browser(provider, state, browser_key)))
    return Trip(provider, row.person_id, row.then) if row else None


def _of_browser(provider: str, state: str, browser_key: str) -> tuple[sa.ColumnElement[bool], ...]:
    digests = RoundTrip.state_digest == key_digest(state), RoundTrip.browser_digest == key_digest(browser_key)
    return *digests, RoundTrip.provider == provider


def sign_in_by_account(work: Work, title: str, identity: ProvedIdentity) -> Arrived:
    """Whoever came back from a provider, as our records have them. What is refused is noted; a code always works."""
    linked = linked_to(work.session, identity)
    if linked is not None and linked.person.is_here:
        return _known(work, title, linked, identity)
    if not identity.address:
        return _refuse(work, rules.NO_ADDRESS, title)
    people = people_meant(work.session, identity.address)
    if len(people) > 1:
        return _refuse(work, rules.SHARED, title)
    return _by_address(work, title, people[0], identity) if people else Arrived(is_new=True)


def _by_address(work: Work, title: str, person: Person, identity: ProvedIdentity) -> Arrived:
    """The first time: linked at once, or once they gave their second factor where they need one."""
    lock_row(work.session, Person, person.id)
    if link_of(work.session, person.id, identity.issuer) is not None:
        return _other_account(work, title, person)
    account = open_account(work, person, by=f"account at {identity.provider}")
    if account is None:
        return _refuse(work, rules.REFUSED, title)
    if needs_second_factor(account):
        return Arrived(account, to_prove=True)
    link(work, title, account, identity)
    return Arrived(account)


def _known(work: Work, title: str, linked: LinkedAccount, identity: ProvedIdentity) -> Arrived:
    """The same account as before, whatever address it has by now."""
    account = open_account(work, linked.person, by=f"account at {identity.provider}")
    if account is None:
        return _refuse(work, rules.REFUSED, title)
    linked.last_used_at = work.now
    if identity.address and identity.address != linked.address:
        work.record("linked account has another address", linked, person_id=account.person_id)
        if linked.address:
            work.send(letters.linked_address_changed(account, title, occurrence=uuid.uuid4().hex))
        linked.address = identity.address
    counts = rules.factor_counts(
        asserted=identity.has_second_factor,
        is_proved=linked.proved_at is not None,
        has_own=account.tf_totp_secret is not None,
    )
    return Arrived(account, has_second_factor=counts, to_prove=linked.proved_at is None)


def link(work: Work, title: str, account: Account, identity: ProvedIdentity, *, is_proved: bool = False) -> str:
    """Link an account at work to a person who has proved who they are; or why not, in a sentence.

    Every session of theirs ends by it, and a letter tells them. Linking the same again only notes that it was proved.
    """
    lock_row(work.session, Person, account.person_id)
    found, mine = linked_to(work.session, identity), link_of(work.session, account.person_id, identity.issuer)
    if found is not None and found.person_id != account.person_id and found.person.is_here:
        return rules.SOMEBODY_ELSES.format(title)
    if mine is not None and mine is not found:
        return rules.HAS_ONE.format(title)
    is_news = found is None or found.person_id != account.person_id
    if found is None or is_news:
        found = _linked_anew(work, found, account, identity)
    if is_proved:
        found.proved_at = work.now
    if is_news:
        end_all_sessions(work, account.person_id)
        work.record("account linked", found, person_id=account.person_id, provider=identity.provider)
        words = f"Your {title} account was linked: you can sign in with it from now on."
        work.send(letters.account_changed(account, words, occurrence=uuid.uuid4().hex))
    return ""


def _linked_anew(work: Work, found: LinkedAccount | None, account: Account, identity: ProvedIdentity) -> LinkedAccount:
    """A new link; or the one of a record that opens nothing any more, which becomes this person's."""
    if found is None:
        found = LinkedAccount(issuer=identity.issuer, subject=identity.subject)
        work.session.add(found)
    found.person_id, found.provider, found.address = account.person_id, identity.provider, identity.address
    found.linked_at = found.last_used_at = work.now
    found.proved_at = None
    work.session.flush()
    work.session.refresh(found, ["person"])
    return found


def link_my_own(work: Work, title: str, account: Account, identity: ProvedIdentity) -> str:
    """Link an account to the record of whoever is signed in; or why not, in a sentence. Its address must be theirs:
    whoever finds a browser open links no account of their own."""
    if identity.address not in account.person.own_addresses or not identity.address:
        return rules.NOT_YOURS.format(title)
    return link(work, title, account, identity, is_proved=account.tf_totp_secret is not None)


def unlink(work: Work, account: Account, linked_id: int, title: str, *, here: int | None) -> None:
    """Take a link away. Every other session ends by it, and a letter says so. Raises NotFound."""
    lock_row(work.session, Person, account.person_id)
    mine = LinkedAccount.id == linked_id, LinkedAccount.person_id == account.person_id
    found = work.session.scalar(sa.select(LinkedAccount).where(*mine))
    if found is None:
        raise NotFound("That account is not linked any more.")
    work.record("account unlinked", found, person_id=account.person_id, provider=found.provider)
    work.session.delete(found)
    end_all_sessions(work, account.person_id, besides=here)
    words = f"Your {title} account was unlinked: no one can sign in with it any more."
    work.send(letters.account_changed(account, words, occurrence=uuid.uuid4().hex))


def note_refused(work: Work, provider: str, why: str) -> None:
    """A provider's answer proved nothing. Why is for whoever runs the server: a setting may be wrong."""
    logger.warning("An answer of the provider %s proves nothing: %s", provider, why)
    note_attempt(work, What.WRONG_ACCOUNT)


def _refuse(work: Work, words: str, title: str, *, person_id: int | None = None) -> Arrived:
    note_attempt(work, What.WRONG_ACCOUNT, person_id=person_id)
    return Arrived(refused=words.format(title))


def _other_account(work: Work, title: str, person: Person) -> Arrived:
    """Their address, and not the account that they linked: perhaps the address was given to somebody else since."""
    work.record("another account at the same address refused", person)
    if person.email and hit(work, "told of another account", person.id, most=1, per=timedelta(days=1)):
        work.send(letters.other_account(person, title, occurrence=uuid.uuid4().hex))
    return _refuse(work, rules.OTHER_ACCOUNT, title, person_id=person.id)


def forget_round_trips(work: Work) -> None:
    """Those that never came back."""
    work.session.execute(sa.delete(RoundTrip).where(RoundTrip.began_at < work.now - rules.TRIPS_KEPT))
