"""An agency lead adds a starter, notes who has left or is back, and says what work their own people do."""

from datetime import date

from lms.entrusting.models import ChangeRequest
from lms.entrusting.own_people.queries import known_with, leads_too, namesake, own_person
from lms.entrusting.own_people.rules import WorkSaid
from lms.entrusting.rules import EntrustedKind
from lms.entrusting.services import do_or_ask
from lms.frame.work import Work
from lms.kit.addresses import clean_address
from lms.kit.errors import Conflict, Invalid, NotAllowed
from lms.kit.words import long_date
from lms.people.models import Person
from lms.people.rules import PersonDetails
from lms.people.services import add_person, change_person

ELSEWHERE = (
    "We cannot add this address here. If they have moved to you from another agency, ask the training team to move "
    "their record, so that what they have learned comes along."
)
ASK_FOR_LEADS = "This is someone who leads an agency. Ask the training team, so that someone leads it after them."


def add_starter(work: Work, details: PersonDetails, *, is_another: bool = False) -> Person:
    """Somebody has started at an agency that the actor leads.

    Raises Invalid for an address that is known, and for a name that the agency has already, unless it is another
    person's. Of somebody who is not theirs, nothing is told but that the address cannot be added here.
    """
    if details.agency_id is None or details.agency_id not in work.actor.leads_agency_ids:
        raise Invalid("Choose one of your agencies.", field="agency")
    address = clean_address(details.email)
    known = known_with(work.session, work.actor, address) if address else None
    if known and known.own is not None:
        raise Invalid(_known_already(known.own), field="email")
    if known and known.is_elsewhere:
        raise Invalid(ELSEWHERE, field="email")
    same = namesake(work.session, details.agency_id, details.name)
    if same is not None and not is_another:
        raise Invalid(
            f"{same.name} ({same.ref}) is with you already. If this is another person, say so below.", field="name"
        )
    return add_person(work, details, shares_address=True)  # nobody has it: this looked


def _known_already(person: Person) -> str:
    if person.left_on is not None:
        return f"This is {person.name} ({person.ref}), who left on {long_date(person.left_on)}. Say that they are back."
    return f"{person.name} ({person.ref}) is with you already, with this address."


def say_work(work: Work, person_id: int, said: WorkSaid) -> Person:
    """What one of the lead's own people does: the kind of work says which courses they need."""
    person = own_person(work.session, work.actor, person_id)
    if not person.is_here:
        raise Conflict(f"{person.name} has left.")
    details = PersonDetails(
        name=person.name,
        email=person.email,
        phone=person.phone,
        agency_id=person.agency_id,
        job_title=said.job_title,
        role_group_id=said.role_group_id,
        manager_name=said.manager_name,
        manager_email=said.manager_email,
    )
    return change_person(work, person, details, shares_address=True)


def note_left(work: Work, person_id: int, on: date) -> ChangeRequest | None:
    """One of the lead's own people has left: what they have open gets its usual end, and the office is told of it.

    Of somebody who is entrusted with much, a business manager decides: their request is answered.
    """
    person = own_person(work.session, work.actor, person_id)
    if person.id == work.actor.person_id:
        raise NotAllowed("This is your own record. Tell the training team when you leave, and who leads after you.")
    if leads_too(person):
        raise NotAllowed(ASK_FOR_LEADS)
    if person.left_on is not None:
        raise Conflict(f"{person.name} left on {long_date(person.left_on)}: it is noted already.")
    return do_or_ask(work, EntrustedKind.LEAVING, person, {"on": on.isoformat(), "settled": {}, "said": []})


def note_back(work: Work, person_id: int) -> ChangeRequest | None:
    """It was a mistake, or they have come back to the agency."""
    person = own_person(work.session, work.actor, person_id)
    if person.left_on is None:
        raise Conflict(f"{person.name} is here already.")
    return do_or_ask(work, EntrustedKind.COMING_BACK, person)
