"""Registering: an address is confirmed by a code, then it says where one works, or a coordinator does."""

from collections.abc import Iterator
from dataclasses import dataclass

import sqlalchemy as sa

from lms.agencies.models import Agency
from lms.frame.plugins import WaitingLine
from lms.frame.work import Work
from lms.kit.addresses import clean_address, mailbox_of
from lms.kit.errors import Conflict, Invalid, NotFound
from lms.kit.folding import folded
from lms.kit.names import read_name
from lms.kit.working_days import london_date
from lms.limits.services import count, forget, hit
from lms.partnership.queries import the_partnership
from lms.people.accounts.models import Account
from lms.people.models import Person
from lms.people.rules import PersonDetails
from lms.people.services import add_person
from lms.signin import letters
from lms.signin.facts import RegistrationAccepted, RegistrationRefused, RegistrationTaken
from lms.signin.models import Registration, SignInCode
from lms.signin.queries import people_meant
from lms.signin.registrations import rules
from lms.signin.registrations.queries import (
    agency_of_address,
    open_agencies,
    people_with_address,
    waiting_registrations,
    waiting_with_address,
)
from lms.signin.registrations.rules import Newcomer
from lms.signin.rules import CodeAsked
from lms.signin.services import CODE, check_code, code_for, new_code, open_account, tell_mailbox

CAP = "signin.registrations_a_day"
EVERYBODY = "everybody"


def register(work: Work, newcomer: Newcomer) -> SignInCode:
    """Mail a code to confirm the address; or, where we know it, a letter that says how to sign in.

    Neither letter says a word of what was typed: nobody has confirmed the address yet. The answer is the same. Raises
    Invalid for what is no address, and when a cap is used up: of the network, of the mailbox, of the day.
    """
    registration = _registration(work, newcomer)
    row, code = _code_to_register(work, registration)
    if any(person.is_here for person in people_with_address(work.session, registration.email)):
        work.send(letters.registration_known(row, address=registration.email))
    else:
        work.send(letters.registration_code(row, registration, code=code))
    return row


def ask_to_prove(work: Work, newcomer: Newcomer) -> tuple[SignInCode, str]:
    """A code by which somebody whom we know signs in, and somebody new is registered; the same page for either.

    Whoever calls sends the letter. The code is "" where none has to go: one under way does, or several people share
    the mailbox and are told so. Raises Invalid as `register` does, for known and unknown addresses alike.
    """
    registration = _registration(work, newcomer)
    address = registration.email
    people = people_meant(work.session, address)
    if not people:
        return _code_to_register(work, registration)
    row, code = code_for(work, people[0] if len(people) == 1 else None, address, address)
    if len(people) > 1:
        tell_mailbox(work, row, people, address)
        return row, ""
    return row, code


def register_proved(work: Work, newcomer: Newcomer) -> Registration | None:
    """Register somebody whose address is proved already, by their provider: no letter goes to it for that.

    None where somebody else has the address by now. Raises Invalid as `register` does, but for what is capped there.
    """
    registration = _read(work, newcomer)
    work.session.add(registration)
    work.session.flush()
    return confirm_address(work, registration)


def _registration(work: Work, newcomer: Newcomer) -> Registration:
    """What was said, read and allowed; not in the session yet."""
    made = _read(work, newcomer)
    _check_caps(work, made.email)
    return made


def _read(work: Work, newcomer: Newcomer) -> Registration:
    return Registration(
        name=read_name(newcomer.name),
        email=clean_address(newcomer.email),
        job_title=read_name(newcomer.job_title, field="job_title"),
        agency_words=read_name(newcomer.agency_words, field="agency_words"),
        role_group_id=newcomer.role_group_id,
        wants=newcomer.wants,
        wanted_path=newcomer.wanted_path,
        asked_at=work.now,
    )


def _code_to_register(work: Work, registration: Registration) -> tuple[SignInCode, str]:
    work.session.add(registration)
    work.session.flush()
    address = registration.email
    counted_as = f"register:{work.site.settings.keys.mark(CODE, address)}"
    return new_code(work, CodeAsked(counted_as, sent_to=address, registration_id=registration.id))


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
    return confirm_address(work, row.registration) if row is not None and row.registration is not None else None


def confirm_address(work: Work, registration: Registration) -> Registration | None:
    """Its code was typed. None where somebody else has the address by now."""
    known = people_with_address(work.session, registration.email)
    if any(person.is_here for person in known):
        return None
    registration.confirmed_at = work.now
    agency = agency_of_address(work.session, registration.email, on=london_date(work.now))
    if agency is not None and not known and _says_the_same(registration, agency):
        _accept(work, registration, agency)
    else:
        _wait(work, registration)
    return registration


def _says_the_same(registration: Registration, agency: Agency) -> bool:
    """Whoever says that they work elsewhere than their address does is looked at."""
    return not registration.wants or folded(registration.agency_words) in ("", folded(agency.name))


def account_registered(work: Work, registration: Registration) -> Account | None:
    """The account of a registration that was accepted at once, to sign in."""
    person = work.session.get(Person, registration.person_id) if registration.person_id else None
    return open_account(work, person, by="registration") if person else None


def accept_registration(work: Work, registration_id: int, *, agency_id: int) -> Person:
    """A coordinator agrees, and says where they work."""
    work.tell(RegistrationTaken(registration_id, waiting(work, registration_id).email))
    registration = waiting(work, registration_id, to_decide=True)
    agency = work.session.get(Agency, agency_id)
    if agency is None or agency_id not in dict(open_agencies(work.session, on=london_date(work.now))):
        raise Invalid("Choose the agency.", field="agency_id")
    known = [person for person in people_with_address(work.session, registration.email) if person.is_here]
    if known:
        raise Invalid(f"{known[0].name} ({known[0].ref}) has this address. Refuse this, or change that record first.")
    person = _accept(work, registration, agency)
    work.send(letters.registration_accepted(registration, person))
    work.tell(RegistrationAccepted(registration.id, registration.email, person.id))
    return person


def refuse_registration(work: Work, registration_id: int) -> Registration:
    """A coordinator does not know them."""
    registration = waiting(work, registration_id, to_decide=True)
    _decide(work, registration, is_accepted=False)
    work.send(letters.registration_refused(registration))
    work.record("registration refused", registration)
    work.tell(RegistrationRefused(registration.id, registration.email))
    return registration


def waiting(work: Work, registration_id: int, *, to_decide: bool = False) -> Registration:
    """A registration to decide, locked when that happens now. Raises NotFound, or Conflict when it is decided."""
    registration = work.session.get(Registration, registration_id, populate_existing=True)
    if registration is None or registration.confirmed_at is None:
        raise NotFound("We cannot find that registration.")
    if registration.decided_at is not None or (to_decide and not _take(work, registration_id)):
        raise Conflict("Someone has already decided this registration.")
    return registration


def _take(work: Work, registration_id: int) -> bool:
    """Decide it from here on. False when somebody else did so at the same moment."""
    undecided = sa.update(Registration).where(Registration.id == registration_id, Registration.decided_at.is_(None))
    return work.session.execute(undecided.values(decided_at=work.now).returning(Registration.id)).first() is not None


def _accept(work: Work, registration: Registration, agency: Agency) -> Person:
    details = PersonDetails(
        registration.name,
        registration.email,
        job_title=registration.job_title,
        agency_id=agency.id,
        role_group_id=registration.role_group_id,
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
