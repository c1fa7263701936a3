"""Registering: an address is confirmed by a code, then it says where one works, or a coordinator does."""

from collections.abc import Iterator
from dataclasses import dataclass

import sqlalchemy as sa

from lms.agencies.models import Agency
from lms.frame.plugins import WaitingLine
from lms.frame.work import Work
from lms.kit.addresses import clean_address, mailbox_of
from lms.kit.errors import Conflict, Invalid, NotFound
from lms.kit.names import read_name
from lms.kit.working_days import london_date
from lms.limits.services import count, forget, hit
from lms.partnership.queries import the_partnership
from lms.people.accounts.models import Account
from lms.people.models import Person
from lms.people.rules import PersonDetails
from lms.people.services import add_person
from lms.signin import letters
from lms.signin.models import Registration, SignInCode
from lms.signin.registrations import rules
from lms.signin.registrations.queries import (
    agency_of_address,
    open_agencies,
    people_with_address,
    waiting_registrations,
    waiting_with_address,
)
from lms.signin.rules import CodeAsked
from lms.signin.services import CODE, check_code, new_code, open_account

CAP = "signin.registrations_a_day"
EVERYBODY = "everybody"


def register(work: Work, *, name: str, email: str, job_title: str, agency_words: str) -> SignInCode:
    """Mail a code to confirm the address; or, where we know it, a letter that says how to sign in.

    Neither letter says a word of what was typed: nobody has confirmed the address yet. The answer is the same. Raises
    Invalid for what is no address, and when a cap is used up: of the network, of the mailbox, of the day.
    """
    address = clean_address(email)
    registration = Registration(
        name=read_name(name),
        email=address,
        job_title=read_name(job_title, field="job_title"),
        agency_words=read_name(agency_words, field="agency_words"),
        asked_at=work.now,
    )
    _check_caps(work, address)
    work.session.add(registration)
    work.session.flush()
    counted_as = f"register:{work.site.settings.keys.mark(CODE, address)}"
    row, code = new_code(work, CodeAsked(counted_as, sent_to=address, registration_id=registration.id))
    if any(person.is_here for person in people_with_address(work.session, address)):
        work.send(letters.registration_known(row, address=address))
    else:
        work.send(letters.registration_code(row, registration, code=code))
    return row


def _check_caps(work: Work, address: str) -> None:
    """Network and mailbox first, so that no one of them uses up what there is for everybody.

    What there is for a day counts addresses outside the agencies' domains alone, whether we know them or not: the
    answer must not tell. Codes to sign in are no part of it.
    """
    is_inside = agency_of_address(work.session, address, on=london_date(work.now)) is not None
    of_network = rules.INSIDE_A_NETWORK if is_inside else rules.OUTSIDE_A_NETWORK
    for cap, who in ((of_network, work.network), (rules.A_MAILBOX, mailbox_of(address))):
        if not hit(work, cap.what, who, most=cap.most, per=cap.per):
            raise Invalid(cap.words, field="email")
    if not is_inside and not hit(work, rules.OUTSIDE_IN_ALL, EVERYBODY, most=work.setting(CAP), per=rules.DAY):
        raise Invalid(rules.OUTSIDE_USED_UP, field="email")


@dataclass(frozen=True)
class Today:
    """How much of the day's letters to addresses outside the agencies' domains is used up."""

    used: int
    most: int

    @property
    def is_used_up(self) -> bool:
        """Whether nobody new from outside can register any more."""
        return self.used >= self.most


def today(work: Work) -> Today:
    """What the office sees of it."""
    most = work.setting(CAP)
    return Today(min(count(work, rules.OUTSIDE_IN_ALL, EVERYBODY), most), most)


def find_registrations(work: Work) -> Iterator[WaitingLine]:
    """What waits for the office: people to decide about, and a cap that keeps others out."""
    waits = len(waiting_registrations(work.session))
    yield WaitingLine(waits, "registration to decide", "registrations to decide", "/registrations")
    shut = int(today(work).is_used_up)
    why = "today’s emails to addresses outside your agencies are used up"
    yield WaitingLine(shut, "cap on registrations", "caps on registrations", "/registrations", why, is_urgent=True)


