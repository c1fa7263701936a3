"""Another line manager for the people of one who has left."""

from lms.frame.plugins import LeavingChoice, LeftOpen
from lms.frame.work import Work
from lms.kit.errors import Invalid
from lms.people.models import Person
from lms.people.rules import is_own_mailbox


def settle_managed(work: Work, thing: LeftOpen, choice: LeavingChoice, receiver_id: int | None) -> None:
    """Their name goes off the records of their people, or another's stands there."""
    if choice is LeavingChoice.KEEP:
        return
    name, address = manager_as_named(work, receiver_id)
    for _, person_id in thing.locks:
        person = work.session.get_one(Person, person_id)
        is_own = is_own_mailbox(address, person.own_addresses)  # nobody is their own line manager
        was = {"manager_name": person.manager_name, "manager_email": person.manager_email}
        person.manager_name, person.manager_email = ("", "") if is_own else (name, address)
        work.record("person changed", person, before=was)


def manager_as_named(work: Work, receiver_id: int | None) -> tuple[str, str]:
    """Name and address of a new line manager; none where nobody was named. Raises Invalid for who has no address."""
    if receiver_id is None:
        return "", ""
    receiver = work.session.get_one(Person, receiver_id)
    if not receiver.email:
        raise Invalid(f"{receiver.name} has no email address. Add one, or name someone else.")
    return receiver.name, receiver.email
