"""Letters about people: what the office changed of somebody's addresses, roles or ways to sign in."""

from lms.kit.letters import Letter
from lms.people.models import Person


def access_changed(person: Person, what: str, *, occurrence: str, also_to: str = "") -> list[Letter]:
    """To the person's address as it is when the letter goes, and to another one: the one of before, or a further one.

    `what` is a sentence that names no address: whoever reads the one need not know the other.
    """
    kind, context = "people.access_changed", {"what": what}
    found = []
    if person.email:
        found.append(Letter(kind, f"{kind}:{person.id}:{occurrence}", context, person_id=person.id))
    if also_to and also_to != person.email:
        key = f"{kind}:{person.id}:{occurrence}:also"
        found.append(Letter(kind, key, context, to_name=person.name, to_address=also_to))
    return found