def lift_cap(work: Work) -> None:
    """As many again from now on, because somebody has looked."""
    forget(work, rules.OUTSIDE_IN_ALL, EVERYBODY)
    work.record("cap on registrations lifted", the_partnership(work.session))


def confirm_registration(work: Work, token: str, typed: str) -> Registration | None:
    """The address is theirs. None for a wrong code, which is counted.

    Where it is in an agency's domains they are in at once: see `account_registered`. Otherwise a coordinator decides.
    """
    row = check_code(work, token, typed)
    registration = row.registration if row else None
    if registration is None:
        return None
    known = people_with_address(work.session, registration.email)
    if any(person.is_here for person in known):
        return None
    registration.confirmed_at = work.now
    agency = agency_of_address(work.session, registration.email, on=london_date(work.now))
    if agency is not None and not known:
        _accept(work, registration, agency)
    else:
        _wait(work, registration)
    return registration


def account_registered(work: Work, registration: Registration) -> Account | None:
    """The account of a registration that was accepted at once, to sign in."""
    person = work.session.get(Person, registration.person_id) if registration.person_id else None
    return open_account(work, person, by="registration") if person else None


def accept_registration(work: Work, registration_id: int, *, agency_id: int) -> Person:
    """A coordinator agrees, and says where they work."""
    registration = waiting(work, registration_id, to_decide=True)
    agency = work.session.get(Agency, agency_id)
    if agency is None or agency_id not in dict(open_agencies(work.session, on=london_date(work.now))):
        raise Invalid("Choose the agency.", field="agency_id")
    known = [person for person in people_with_address(work.session, registration.email) if person.is_here]
    if known:
        raise Invalid(f"{known[0].name} ({known[0].ref}) has this address. Refuse this, or change that record first.")
    person = _accept(work, registration, agency)
    work.send(letters.registration_accepted(registration, person))
    return person


def refuse_registration(work: Work, registration_id: int) -> Registration:
    """A coordinator does not know them."""
    registration = waiting(work, registration_id, to_decide=True)
    _decide(work, registration, is_accepted=False)
    work.send(letters.registration_refused(registration))
    work.record("registration refused", registration)
    return registration


def waiting(work: Work, registration_id: int, *, to_decide: bool = False) -> Registration:
    """A registration to decide, locked when that happens now. Raises NotFound, or Conflict when it is decided."""
    asked = sa.select(Registration).where(Registration.id == registration_id)
    registration = work.session.scalar(asked.with_for_update(key_share=True) if to_decide else asked)
    if registration is None or registration.confirmed_at is None:
        raise NotFound("There is no such registration.")
    if registration.decided_at is not None:
        raise Conflict("Somebody has decided this registration already.")
    return registration


def _accept(work: Work, registration: Registration, agency: Agency) -> Person:
    details = PersonDetails(
        registration.name, registration.email, job_title=registration.job_title, agency_id=agency.id
    )
    person = add_person(work, details, shares_address=True)  # whoever has it has left; the caller looked
    _decide(work, registration, is_accepted=True)
    registration.person_id = person.id
    work.record("registration accepted", registration, person_id=person.id, agency=agency.code)
    return person


def _decide(work: Work, registration: Registration, *, is_accepted: bool) -> None:
    registration.decided_at = work.now
    registration.decided_by_id = work.actor.person_id
    registration.is_accepted = is_accepted


def _wait(work: Work, registration: Registration) -> None:
    """Whoever asks again changes what waits, and does not wait twice."""
    earlier = waiting_with_address(work.session, registration.email, besides=registration.id)
    if earlier is not None:
        _decide(work, earlier, is_accepted=False)
    work.send(letters.registration_received(registration))
    work.record("registration waits", registration)
